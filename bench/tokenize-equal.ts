/**
 * Whether ids equal BertJapaneseTokenizer's, set by set, and both rates: `tsx bench/tokenize-equal.ts
 * [ipadic|unidic_lite]`. Sets beyond the built-in ones need the public data. On a busy machine processor time
 * says more than wall time.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type DictionaryName, loadSegmenter } from "../packages/mecab";
import { readVocabulary, tokenizerOf } from "../packages/tokenizer";
import { lineSets, readLines } from "./lines";
import { peerPython } from "./peers";
import { vocabularyPath } from "./reviews";

interface Answer {
  readonly wall: number; // s
  readonly processor: number; // s
  readonly ids: readonly (readonly number[])[];
}

function python(
  program: string,
  vocabulary: string,
  dictionary: string,
  texts: readonly string[][],
): Answer[] {
  const script = join(__dirname, "tokenize-ids.py");
  const options = { input: JSON.stringify(texts), encoding: "utf8", maxBuffer: 2 ** 30 } as const;
  const done = spawnSync(program, [script, vocabulary, dictionary], options);
  if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  return done.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}

async function main(): Promise<void> {
  const [dictionary = "ipadic"] = process.argv.slice(2) as [DictionaryName?];
  const vocabulary = vocabularyPath();
  const start = performance.now();
  const tokenizer = tokenizerOf(await loadSegmenter(dictionary), readVocabulary(vocabulary));
  console.log(`${dictionary} and ${vocabulary} in ${((performance.now() - start) / 1000).toFixed(2)} s`);
  const there = lineSets();
  const texts = there.map((set) => readLines(set));
  const ours = texts.map((lines): Answer => {
    const [wall, processor] = [performance.now(), process.cpuUsage()];
    const ids = lines.map((line) => tokenizer.encode(line).ids);
    const { user, system } = process.cpuUsage(processor);
    return { wall: (performance.now() - wall) / 1e3, processor: (user + system) / 1e6, ids };
  });
  const theirs = python(await peerPython(), vocabulary, dictionary, texts);
  const rate = (lines: readonly string[], seconds: number) => Math.round(lines.length / seconds);
  console.table(
    there.map(({ name }, i) => ({
      set: name,
      lines: texts[i].length,
      "lines/s": rate(texts[i], ours[i].wall),
      "per processor s": rate(texts[i], ours[i].processor),
      transformers: rate(texts[i], theirs[i].wall),
      "its per processor s": rate(texts[i], theirs[i].processor),
      ratio: (theirs[i].processor / ours[i].processor).toFixed(1),
      equal: ours[i].ids.filter((ids, line) => ids.join() === theirs[i].ids[line].join()).length,
    })),
  );
}

void main();
