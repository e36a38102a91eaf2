/**
 * Lines per second from text to ids, each line seen for the first time, one thread:
 * `tsx bench/tokenize.ts [ipadic|unidic_lite] [python]`. With a Python that has transformers, fugashi, ipadic and unidic-lite
 * also BertJapaneseTokenizer's rate, and on how many lines the ids are equal. Sets beyond the built-in ones need the public
 * data. On a busy machine processor time says more than wall time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { projectRoot } from "../lib/files";
import { loadSegmenter, type DictionaryName } from "../lib/text/morphemes";
import { tokenizerOf } from "../lib/text/tokenizer";
import { readVocabulary } from "../lib/text/wordpiece";
import { shared } from "../test/shared";

const SAMPLE = 20_000;

interface LineSet {
  readonly name: string;
  readonly path: string;
  /** Column of a TSV file, its header line counted off if there is one; none: a line is a text. */
  readonly column?: number;
  readonly header?: boolean;
}

const builtIn = (name: string) => join(projectRoot, "data", name);
const sets: readonly LineSet[] = [
  { name: "manga", path: builtIn("manga.tsv"), column: 6, header: true },
  { name: "reviews", path: builtIn("reviews.tsv"), column: 3, header: true },
  { name: "jrte", path: shared("data/jrte-corpus/pn.tsv").path, column: 2 },
  { name: "persuasive", path: shared("data/persuasive-emotion/lines.tsv").path, column: 4, header: true },
  { name: "open-mantra", path: shared("data/open-mantra/lines.tsv").path, column: 2, header: true },
  { name: "literary quotes", path: shared("data/aozora/aozora_quotes.txt.gz").path },
  { name: "literary prose", path: shared("data/aozora/aozora_sample.txt.gz").path },
  { name: "encyclopaedia", path: shared("data/kyoto-wikipedia/kyoto_ja.txt.gz").path },
];

/** The texts of a set that are not empty, at most SAMPLE of them, evenly spaced. */
function read({ path, column, header }: LineSet): string[] {
  const bytes = readFileSync(path);
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
  const textOf = (line: string) => (column === undefined ? line : line.split("\t")[column] ?? "");
  const full = lines.slice(header ? 1 : 0).map(textOf).filter((text) => text !== "");
  const every = Math.max(1, full.length / SAMPLE);
  return Array.from({ length: Math.floor(full.length / every) }, (_, i) => full[Math.floor(i * every)]);
}

interface Answer {
  readonly wall: number; // s
  readonly processor: number; // s
  readonly ids: readonly (readonly number[])[];
}

function python(program: string, vocabulary: string, dictionary: string, texts: readonly string[][]): Answer[] {
  const script = join(__dirname, "tokenize-transformers.py");
  const options = { input: JSON.stringify(texts), encoding: "utf8", maxBuffer: 2 ** 30 } as const;
  const done = spawnSync(program, [script, vocabulary, dictionary], options);
  if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  return done.stdout.trim().split("\n").map((line) => JSON.parse(line) as Answer);
}

async function main(): Promise<void> {
  const [dictionary = "ipadic", program] = process.argv.slice(2) as [DictionaryName?, string?];
  const tohoku = shared("data/vocab-tohoku-ipadic-32k/vocab.txt");
  const vocabulary = tohoku.skip ? join(projectRoot, "data", "model", "vocab.txt") : tohoku.path;
  const start = performance.now();
  const tokenizer = tokenizerOf(await loadSegmenter(dictionary), readVocabulary(vocabulary));
  console.log(`${dictionary} and ${vocabulary} in ${((performance.now() - start) / 1000).toFixed(2)} s`);
  const there = sets.filter(({ path }) => existsSync(path));
  const texts = there.map(read);
  const ours = texts.map((lines): Answer => {
    const [wall, processor] = [performance.now(), process.cpuUsage()];
    const ids = lines.map((line) => tokenizer.encode(line).ids);
    const { user, system } = process.cpuUsage(processor);
    return { wall: (performance.now() - wall) / 1e3, processor: (user + system) / 1e6, ids };
  });
  const theirs = program === undefined ? [] : python(program, vocabulary, dictionary, texts);
  const rate = (lines: readonly string[], seconds: number) => Math.round(lines.length / seconds);
  console.table(
    there.map(({ name }, i) => ({
      set: name,
      lines: texts[i].length,
      "lines/s": rate(texts[i], ours[i].wall),
      "per processor s": rate(texts[i], ours[i].processor),
      ...(theirs[i] && {
        transformers: rate(texts[i], theirs[i].wall),
        "its per processor s": rate(texts[i], theirs[i].processor),
        ratio: (theirs[i].processor / ours[i].processor).toFixed(1),
        equal: ours[i].ids.filter((ids, line) => ids.join() === theirs[i].ids[line].join()).length,
      }),
    })),
  );
}

void main();
