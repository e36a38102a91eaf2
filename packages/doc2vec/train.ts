/**
 * Training of doc2vec. One thread gives equal bits for equal seeds, and several models can be trained side by
 * side; more threads write into one model without waiting for each other (Hogwild; Recht et al. 2011), which
 * is faster for long texts and different each time.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { OnProgress } from "../../lib/support/progress";
import { COUNT, check } from "../../lib/support/settings";
import { Doc2vec, type Doc2vecOptions, resolveDoc2vec, type Sharing } from "./doc2vec";
import { Draws, type NumberedWords, numberWords } from "./words";

const CHUNK = 10_000; // words that a thread takes at a time
const TURN = 20; // chunks between two turns for interrupts and progress

/** What the threads share. */
export interface Task {
  readonly words: NumberedWords;
  readonly options: Doc2vecOptions;
  /** Where each chunk's documents begin, and the number of documents. */
  readonly chunks: Int32Array;
  /** One number: chunks that are taken, of all epochs. */
  readonly taken: Int32Array;
}

export interface TrainDoc2vecOptions {
  /** 1 by default. With more, numbers differ from run to run. */
  readonly threads?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Takes chunks until none is left; gives back after every few. */
export function* work(
  model: Doc2vec,
  { words: { ids, starts }, options, chunks, taken }: Task,
  thread: number,
): Generator<number> {
  const { epochs, rate, lastRate, seed } = options;
  const draws = new Draws((seed ^ 0x5eed) + thread); // not those of the initial vectors once more
  const perEpoch = chunks.length - 1,
    all = epochs * ids.length;
  for (let chunk = Atomics.add(taken, 0, 1); chunk < epochs * perEpoch; chunk = Atomics.add(taken, 0, 1)) {
    const epoch = Math.floor(chunk / perEpoch),
      at = chunk % perEpoch;
    for (let document = chunks[at]; document < chunks[at + 1]; document++) {
      const done = (epoch * ids.length + starts[document]) / all;
      model.learn(ids.subarray(starts[document], starts[document + 1]), {
        document,
        rate: rate - (rate - lastRate) * done,
        draws,
      });
    }
    if (chunk % TURN === 0) yield chunk;
  }
}

/** Documents in chunks of about CHUNK words. */
function chunksOf({ starts }: NumberedWords): Int32Array {
  const documents = starts.length - 1,
    chunks = [0];
  for (let document = 1; document < documents; document++) {
    if (starts[document] - starts[chunks[chunks.length - 1]] >= CHUNK) chunks.push(document);
  }
  return Int32Array.from([...chunks, documents]);
}

/** The same numbers where all threads see them. */
function shared(numbers: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}

/**
 * Trains a model on documents that are cut into words.
 * @throws if an option is not what it may be, no word is frequent enough, or the vectors need more than 4 GB;
 *   AbortError if `signal` fires
 */
export async function trainDoc2vec(
  documents: readonly (readonly string[])[],
  options: Partial<Doc2vecOptions> = {},
  { threads = 1, onProgress, signal }: TrainDoc2vecOptions = {},
): Promise<Doc2vec> {
  const resolved = resolveDoc2vec(options);
  check("threads", threads, COUNT);
  const numbered = numberWords(documents, resolved.minCount);
  const words =
    threads === 1 ? numbered : { ...numbered, ids: shared(numbered.ids), starts: shared(numbered.starts) };
  const task: Task = { words, options: resolved, chunks: chunksOf(words), taken: shared(Int32Array.of(0)) };
  const model = new Doc2vec(words, documents.length, resolved, { threads, thread: 0 });
  const helpers = Array.from({ length: threads - 1 }, (_, i) =>
    helper({ task, sharing: { threads, thread: i + 1, memory: model.memory } }),
  );
  const total = resolved.epochs * (task.chunks.length - 1);
  try {
    for (const done of work(model, task, 0)) {
      onProgress?.({ task: "doc2vec", done, total });
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
      signal?.throwIfAborted();
    }
  } finally {
    Atomics.store(task.taken, 0, total); // nothing is left, whatever ended the work here
    await Promise.all(helpers);
  }
  return model;
}

/** What a helping thread is given. */
export interface HelperData {
  readonly task: Task;
  readonly sharing: Sharing;
}

/** A thread that helps until nothing is left. */
function helper(workerData: HelperData): Promise<void> {
  return new Promise((resolve, reject) => {
    // Node.js 20 gives threads no --import of tsx, so the thread loads it by itself
    const load = [require.resolve("tsx/cjs"), join(__dirname, "thread.ts")].map(
      (path) => `require(${JSON.stringify(path)});`,
    );
    const worker = new Worker(load.join(" "), { eval: true, workerData });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
