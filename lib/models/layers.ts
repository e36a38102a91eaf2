/** What networks and heads are made of, by the names of parameters; a bias that is not there adds nothing. */
import { adapterOf } from "../../packages/peft";
import { dense, gelu, geluTanh, layerNorm, type Tensor, tf } from "../../packages/tfjs-graph";
import { type HostArray, sizeOf, type Weights } from "../support/host-array";
import type { Random } from "../support/random";
import type { Shapes } from "./encoder";
import type { Activation } from "./fields";
import type { Context } from "./model";

export const ACTIVATE: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  gelu,
  gelu_new: geluTanh,
  relu: (x) => tf.relu(x),
};

/** The names of a map's or a normalisation's two parameters. */
export const pair = (name: string): readonly [string, string] => [`${name}.weight`, `${name}.bias`];

/** What a map's adapter (lora.ts) adds to it, (x Aᵀ) Bᵀ, [..., out]; undefined without one. x [..., in]. */
function adapted(x: Tensor, name: string, { parameters }: Context): Tensor | undefined {
  const [a, b] = adapterOf(name);
  return parameters[a] && dense(dense(x, parameters[a]), parameters[b]);
}

/**
 * y = x Wᵀ + b with the parameters `${name}.weight` [out, in] and `${name}.bias` [out], and its adapter if it
 * has one; x [..., in].
 */
export function linear(x: Tensor, name: string, context: Context): Tensor {
  const [weight, bias] = pair(name).map((parameter) => context.parameters[parameter]);
  const y = dense(x, weight, bias),
    more = adapted(x, name, context);
  return more ? tf.add(y, more) : y;
}

/**
 * Layer normalisation over the last axis (Ba et al. 2016) with `${name}.weight` and `${name}.bias`, both [H].
 */
export function normalised(x: Tensor, name: string, { parameters }: Context, epsilon: number): Tensor {
  return layerNorm(x, parameters[`${name}.weight`], parameters[`${name}.bias`], epsilon);
}

/** The shapes of a map's parameters. */
export const mapShapes = (name: string, from: number, to: number, bias = true): Shapes => ({
  [`${name}.weight`]: [to, from],
  ...(bias && { [`${name}.bias`]: [to] }),
});

/** The shapes of a normalisation's parameters. */
export const normShapes = (name: string, width: number, bias = true): Shapes => ({
  [`${name}.weight`]: [width],
  ...(bias && { [`${name}.bias`]: [width] }),
});

/**
 * Hugging Face's initial values: normal with the given deviation, biases 0; a weight of one dimension is a
 * normalisation's scale, 1.
 */
export function randomWeights(shapes: Shapes, deviation: number, random: Random): Weights {
  const values = (name: string, shape: readonly number[]): HostArray => {
    const data = new Float32Array(sizeOf(shape));
    if (name.endsWith("bias")) return { shape, data };
    if (shape.length === 1) data.fill(1);
    else for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
    return { shape, data };
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, values(name, shape)]));
}

/**
 * PyTorch's initial values of nn.Linear, weights and biases uniform in ±1/√inputs: through several layers
 * BERT's deviation of .02 would leave signals, and so gradients, too small to start learning.
 */
export function linearWeights(shapes: Shapes, inputs: number, random: Random): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        () => (2 * random.uniform() - 1) / Math.sqrt(inputs),
      );
      return [name, { shape, data }];
    }),
  );
}
