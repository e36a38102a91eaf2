/** Word vectors learnt from texts without labels, for networks that read words. */
import type { Doc2vecOptions } from "../../packages/doc2vec";
import type { WordVectors } from "../../packages/recurrent";
import { doc2vecModel, openDoc2vec } from "../experiment/doc2vec";
import { showProgress } from "../show/progress";

/**
 * The word vectors of a doc2vec that has read these texts, cut into words by MeCab; learnt once for equal
 * texts and settings, and shown while it lasts.
 * @throws as trainDoc2vec
 */
export async function learnWordVectors(
  texts: readonly string[],
  options: Partial<Doc2vecOptions> & Pick<Doc2vecOptions, "dimensions">,
): Promise<WordVectors> {
  const { folder } = await doc2vecModel(texts, options, { onProgress: showProgress() });
  const trained = openDoc2vec(folder);
  return { dimensions: options.dimensions, of: (word) => trained.word(word) };
}
