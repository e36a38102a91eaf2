/**
 * doc2vec models as folders, trained once for equal texts and settings, so that a trial can name one as its
 * model: doc2vec.json (settings, words, counts) and doc2vec.safetensors (vectors of words; those of the
 * training texts are not kept).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Doc2vec,
  type Doc2vecOptions,
  resolveDoc2vec,
  type TrainDoc2vecOptions,
  trainDoc2vec,
} from "../../packages/doc2vec";
import { readSafetensors, writeSafetensors } from "../../packages/hf-files";
import { loadSegmenter } from "../../packages/mecab";
import { isRecurrent } from "../../packages/recurrent";
import { normalise } from "../../packages/tokenizer";
import { cacheFolder, canonicalJson, sha256, sha256OfFile, withLock, writeBeside } from "../support/files";
import { versions } from "../versions";

const [CARD, VECTORS] = ["doc2vec.json", "doc2vec.safetensors"];

interface Card {
  readonly options: Doc2vecOptions;
  readonly vocabulary: readonly string[];
  readonly counts: readonly number[];
}

/** Cuts texts into the words of MeCab's IPADIC. */
export async function wordsOf(texts: readonly string[]): Promise<string[][]> {
  const segment = await loadSegmenter();
  return texts.map((text) => segment(normalise(text)));
}

/** What decides the vectors that a stored model infers. */
export async function doc2vecHash(folder: string): Promise<string> {
  const hashes = await Promise.all([CARD, VECTORS].map((name) => sha256OfFile(join(folder, name))));
  return sha256(hashes.join());
}

/** Whether a model's folder holds doc2vec's vectors, and not a BERT. */
export const isDoc2vec = (folder: string): boolean => existsSync(join(folder, CARD));

/** Whether it holds a BERT or another encoder, with its config.json. */
export const isEncoder = (folder: string): boolean => !isDoc2vec(folder) && !isRecurrent(folder);

/**
 * The doc2vec model of these texts, trained if no equal one is kept. @throws as trainDoc2vec
 */
export async function doc2vecModel(
  texts: readonly string[],
  options: Partial<Doc2vecOptions> = {},
  training: TrainDoc2vecOptions = {},
): Promise<{ readonly folder: string; readonly sha256: string }> {
  const resolved = resolveDoc2vec(options);
  const made = { tokenizer: versions.tokenizer, training: versions.training };
  const folder = join(
    cacheFolder(),
    "doc2vec",
    sha256(canonicalJson({ made, resolved, texts: sha256(texts.join("\n")) })).slice(0, 16),
  );
  const [card, vectors] = [CARD, VECTORS].map((name) => join(folder, name));
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(card)) return;
    const {
      weights: { vocabulary, counts, words, hidden },
    } = await trainDoc2vec(await wordsOf(texts), resolved, training);
    const shape = [vocabulary.length, resolved.dimensions];
    writeSafetensors(vectors, { words: { shape, data: words }, hidden: { shape, data: hidden } });
    writeBeside(card, `${JSON.stringify({ options: resolved, vocabulary, counts } satisfies Card)}\n`); // last: while it is missing, the model is
  });
  return { folder, sha256: await doc2vecHash(folder) };
}

/** A stored model, which knows words and can infer. */
export function openDoc2vec(folder: string): Doc2vec {
  const { options, vocabulary, counts } = JSON.parse(readFileSync(join(folder, CARD), "utf8")) as Card;
  const { words, hidden } = readSafetensors(join(folder, VECTORS));
  return Doc2vec.of(
    {
      vocabulary,
      counts,
      words: words.data as Float32Array,
      hidden: hidden.data as Float32Array,
    },
    options,
  );
}
