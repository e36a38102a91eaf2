/**
 * A recurrent classifier as a folder, made once for equal texts, options and vectors, so that a trial can
 * name it as its model: recurrent.json (options, words) and recurrent.safetensors (fixed vectors). Weights
 * are drawn by each run with its own seed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, canonicalJson, sha256, withLock, writeBeside } from "../../lib/support/files";
import type { HostArray } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";
import { readSafetensors, writeSafetensors } from "../hf-files";
import { loadSegmenter } from "../mecab";
import { normalise, type TokenIds } from "../tokenizer";
import type { RecurrentModel } from "./network";
import { FIXED, type RecurrentOptions, resolveRecurrent } from "./options";
import type { WordVectors } from "./vectors";

const [CARD, VECTORS] = ["recurrent.json", "recurrent.safetensors"];
const [PADDING, UNKNOWN, FIRST] = [0, 1, 2];

/**
 * Raised where the same folder trains to other numbers, which leaves all other networks' runs as they are; of
 * theirs lib/versions.ts keeps count. Runs of before are then those of another model, and trained again.
 * 2: the gradients of weights are one product each over all time steps, which moves their last bits.
 */
const TRAINED = 2;

interface Card {
  readonly options: RecurrentOptions;
  /** By frequency; the first one's id is FIRST. */
  readonly vocabulary: readonly string[];
}

/** Whether a model's folder holds a recurrent classifier. */
export const isRecurrent = (folder: string): boolean => existsSync(join(folder, CARD));

/** What decides the network of a folder, as a hash. */
export function recurrentHash(folder: string): string {
  const parts = [CARD, VECTORS].map((name) => join(folder, name)).filter(existsSync);
  return sha256([...parts.map((path) => sha256(readFileSync(path))), `${TRAINED}`].join());
}

/** A text's words, as MeCab's IPADIC cuts them. */
async function cutter(): Promise<(text: string) => readonly string[]> {
  const segment = await loadSegmenter();
  return (text) => segment(normalise(text));
}

/** The words of texts, the most frequent first, equals in their order. */
export async function vocabularyOf(texts: readonly string[]): Promise<string[]> {
  const words = await cutter(),
    counts = new Map<string, number>();
  for (const text of texts) for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
}

/** One row a word, 0 where it has no vector. */
function rowsOf(vocabulary: readonly string[], { dimensions, of }: WordVectors): HostArray {
  const data = new Float32Array((FIRST + vocabulary.length) * dimensions);
  vocabulary.forEach((word, i) => data.set(of(word) ?? [], (FIRST + i) * dimensions));
  return { shape: [FIRST + vocabulary.length, dimensions], data };
}

/**
 * The folder of a classifier that reads the words of these texts, those of training alone.
 * @param vectors that stand beside each word's trained embedding
 * @throws if an option is not what it may be
 */
export async function recurrentFolder(
  texts: readonly string[],
  given: Partial<RecurrentOptions> = {},
  vectors?: WordVectors,
): Promise<{ readonly folder: string; readonly sha256: string }> {
  const options = resolveRecurrent(given);
  const vocabulary = (await vocabularyOf(texts)).slice(0, options.vocabulary),
    rows = vectors && rowsOf(vocabulary, vectors);
  const bytes = rows ? sha256(new Uint8Array(rows.data.buffer)) : "";
  const name = sha256(canonicalJson({ options, vocabulary, bytes })).slice(0, 16),
    folder = join(cacheFolder(), "recurrent", name);
  await withLock(`${folder}.lock`, async () => {
    if (isRecurrent(folder)) return;
    if (rows) writeSafetensors(join(folder, VECTORS), { [FIXED]: rows });
    writeBeside(join(folder, CARD), `${JSON.stringify({ options, vocabulary } satisfies Card)}\n`); // last: while it is missing, the folder is none
  });
  return { folder, sha256: recurrentHash(folder) };
}

export interface Recurrent {
  /** Ids of a text's words; a text without any is one unknown word. */
  encode(text: string): TokenIds;
  /** With initial weights. */
  network(classes: number, random: Random): RecurrentModel;
}

/** What a folder holds. */
export async function openRecurrent(folder: string): Promise<Recurrent> {
  const { recurrentModel } = await import("./network"); // with TensorFlow, which the kind of a folder does not need
  const { options, vocabulary } = JSON.parse(readFileSync(join(folder, CARD), "utf8")) as Card;
  const path = join(folder, VECTORS),
    vectors = existsSync(path) ? (readSafetensors(path)[FIXED] as HostArray) : undefined;
  const ids = new Map(vocabulary.map((word, i) => [word, FIRST + i])),
    words = await cutter();
  return {
    encode(text) {
      const found = words(text).map((word) => ids.get(word) ?? UNKNOWN),
        used = found.length > 0 ? found : [UNKNOWN];
      return { ids: used, segmentIds: used.map(() => PADDING) };
    },
    network: (classes, random) =>
      recurrentModel(options, { words: FIRST + vocabulary.length, classes, vectors }, random),
  };
}
