/**
 * doc2vec models as folders, trained once for equal texts and settings, so that a trial can name one as its model:
 * doc2vec.json (settings, words, counts) and doc2vec.safetensors (vectors of words; those of the training texts are not kept).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Split } from "../data/split";
import { cacheFolder, canonicalJson, sha256, sha256OfFile, withLock, writeBeside } from "../files";
import { Doc2vec, DOC2VEC_DEFAULTS, type Doc2vecOptions } from "../models/doc2vec";
import { trainDoc2vec, type TrainDoc2vecOptions } from "../models/doc2vec-train";
import { readSafetensors, writeSafetensors } from "../models/safetensors";
import type { OnProgress } from "../progress";
import { cellSignal } from "../stop";
import { loadSegmenter } from "../text/morphemes";
import { normalise } from "../text/normalise";
import type { Trial } from "./classification";
import type { TrialPlan } from "./trials";

/** Raised when equal texts and settings would give other vectors. */
const VERSION = 1;

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

/** Whether a model's folder holds doc2vec's vectors, and not a BERT. */
export const isDoc2vec = (folder: string): boolean => existsSync(join(folder, CARD));

/** The doc2vec model of these texts, trained in one thread if no equal one is kept. @throws as trainDoc2vec */
export async function doc2vecModel(texts: readonly string[], options: Partial<Doc2vecOptions> = {}, training: Omit<TrainDoc2vecOptions, "threads"> = {}): Promise<{ readonly folder: string; readonly sha256: string }> {
  const resolved: Doc2vecOptions = { ...DOC2VEC_DEFAULTS, ...options };
  const folder = join(cacheFolder(), "doc2vec", sha256(canonicalJson({ VERSION, resolved, texts: sha256(texts.join("\n")) })).slice(0, 16));
  const [card, vectors] = [CARD, VECTORS].map((name) => join(folder, name));
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(card)) return;
    const { weights: { vocabulary, counts, words, hidden } } = await trainDoc2vec(await wordsOf(texts), resolved, training);
    const shape = [vocabulary.length, resolved.dimensions];
    writeSafetensors(vectors, { words: { shape, data: words }, hidden: { shape, data: hidden } });
    writeBeside(card, `${JSON.stringify({ options: resolved, vocabulary, counts } satisfies Card)}\n`); // last: while it is missing, the model is
  });
  return { folder, sha256: sha256((await Promise.all([card, vectors].map(sha256OfFile))).join()) };
}

/** A stored model, which knows words and can infer. */
export function openDoc2vec(folder: string): Doc2vec {
  const { options, vocabulary, counts } = JSON.parse(readFileSync(join(folder, CARD), "utf8")) as Card;
  const { words, hidden } = readSafetensors(join(folder, VECTORS));
  return Doc2vec.of({ vocabulary, counts, words: words.data as Float32Array, hidden: hidden.data as Float32Array, documents: new Float32Array(0) }, options);
}

export interface Doc2vecPlan extends Omit<TrialPlan, "systems" | "model"> {
  /** A row of a table, and the texts from which its doc2vec learns for a split; never the split's test texts. */
  readonly systems: readonly { readonly system: string; readonly texts: (split: Split) => readonly string[] }[];
  /** The seed of a trial is also its doc2vec's. */
  readonly doc2vec: Partial<Doc2vecOptions>;
  readonly onProgress?: OnProgress;
  /** By default the signal of an interrupted cell. */
  readonly signal?: AbortSignal;
}

/** Trains the doc2vec models of all systems, splits and seeds, and plans a trial with each. */
export async function planDoc2vec({ systems, splits, seeds, doc2vec, onProgress, signal = cellSignal(), ...plan }: Doc2vecPlan): Promise<Trial[]> {
  const { planTrials } = await import("./trials"); // at the call only, as a trial's material comes from this file
  const trials: Trial[] = [], total = systems.length * splits.length * seeds;
  for (const { system, texts } of systems) {
    for (const split of splits) {
      for (let seed = 1; seed <= seeds; seed++) {
        onProgress?.({ task: `doc2vec models: ${system}`, done: trials.length, total });
        const model = await doc2vecModel(texts(split), { ...doc2vec, seed }, { signal });
        trials.push(planTrials({ ...plan, model, systems: [{ system, settings: { freeze: "fixed" } }], splits: [split], seeds })[seed - 1]);
      }
    }
  }
  return trials;
}
