/** The end of a step as nodes of a graph: clipping by the gradients' global norm, then the optimiser. */

import type { HostArray } from "../../lib/support/host-array";
import { type AdamW, CLIP_EPSILON, decays } from "./adam";
import type { Graph } from "./graph";
import { AttributeType, boolAttribute, typeAttribute } from "./native";

const FLOAT = typeAttribute("T", "float32");
const UNLOCKED = [FLOAT, boolAttribute("use_locking", false), boolAttribute("use_nesterov", false)];

/** What is fed at every step: stepScalars(), each under its own name. */
export const SCALARS = ["rate", "beta1Power", "beta2Power", "epsilon", "decay"] as const;

/** A parameter as a variable of the session. */
export interface Variable {
  readonly name: string;
  readonly value: HostArray;
  readonly handle: string;
  readonly read: string;
}
/** A trainable parameter with Adam's two moments, each variables. */
export interface Slot {
  readonly weight: Variable;
  readonly first: Variable;
  readonly second: Variable;
}

/**
 * Appends clipping and the optimiser's step; no weight moves before every gradient is there.
 * @param gradients one for each slot
 * @param stages slots whose norm is wanted as well
 * @returns the node of the norm before clipping (with stages a vector: the norm, then those of the stages),
 *   and those after which all weights have moved
 */
export function update(
  graph: Graph,
  optimizer: AdamW,
  slots: readonly Slot[],
  gradients: readonly string[],
  stages: readonly (readonly number[])[] = [],
) {
  const binary = (op: string, a: string, b: string) => graph.node(op, [a, b], [FLOAT]);
  const halves = gradients.map((gradient) => graph.node("L2Loss", [gradient], [FLOAT]));
  const count = (value: number) => ({ name: "N", type: AttributeType.int, value });
  const root = (parts: readonly string[]) =>
    graph.node(
      "Sqrt",
      [binary("Mul", graph.node("AddN", parts, [FLOAT, count(parts.length)]), graph.scalar(2))],
      [FLOAT],
    );
  const norm = root(halves);
  const all = [norm, ...stages.map((members) => root(members.map((i) => halves[i])))];
  const ratio = () =>
    binary("RealDiv", graph.scalar(optimizer.clipNorm), binary("AddV2", norm, graph.scalar(CLIP_EPSILON)));
  const factor = optimizer.clipNorm > 0 ? binary("Minimum", graph.scalar(1), ratio()) : null;
  const betas = [graph.scalar(optimizer.beta1), graph.scalar(optimizer.beta2)];
  const moved = slots.map(({ weight, first, second }, i) => {
    let gradient = factor ? binary("Mul", gradients[i], factor) : gradients[i];
    let before = `^${norm}`;
    if (decays(optimizer, weight.name)) {
      const decay = binary("Mul", weight.read, "decay");
      if (optimizer.kind === "adam") gradient = binary("AddV2", gradient, decay);
      else
        before = `^${graph.node("AssignSubVariableOp", [weight.handle, decay, before], [typeAttribute("dtype", "float32")])}`;
    }
    const handles = [weight.handle, first.handle, second.handle];
    const inputs = [...handles, "beta1Power", "beta2Power", "rate", ...betas, "epsilon", gradient, before];
    return graph.node("ResourceApplyAdam", inputs, UNLOCKED);
  });
  const norms =
    stages.length === 0
      ? norm
      : graph.node("Pack", all, [
          FLOAT,
          count(all.length),
          { name: "axis", type: AttributeType.int, value: 0 },
        ]);
  return { norms, moved };
}
