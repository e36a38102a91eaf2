/**
 * What decides numbers, as a declared version of each component. A run, a feature on disk, a resume point and
 * an answer store those that they were made with, and nothing else asks whether they still hold: a renamed
 * file or another comment outdates nothing; what moves recurrent networks' alone is counted in their folders'
 * hash (packages/recurrent/folder.ts). test/golden keeps the versions honest: it fails where numbers
 * move while the version stands, and where a version is raised though no number moved. A version is raised by
 * a line in HISTORY and `npm test -- --golden`.
 */

import { join } from "node:path";
import { projectRoot, readJson } from "./support/files";

/** Of each component one line a version, the first one first: what changed in its numbers. */
const HISTORY = {
  /** Text → ids: normalisation, words, pieces, special tokens. */
  tokenizer: ["as first declared"],
  /**
   * Ids → logits and gradients: the operations, the encoder, heads, initial weights, the generator of them.
   */
  network: ["as first declared"],
  /**
   * Weights → trained weights: optimiser, schedule, batches and their order, dropout, what is kept; doc2vec.
   */
  training: [
    "as first declared",
    "frozen features in batches of up to 2,048 tokens, not 16 rows: they move by some 1e-7",
    "batches of neighbours in length, padded to their longest text; weights with long rows are stored turned",
  ],
  /** Predictions → scores, intervals, p-values; the baselines that are counted anew with them. */
  metrics: [
    "as first declared",
    "whether a run failed, and the majority class, go by training's; no F1 of class 1 for more than two classes",
    "differences are judged by one test, of the stated metric over items and seeds, not by sign flips and McNemar's test",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Component = keyof typeof HISTORY;
type Versions = Readonly<Record<Component, number>>;

const COMPONENTS = Object.keys(HISTORY) as readonly Component[];

/** Those of this code: the number of lines in each history. */
export const versions: Versions = {
  tokenizer: HISTORY.tokenizer.length,
  network: HISTORY.network.length,
  training: HISTORY.training.length,
  metrics: HISTORY.metrics.length,
};

/** Stored with whatever has numbers: the versions, and the release of TensorFlow that computed them. */
export type MadeWith = Versions & {
  /** Null on wasm. */
  readonly tensorflow: string | null;
};

/** TensorFlow's own library as set-up has built it; null on wasm. */
export function tensorflowRelease(): string | null {
  const runtime = readJson<{ backend?: string; tensorflow?: string }>(
    join(projectRoot, ".setup", "runtime.json"),
  );
  const native = process.env.KOMALAB_BACKEND !== "wasm" && runtime?.backend === "native";
  return native ? (runtime.tensorflow ?? null) : null;
}

/** What something that is computed now is made with. */
export function madeWithNow(): MadeWith {
  return { ...versions, tensorflow: tensorflowRelease() };
}

/**
 * A component that is not as it was; `unknown` where nothing was stored, as before versions were declared.
 */
export interface Change {
  readonly component: Component | "tensorflow" | "unknown";
  readonly from: number | string | null;
  readonly to: number | string | null;
}

/** 2.21.0 as 2.21: later repairs of one release give the same numbers. */
const minor = (release: unknown) => String(release).split(".").slice(0, 2).join(".");

/** What has changed in the numbers since something was made, component by component; empty if nothing has. */
export function changesSinceMade(
  made: Partial<MadeWith> | undefined,
  now = madeWithNow(),
): readonly Change[] {
  if (made === undefined || COMPONENTS.some((component) => made[component] === undefined))
    return [{ component: "unknown", from: null, to: null }];
  const { tensorflow = null } = made;
  return [
    ...COMPONENTS.map((component) => ({ component, from: made[component]!, to: now[component] })),
    // runs of another backend have other keys: a backend that is absent is no change
    ...(tensorflow && now.tensorflow
      ? [{ component: "tensorflow" as const, from: minor(tensorflow), to: minor(now.tensorflow) }]
      : []),
  ].filter(({ from, to }) => from !== to);
}

/** Changes in words: "training 1 → 2", "version unknown". */
export function describeChanges(changes: readonly Change[]): string {
  return changes
    .map(({ component, from, to }) =>
      component === "unknown" ? "version unknown" : `${component} ${from} → ${to}`,
    )
    .join(", ");
}
