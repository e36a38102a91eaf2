/**
 * What an engine is asked and what it answers: the network comes as two functions of tensors, the batches as
 * arrays of the host.
 */
import { grouped } from "../../lib/support/groups";
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import type { Tensor } from "./backend";
import type { Optimizer } from "./optimizer";

/**
 * A size, in the shape of an input, that may be another at every call: the tokens of texts. Where several
 * inputs have it, the same in all.
 */
export const ANY = -1;
/**
 * Another such size, which need not be that of ANY: the rows of a batch. An input may have both. Dropout's
 * masks are no sum of them (dropout.ts), so that a step leaves ANY alone open.
 */
export const ANY_ROWS = -2;
const OPEN = [ANY, ANY_ROWS];

/** The shape and type of one input; a HostArray has both, see shapesOf(). */
export interface InputShape {
  /** Sizes; ANY or ANY_ROWS where one is left open. */
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}
export type GraphShapes = Readonly<Record<string, InputShape>>;
export type HostInputs = Readonly<Record<string, HostArray>>;

/** What a loss or an output may read. */
export interface StepContext {
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly inputs: Readonly<Record<string, Tensor>>;
  /**
   * Drops elements with this probability, by a new mask at every call and step; the identity in outputs().
   */
  readonly dropout: (x: Tensor, probability: number) => Tensor;
  /** The inputs of the whole batch, where `inputs` are a part of it: see EngineSettings.accumulate. */
  readonly whole?: Readonly<Record<string, Tensor>>;
  /**
   * f(x) of which the step keeps x alone, in the steps of an engine with `checkpointing`: what checkpointed()
   * calls.
   * @param names of the parameters that f reads
   */
  readonly recompute?: Recompute;
}

type Recompute = (
  names: readonly string[],
  f: (x: Tensor, context: StepContext) => Tensor,
  x: Tensor,
  context: StepContext,
) => Tensor;

interface StepLoss {
  readonly loss: Tensor;
  /** Handed back to the caller with the loss, for instance the logits. */
  readonly aux: Tensor;
}

/**
 * bfloat16: the inputs and outputs of matrix products have 8 bits of mantissa; weights, optimiser and
 * everything else keep float32. Traced steps only.
 */
export type Precision = "float32" | "bfloat16";

export interface EngineSettings {
  readonly weights: Weights;
  /** Names of the parameters that steps change; every one must matter to the loss. */
  readonly trainable?: readonly string[];
  /**
   * A scalar, alone or with another tensor. Called once for every shape, or at every step: it must not
   * depend on anything else.
   */
  readonly loss?: (context: StepContext) => Tensor | StepLoss;
  readonly outputs?: (context: StepContext) => Tensor;
  /** The shapes that step() and outputs() will be given, some sizes left open or not; others are refused. */
  readonly trainShapes?: readonly GraphShapes[];
  readonly outputShapes?: readonly GraphShapes[];
  readonly optimizer?: Optimizer;
  /**
   * With it steps also give the gradients' norm of each stage: the part of the network that a parameter
   * belongs to.
   */
  readonly stageOf?: (parameter: string) => string;
  readonly precision?: Precision;
  /** Blocks that go through checkpointed() are computed again for the gradients: less memory. */
  readonly checkpointing?: boolean;
  /**
   * So many equal parts of a batch are computed one after another, for which all inputs have its rows first.
   * The gradients are those of the sum of the parts' losses, so a mean is to be taken over context.whole.
   */
  readonly accumulate?: number;
  /** outputs() reads averages of the trained weights, which start as they do and are moved by average(). */
  readonly averaged?: boolean;
  /** "eager" runs op by op although a graph could be traced. */
  readonly mode?: "traced" | "eager";
}

export interface StepOptions {
  readonly learningRate: number;
  /** Of dropout: an integer from 0 to 2^32 - 1, another for every step. */
  readonly seed: number;
}

export interface StepResult {
  readonly loss: number;
  /** The gradients' global norm before clipping. */
  readonly gradientNorm: number;
  /**
   * The same of each stage's parameters, if the engine was opened with stageOf: their squares add up to the
   * global one's.
   */
  readonly stageNorms?: Readonly<Record<string, number>>;
  readonly aux?: HostArray;
}

/** Adam's memory; with the weights all that is needed to go on bit-identically. */
export interface OptimizerState {
  /** Steps done. */
  readonly steps: number;
  readonly firstMoments: Weights;
  readonly secondMoments: Weights;
  /** Of an engine with averages. */
  readonly averages?: Weights;
}

export interface Engine {
  readonly mode: "traced" | "eager";
  /** Why steps are not traced; empty if they are. */
  readonly reason: string;
  /**
   * A forward and backward pass and one step of the optimiser.
   * @throws if the engine was opened without a loss and an optimiser, or for inputs of other shapes
   */
  step(inputs: HostInputs, options: StepOptions): StepResult;
  /** A forward pass without dropout. @throws if the engine was opened without outputs, or for other shapes */
  outputs(inputs: HostInputs): HostArray;
  /** All weights as they are now; frozen ones are those given. */
  weights(): Weights;
  /**
   * Moves the averages a towards the trained weights w, a ← w - (1 - share)(w - a): by 1 they are the same.
   * @throws if the engine was opened without averages
   */
  average(share: number): void;
  /** All weights as outputs() reads them. */
  averages(): Weights;
  optimizerState(): OptimizerState;
  /**
   * Sets trainable weights, and the optimiser's memory if given; without it averages begin anew.
   * @throws if a trainable weight is missing or of
   * another shape
   */
  restore(weights: Weights, optimizer?: OptimizerState): void;
  /** Frees all memory. */
  dispose(): void;
}

/** Rows of numbers as an input of `count` rows, the others 0. */
export function filledUp(rows: readonly (readonly number[])[], count: number): HostArray {
  const [{ length }] = rows,
    data = new Float32Array(count * length);
  data.set(rows.flat());
  return { shape: [count, length], data };
}

/** An array as one of more rows, the others 0. */
export function withRows({ shape: [, ...shape], data }: HostArray, rows: number): HostArray {
  const more = new Float32Array(rows * sizeOf(shape));
  more.set(data);
  return { shape: [rows, ...shape], data: more };
}

/** The shapes of inputs as a graph needs them. */
export function shapesOf(inputs: HostInputs): GraphShapes {
  const shapeOf = ({ shape, data }: HostArray): InputShape => ({
    shape,
    dtype: data instanceof Int32Array ? "int32" : "float32",
  });
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, shapeOf(input)]));
}

/** Shapes as people read them; one text for equal shapes. */
function keyOf(shapes: GraphShapes): string {
  const sizes = ({ shape }: InputShape) => shape.map((size) => (OPEN.includes(size) ? "any" : size));
  return Object.keys(shapes)
    .sort()
    .map((name) => `${name} ${shapes[name].dtype}[${sizes(shapes[name])}]`)
    .join(", ");
}

/** A size that is left open, and the first input that has it. */
export interface OpenSize {
  /** ANY or ANY_ROWS. */
  readonly size: number;
  readonly input: string;
  readonly axis: number;
  readonly dtype: InputShape["dtype"];
}

/** The sizes that are left open, ANY first. */
export const openSizes = (shapes: GraphShapes): OpenSize[] =>
  OPEN.flatMap((size) => {
    const input = Object.keys(shapes).find((name) => shapes[name].shape.includes(size));
    return input === undefined
      ? []
      : [{ size, input, axis: shapes[input].shape.indexOf(size), dtype: shapes[input].dtype }];
  });

/** The shapes with these sizes in the place of ANY and ANY_ROWS. */
export function withSizes(shapes: GraphShapes, sizes: ReadonlyMap<number, number>): GraphShapes {
  const closed = ({ shape, dtype }: InputShape): InputShape => ({
    shape: shape.map((one) => sizes.get(one) ?? one),
    dtype,
  });
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, closed(shape)]));
}

/** Those of `known` that `inputs` fit. @throws if there are none */
export function fitting<T extends { readonly shapes: GraphShapes }>(
  known: readonly T[],
  inputs: HostInputs,
  what: string,
): T {
  const key = keyOf(shapesOf(inputs));
  const found = known.find(({ shapes }) => {
    const sizes = openSizes(shapes).map(
      ({ size, input, axis }) => [size, inputs[input]?.shape[axis] ?? size] as const,
    );
    return keyOf(withSizes(shapes, new Map(sizes))) === key;
  });
  if (found) return found;
  throw new Error(
    `no graph of ${what} for ${key}; the engine was opened for: ${known.map(({ shapes }) => keyOf(shapes)).join("; ") || "none"}`,
  );
}

/** @throws if an engine has no averages */
export function checkAveraged({ averaged }: EngineSettings): void {
  if (!averaged) throw new Error("this engine was opened without averages: set averaged: true");
}

/** The trainable parameters of each stage, as positions among them; none without stageOf. */
export function stagesOf({
  trainable = [],
  stageOf,
}: EngineSettings): ReadonlyMap<string, readonly number[]> {
  return stageOf ? grouped(trainable.keys(), (i) => stageOf(trainable[i])) : new Map();
}

/** What a step says of its gradients. @param norms the global one, then those of the stages */
export function normsOf(
  norms: ArrayLike<number>,
  stages: ReadonlyMap<string, unknown>,
): Pick<StepResult, "gradientNorm" | "stageNorms"> {
  if (stages.size === 0) return { gradientNorm: norms[0] };
  return {
    gradientNorm: norms[0],
    stageNorms: Object.fromEntries([...stages.keys()].map((stage, i) => [stage, norms[i + 1]])),
  };
}
