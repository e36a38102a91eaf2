/**
 * A model as a folder: doc2vec.json (settings, words, counts) and doc2vec.safetensors (vectors of words;
 * those of the training texts are not kept).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { isObject, readObject, readSafetensors, writeSafetensors } from "../hf-files";
import { Doc2vec, type Doc2vecOptions, type Doc2vecWeights, resolveDoc2vec } from "./doc2vec";

const [CARD, VECTORS] = ["doc2vec.json", "doc2vec.safetensors"] as const;

/** The files that decide the vectors that a stored model infers. */
export const DOC2VEC_FILES: readonly string[] = [CARD, VECTORS];

/** Whether a model's folder holds doc2vec's vectors, and not a BERT. */
export const isDoc2vec = (folder: string): boolean => existsSync(join(folder, CARD));

export function writeDoc2vec(folder: string, weights: Doc2vecWeights, options: Doc2vecOptions): void {
  const { vocabulary, counts, words, hidden } = weights,
    shape = [vocabulary.length, options.dimensions];
  writeSafetensors(join(folder, VECTORS), { words: { shape, data: words }, hidden: { shape, data: hidden } });
  writeBeside(join(folder, CARD), `${JSON.stringify({ options, vocabulary, counts })}\n`); // last: while it is missing, the model is
}

/**
 * A stored model, which knows words and can infer.
 * @throws with the file and the field if one is damaged, or the two are not of one model
 */
export function openDoc2vec(folder: string): Doc2vec {
  const card = join(folder, CARD),
    vectors = join(folder, VECTORS);
  const damaged = (path: string, what: string) =>
    new Error(`${path}: ${what}; delete the folder, so that it is trained again`);
  const { options: given, vocabulary, counts } = readObject(card);
  if (!isObject(given)) throw damaged(card, "options are no settings");
  let options: Doc2vecOptions;
  try {
    options = resolveDoc2vec(given);
  } catch (error) {
    throw damaged(card, (error as Error).message);
  }
  if (
    !Array.isArray(vocabulary) ||
    vocabulary.length === 0 ||
    !vocabulary.every((word) => typeof word === "string")
  )
    throw damaged(card, "vocabulary is no list of words");
  if (new Set(vocabulary).size < vocabulary.length) throw damaged(card, "vocabulary names a word twice");
  if (
    !Array.isArray(counts) ||
    counts.length !== vocabulary.length ||
    !counts.every((n) => Number.isSafeInteger(n) && n > 0)
  )
    throw damaged(card, `counts are not the ${vocabulary.length} counts of the words in vocabulary`);
  const tensors = readSafetensors(vectors);
  const rows = (name: "words" | "hidden"): Float32Array => {
    const { shape = [], data } = Object.hasOwn(tensors, name) ? tensors[name] : { data: undefined };
    if (
      shape.length !== 2 ||
      shape[0] !== vocabulary.length ||
      shape[1] !== options.dimensions ||
      !(data instanceof Float32Array)
    )
      throw damaged(
        vectors,
        `it has no numbers ${name} of shape ${vocabulary.length} × ${options.dimensions}, as ${CARD} says`,
      );
    return data;
  };
  const weights = {
    vocabulary: vocabulary as string[],
    counts: counts as number[],
    words: rows("words"),
    hidden: rows("hidden"),
  };
  try {
    return Doc2vec.of(weights, options);
  } catch (error) {
    throw damaged(card, (error as Error).message);
  }
}
