/** Training of doc2vec: passes over the documents. Equal seeds give equal bits. */
import type { OnProgress } from "../../lib/support/progress";
import { Doc2vec, type Doc2vecOptions, resolveDoc2vec } from "./doc2vec";
import { Draws, numberWords } from "./words";

const TURN = 200_000; // words between two turns for interrupts and progress

export interface TrainDoc2vecOptions {
  /** Told of words, those of all epochs. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Trains a model on documents that are cut into words.
 * @throws if an option is not what it may be, no word is frequent enough, or the vectors need more than 4 GB;
 *   AbortError if `signal` fires
 */
export async function trainDoc2vec(
  documents: readonly (readonly string[])[],
  options: Partial<Doc2vecOptions> = {},
  { onProgress, signal }: TrainDoc2vecOptions = {},
): Promise<Doc2vec> {
  const resolved = resolveDoc2vec(options);
  const { epochs, rate, lastRate, minCount, seed } = resolved;
  const words = numberWords(documents, minCount),
    { ids, starts } = words;
  const model = new Doc2vec(words, documents.length, resolved);
  const draws = new Draws(seed ^ 0x5eed); // not those of the initial vectors once more
  const total = epochs * ids.length;
  let next = 0;
  for (let epoch = 0; epoch < epochs; epoch++)
    for (let document = 0; document < documents.length; document++) {
      const done = epoch * ids.length + starts[document];
      if (done >= next) {
        onProgress?.({ task: "doc2vec", done, total });
        await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
        signal?.throwIfAborted();
        next = done + TURN;
      }
      model.learn(ids.subarray(starts[document], starts[document + 1]), {
        document,
        rate: rate - (rate - lastRate) * (done / total),
        draws,
      });
    }
  onProgress?.({ task: "doc2vec", done: total, total });
  return model;
}
