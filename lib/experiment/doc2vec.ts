/**
 * doc2vec models as folders, trained once for equal texts and settings, so that a trial can name one as its
 * model.
 */
import { join } from "node:path";
import {
  DOC2VEC_FILES,
  type Doc2vecOptions,
  isDoc2vec,
  resolveDoc2vec,
  type TrainDoc2vecOptions,
  trainDoc2vec,
  writeDoc2vec,
} from "../../packages/doc2vec";
import { loadSegmenter } from "../../packages/mecab";
import { normalise } from "../../packages/tokenizer";
import { cacheFolder, canonicalJson, sha256, sha256OfFile, withLock } from "../support/files";
import { versions } from "../versions";

export { isDoc2vec, openDoc2vec } from "../../packages/doc2vec";

/** Cuts texts into the words of MeCab's IPADIC. */
export async function wordsOf(texts: readonly string[]): Promise<string[][]> {
  const segment = await loadSegmenter();
  return texts.map((text) => segment(normalise(text)));
}

/** What decides the vectors that a stored model infers. */
export async function doc2vecHash(folder: string): Promise<string> {
  const hashes = await Promise.all(DOC2VEC_FILES.map((name) => sha256OfFile(join(folder, name))));
  return sha256(hashes.join());
}

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
  await withLock(`${folder}.lock`, async () => {
    if (isDoc2vec(folder)) return;
    const { weights } = await trainDoc2vec(await wordsOf(texts), resolved, training);
    writeDoc2vec(folder, weights, resolved);
  });
  return { folder, sha256: await doc2vecHash(folder) };
}
