/** The optimiser (optimizer.ts) as nodes of a graph, the end of a step. */

import type { HostArray } from "../../lib/support/host-array";
import { remembered } from "../../lib/support/remembered";
import { threadCount } from "./environment";
import type { Graph } from "./graph";
import { AttributeType, boolAttribute, onGpu, typeAttribute } from "./native";
import { CLIP_EPSILON, type Steps } from "./optimizer";

const FLOAT = typeAttribute("T", "float32");
const UNLOCKED = [FLOAT, boolAttribute("use_locking", false), boolAttribute("use_nesterov", false)];

/** The optimiser's op of our own (setup/adam.cc), and which of its inputs is the gradient. */
export const ADAM = "KomalabAdam";
export const ADAM_GRADIENT = 3;

/** What is fed at every step: StepScalars, each under its own name. */
export const SCALARS = ["rate", "beta1Power", "beta2Power", "epsilon", "decay"] as const;

/** A parameter as a variable of the session. */
export interface Variable {
  readonly name: string;
  readonly value: HostArray;
  readonly handle: string;
  readonly read: string;
}
/** A trainable parameter with Adam's two moments, each variables; with averages the parameter's average. */
export interface Slot {
  readonly weight: Variable;
  readonly first: Variable;
  readonly second: Variable;
  readonly average?: Variable;
}

/**
 * Appends the optimiser's step; no weight moves before every gradient is there. On the CPU it is an op of our
 * own (setup/adam.cc), on a GPU TensorFlow's ops, with the same bits as far as processors have them.
 * @param gradients one for each slot
 * @param readers what else reads the weights of before
 * @param stages slots whose norm is wanted as well
 * @returns the node of the norm before clipping (with stages a vector: the norm, then those of the stages),
 *   and those after which all weights have moved
 */
export function update(
  graph: Graph,
  { clipNorm, beta1, beta2, decays, decaysFirst, factorOf }: Steps,
  slots: readonly Slot[],
  gradients: readonly string[],
  readers: readonly string[],
  stages: readonly (readonly number[])[] = [],
) {
  const binary = (op: string, a: string, b: string) => graph.node(op, [a, b], [FLOAT]);
  const count = (value: number) => ({ name: "N", type: AttributeType.int, value });
  const root = (parts: readonly string[]) =>
    graph.node(
      "Sqrt",
      [binary("Mul", graph.node("AddN", parts, [FLOAT, count(parts.length)]), graph.scalar(2))],
      [FLOAT],
    );
  const halves = gradients.map((gradient) => graph.node("L2Loss", [gradient], [FLOAT]));
  const norm = root(halves);
  const all = [norm, ...stages.map((members) => root(members.map((i) => halves[i])))];

  const ratio = () =>
    binary("RealDiv", graph.scalar(clipNorm), binary("AddV2", norm, graph.scalar(CLIP_EPSILON)));
  const factor = clipNorm > 0 ? binary("Minimum", graph.scalar(1), ratio()) : null;

  const betas = [graph.scalar(beta1), graph.scalar(beta2)];
  const [none, one, threads] = [graph.scalar(0), graph.scalar(1), graph.scalar(threadCount, "int32")];
  const scaled = new Map<string, string>();
  /** What is fed, times a parameter's factor of the learning rate. */
  const own = (fed: "rate" | "decay", parameter: string) => {
    const times = factorOf(parameter);
    return times === 1
      ? fed
      : remembered(scaled, `${fed} ${times}`, () => binary("Mul", fed, graph.scalar(times)));
  };
  const decayOf = (parameter: string) => (decaysFirst ? "decay" : own("decay", parameter));
  const inOnePass = ({ weight, first, second }: Slot, gradient: string) => {
    const decay = decays(weight.name) ? decayOf(weight.name) : none;
    const decayed = decaysFirst ? [decay, none] : [none, decay];
    const values = [weight.read, first.read, second.read, gradient, factor ?? one];
    const scalars = [
      own("rate", weight.name),
      "beta1Power",
      "beta2Power",
      ...betas,
      "epsilon",
      ...decayed,
      threads,
    ];
    return graph.node(ADAM, [...values, ...scalars, ...[norm, ...readers].map((name) => `^${name}`)]);
  };
  const inPasses = (slot: Slot, given: string) => {
    const { weight, first, second } = slot,
      gradient = factor ? binary("Mul", given, factor) : given;
    const adam = (g: string, after = norm) => {
      const handles = [weight.handle, first.handle, second.handle];
      const rates = ["beta1Power", "beta2Power", own("rate", weight.name), ...betas, "epsilon"];
      const inputs = [...handles, ...rates, g, `^${after}`];
      return graph.node("ResourceApplyAdam", inputs, UNLOCKED); // which subtracts it from the weight
    };
    if (!decays(weight.name)) return adam(gradient);
    const decay = binary("Mul", weight.read, decayOf(weight.name));
    if (decaysFirst) return adam(binary("AddV2", gradient, decay));
    const decayed = [weight.handle, decay, `^${norm}`];
    return adam(gradient, graph.node("AssignSubVariableOp", decayed, [typeAttribute("dtype", "float32")]));
  };
  const moved = slots.map((slot, i) => (onGpu() ? inPasses : inOnePass)(slot, gradients[i]));
  const axis = { name: "axis", type: AttributeType.int, value: 0 };
  const norms = stages.length === 0 ? norm : graph.node("Pack", all, [FLOAT, count(all.length), axis]);
  return { norms, moved };
}
