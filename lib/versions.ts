/**
 * What decides numbers, as a declared version of each component. A run, a feature on disk, a resume point and
 * an answer store those that they were made with, and nothing else asks whether they still hold: a renamed
 * file or another comment outdates nothing. test/golden keeps the versions honest: it fails where numbers move
 * while the version stands, and where a version is raised though no number moved.
 */

/** Of each component one line a version, the first one first: what changed in its numbers. */
export const HISTORY = {
  /** Text → ids: normalisation, words, pieces, special tokens. */
  tokenizer: ["as first declared"],
  /** Ids → logits and gradients: the operations, the encoder, heads, initial weights, the generator of them. */
  network: ["as first declared"],
  /** Weights → trained weights: optimiser, schedule, batches and their order, dropout, what is kept; doc2vec. */
  training: ["as first declared"],
  /** Predictions → scores, intervals, p-values; the baselines that are counted anew with them. */
  metrics: ["as first declared"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Component = keyof typeof HISTORY;
export type Versions = Readonly<Record<Component, number>>;

export const COMPONENTS = Object.keys(HISTORY) as readonly Component[];

/** Those of this code: the number of lines in each history. */
export const versions: Versions = {
  tokenizer: HISTORY.tokenizer.length,
  network: HISTORY.network.length,
  training: HISTORY.training.length,
  metrics: HISTORY.metrics.length,
};
