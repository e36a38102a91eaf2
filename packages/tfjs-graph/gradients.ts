/**
 * What both engines do the same way: the gradients of a loss, and dropout with a mask of its own at every
 * call.
 */
import { type Tensor, tf } from "./backend";
import { dropout } from "./dropout";
import type { StepContext } from "./engine-types";

/**
 * The loss and its gradient with respect to each named parameter.
 * @throws if the loss does not depend on one of them
 */
export function gradientsOf(loss: () => Tensor, parameters: readonly (readonly [string, Tensor])[]) {
  const tensors = parameters.map(([, tensor]) => tensor);
  const { value, grads } = tf.engine().gradients(loss, tensors, undefined, true);
  const idle = parameters.filter((_, i) => !grads[i]).map(([name]) => name);
  if (idle.length > 0)
    throw new Error(`the loss does not depend on ${idle.join(", ")}: leave them out of what is trained`);
  return { value: value as Tensor, gradients: grads };
}

/** Counts the calls of dropout in a step. */
export interface Sites {
  next: number;
}

/** A dropout whose n-th call in a step uses the seed [step's seed, n]. */
export function siteDropout(seed: Tensor, sites: Sites): StepContext["dropout"] {
  return (x, probability) =>
    probability === 0 ? x : dropout(x, probability, tf.add(seed, tf.tensor1d([0, sites.next++], "int32")));
}
