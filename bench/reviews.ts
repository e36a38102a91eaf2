/**
 * The sentences of whole runs, as ids that both sides read from one file: jrte-corpus, good or bad, longest
 * texts cut at 128 tokens.
 */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJrte } from "../lib/data/corpora";
import { projectRoot, sha256, writeBeside } from "../lib/support/files";
import { Random } from "../lib/support/random";
import { loadSegmenter } from "../packages/mecab";
import { readVocabulary, tokenizerOf } from "../packages/tokenizer";
import { shared } from "../test/shared";

const MAX_TOKENS = 128;
const corpus = shared("data/jrte-corpus/pn.tsv");

/** Why there are no sentences; undefined if there are. */
export const noReviews: string | undefined = corpus.skip || undefined;

/** Tohoku's vocabulary of 32,000 pieces, else the built-in model's. */
export function vocabularyPath(): string {
  const { path, skip } = shared("data/vocab-tohoku-ipadic-32k/vocab.txt");
  return skip ? join(projectRoot, "data", "model", "vocab.txt") : path;
}

export interface Labelled {
  readonly ids: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export interface Reviews {
  readonly train: Labelled;
  readonly validation: Labelled;
}

/**
 * Writes ids and labels of at most `sentences` training sentences (parts train and dev), and of as large a
 * share of part test for validation, drawn by chance.
 * @returns the file's path: JSON of Reviews
 */
export async function writeReviews(sentences: number): Promise<string> {
  const tokenizer = tokenizerOf(await loadSegmenter("ipadic"), readVocabulary(vocabularyPath()));
  const two = new Random(1).shuffled(readJrte(corpus.path).filter(({ label }) => label !== 0));
  const [test, train] = [true, false].map((wanted) =>
    two.filter(({ usage }) => (usage === "test") === wanted),
  );
  const share = Math.min(1, sentences / train.length);
  const labelled = (part: typeof two): Labelled => {
    const some = part.slice(0, Math.round(share * part.length));
    const cut = (ids: readonly number[]) =>
      ids.length <= MAX_TOKENS ? ids : [...ids.slice(0, MAX_TOKENS - 1), ids[ids.length - 1]];
    return {
      ids: some.map(({ text }) => cut(tokenizer.encode(text).ids)),
      labels: some.map(({ label }) => Number(label > 0)),
    };
  };
  const json = JSON.stringify({ train: labelled(train), validation: labelled(test) } satisfies Reviews);
  const path = join(tmpdir(), `komalab-reviews-${sha256(json).slice(0, 12)}.json`);
  writeBeside(path, json);
  return path;
}
