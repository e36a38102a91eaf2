/** Lines of many kinds to tokenise: the built-in ones, and public data where it is on this machine. */
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheFolder, projectRoot, sha256, writeBeside } from "../lib/support/files";
import { loadSegmenter } from "../packages/mecab";
import { normalise } from "../packages/tokenizer";
import { shared } from "../test/shared";
import { vocabularyPath } from "./reviews";

const SAMPLE = 20_000;

export interface LineSet {
  readonly name: string;
  readonly path: string;
  /** Column of a TSV file, its header line counted off if there is one; none: a line is a text. */
  readonly column?: number;
  readonly header?: boolean;
}

const builtIn = (name: string) => join(projectRoot, "data", name);
const SETS: readonly LineSet[] = [
  { name: "manga", path: builtIn("manga.tsv"), column: 6, header: true },
  { name: "reviews", path: builtIn("reviews.tsv"), column: 3, header: true },
  { name: "jrte", path: shared("data/jrte-corpus/pn.tsv").path, column: 2 },
  { name: "persuasive", path: shared("data/persuasive-emotion/lines.tsv").path, column: 4, header: true },
  { name: "open-mantra", path: shared("data/open-mantra/lines.tsv").path, column: 2, header: true },
  { name: "literary quotes", path: shared("data/aozora/aozora_quotes.txt.gz").path },
  { name: "literary prose", path: shared("data/aozora/aozora_sample.txt.gz").path },
  { name: "encyclopaedia", path: shared("data/kyoto-wikipedia/kyoto_ja.txt.gz").path },
];

/** The sets that are on this machine. */
export const lineSets = (): readonly LineSet[] => SETS.filter(({ path }) => existsSync(path));

/** The texts of a set that are not empty, at most so many, evenly spaced. */
export function readLines({ path, column, header }: LineSet, most = SAMPLE): string[] {
  const bytes = readFileSync(path);
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
  const textOf = (line: string) => (column === undefined ? line : (line.split("\t")[column] ?? ""));
  const full = lines
    .slice(header ? 1 : 0)
    .map(textOf)
    .filter((text) => text !== "");
  const every = Math.max(1, full.length / most);
  return Array.from({ length: Math.floor(full.length / every) }, (_, i) => full[Math.floor(i * every)]);
}

/**
 * Options for the row `tokenize`: a vocabulary, and a file with lines, as many for each of `parts`
 * measurements.
 */
export async function tokenizeOptions(parts: number) {
  const sets = lineSets();
  const literary = sets.find(({ name }) => name === "literary quotes");
  const [name, lines] = literary
    ? [literary.name, readLines(literary)]
    : ["built-in lines", sets.flatMap((set) => readLines(set))];
  const size = Math.floor(lines.length / parts);
  const json = JSON.stringify(Array.from({ length: parts }, (_, i) => lines.slice(i * size, (i + 1) * size)));
  const path = join(tmpdir(), `komalab-lines-${sha256(json).slice(0, 12)}.json`);
  writeBeside(path, json);
  return { vocabulary: vocabularyPath(), lines: path, note: `${parts} times ${size} ${name}` };
}

const DOC2VEC_WORDS = 4e6; // of all epochs

/**
 * Options for the rows of doc2vec: a file of lines cut into words, and epochs that make it some million
 * words.
 */
export async function doc2vecOptions() {
  const sets = lineSets();
  const literary = sets.find(({ name }) => name === "literary quotes");
  const [name, lines] = literary
    ? [literary.name, readLines(literary, 100_000)]
    : ["built-in lines", sets.flatMap((set) => readLines(set))];
  const segment = await loadSegmenter("ipadic");
  const cut = lines.map((line) => segment(normalise(line)));
  const text = `${cut.map((words) => words.join(" ")).join("\n")}\n`;
  const words = join(tmpdir(), `komalab-words-${sha256(text).slice(0, 12)}.txt`);
  writeBeside(words, text);
  const count = cut.reduce((sum, line) => sum + line.length, 0),
    epochs = Math.max(3, Math.round(DOC2VEC_WORDS / count));
  return { words, epochs, note: `${lines.length} ${name}, ${count} words, ${epochs} epochs` };
}

const unigram = join(cacheFolder(), "unigram-reference", "nfkc", "tokenizer.json");

/** Why there is no unigram model to measure; undefined if there is one. */
export const noUnigram: string | undefined = existsSync(unigram)
  ? undefined
  : `${unigram} is not there: packages/unigram/test/make_unigram.py trains it`;

/** As tokenizeOptions, and a folder with the unigram model that all sides open. */
export async function unigramOptions(parts: number) {
  const folder = join(tmpdir(), "komalab-unigram");
  const files = {
    "tokenizer.json": readFileSync(unigram, "utf8"),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "PreTrainedTokenizerFast",
      pad_token: "<pad>",
    }),
    "config.json": JSON.stringify({ model_type: "modernbert" }),
  };
  for (const [name, content] of Object.entries(files)) writeBeside(join(folder, name), content);
  return { ...(await tokenizeOptions(parts)), folder };
}
