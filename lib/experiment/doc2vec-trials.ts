/** Trials of a head over doc2vec's vectors, one doc2vec for each system, split and seed. */

import type { Doc2vecOptions } from "../../packages/doc2vec";
import type { Split } from "../data/split";
import type { OnProgress } from "../support/progress";
import { COUNT, check } from "../support/settings";
import { cellSignal } from "../support/stop";
import { doc2vecModel } from "./doc2vec";
import { OWN_MODEL_VARIABLE } from "./missing";
import type { Trial } from "./spec";
import { planTrials, type TrialPlan } from "./trials";

interface Doc2vecPlan extends Omit<TrialPlan, "systems" | "model" | "seeds"> {
  /** Their number. */
  readonly seeds: number;
  /**
   * A row of a table, and the texts from which its doc2vec learns for a split; never the split's test texts.
   */
  readonly systems: readonly {
    readonly system: string;
    readonly texts: (split: Split) => readonly string[];
  }[];
  /** The seed of a trial is also its doc2vec's. */
  readonly doc2vec: Partial<Doc2vecOptions>;
  readonly onProgress?: OnProgress;
  /** By default the signal of an interrupted cell. */
  readonly signal?: AbortSignal;
}

/**
 * Trains the doc2vec models of all systems, splits and seeds, and plans a trial with each; none where runs of
 * the notebook's own model alone are listed.
 * @throws as planTrials; if a doc2vec setting is not what it may be; AbortError if the signal fires
 */
export async function planDoc2vec({
  systems,
  splits,
  seeds,
  doc2vec,
  onProgress,
  signal = cellSignal(),
  ...plan
}: Doc2vecPlan): Promise<Trial[]> {
  if (process.env[OWN_MODEL_VARIABLE] !== undefined) return [];
  check("seeds", seeds, COUNT);
  const trials: Trial[] = [],
    total = systems.length * splits.length * seeds;
  for (const { system, texts } of systems) {
    for (const split of splits) {
      for (let seed = 1; seed <= seeds; seed++) {
        onProgress?.({ task: `doc2vec models: ${system}`, done: trials.length, total });
        const model = await doc2vecModel(texts(split), { ...doc2vec, seed }, { signal });
        trials.push(
          ...planTrials({
            ...plan,
            model,
            systems: [{ system, settings: { freeze: "fixed" } }],
            splits: [split],
            seeds: [seed],
          }),
        );
      }
    }
  }
  onProgress?.({ task: "doc2vec models", done: total, total });
  return trials;
}
