/** What training minimises: cross entropy, or one of its variants. M rows, C classes. */
import { crossEntropies, distilled, type Tensor, tf } from "../../packages/tfjs-graph";
import type { TrainSettings } from "./settings";

interface Rows {
  /** int32 [M] */
  readonly labels: Tensor;
  /** float32 [M], 0 for padding. */
  readonly weights: Tensor;
  /** A teacher's logits [M, C]. */
  readonly taught?: Tensor;
  /** Those of the whole batch, where these rows are a part of it; their sum must not be 0. */
  readonly all?: Tensor;
}

/**
 * The weighted mean over rows, as torch.nn.functional.cross_entropy gives it with class weights. With label
 * smoothing s the truth is 1 - s + s / C for a row's class and s / C for the others (Szegedy et al. 2016);
 * with focal g a row counts (1 - p)^g, for p the probability of its class (Lin et al. 2017): rows that are
 * known well count less. Both at once: the smoothed loss is weighted.
 * With a teacher: see distilled().
 * @param logits [M, C]
 */
export function lossOf(
  { labelSmoothing = 0, focal = 0, ...soft }: Partial<TrainSettings>,
  logits: Tensor,
  { labels, weights, taught, all = weights }: Rows,
): Tensor {
  const plain = crossEntropies(logits, labels);
  const spread = () => {
    const truth = tf.cast(tf.oneHot(labels as tf.Tensor1D, logits.shape[1] ?? 0), "float32");
    return tf.sub(tf.sum(tf.mul(logits, truth), 1), tf.mean(logits, 1)); // mean of all -log p, less plain
  };
  const smoothed = labelSmoothing > 0 ? tf.add(plain, tf.mul(labelSmoothing, spread())) : plain;
  const rows = focal > 0 ? tf.mul(tf.pow(tf.sub(1, tf.exp(tf.neg(plain))), focal), smoothed) : smoothed;
  const losses = taught ? distilled(rows, logits, { taught, ...soft }) : rows;
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(all));
}
