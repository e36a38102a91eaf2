/** The check of what an engine is restored from, before anything is overwritten. */
import type { HostArray, Weights } from "../../lib/support/host-array";
import type { OptimizerState } from "./engine-types";

function pick(what: string, names: readonly string[], shapes: Weights, from: Weights): HostArray[] {
  return names.map((name) => {
    const found = from[name];
    if (!found)
      throw new Error(`${what} ${name} is missing: was this checkpoint written with other trained layers?`);
    if (`${found.shape}` !== `${shapes[name].shape}`) {
      throw new Error(`${what} ${name} has the shape [${found.shape}], here it is [${shapes[name].shape}]`);
    }
    return found;
  });
}

/**
 * The trainable weights, both moments (the first of all, then the second of all), and averages, which are the
 * weights where none are given, in the order of `names`.
 */
export function checkedState(
  names: readonly string[],
  shapes: Weights,
  weights: Weights,
  optimizer?: OptimizerState,
) {
  const chosen = pick("the weight", names, shapes, weights);
  if (!optimizer) return { weights: chosen, averages: chosen, moments: [] };
  const first = pick("the first moment of", names, shapes, optimizer.firstMoments),
    { averages } = optimizer;
  return {
    weights: chosen,
    averages: averages ? pick("the average of", names, shapes, averages) : chosen,
    moments: [...first, ...pick("the second moment of", names, shapes, optimizer.secondMoments)],
  };
}
