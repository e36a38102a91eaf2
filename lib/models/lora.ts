/**
 * LoRA (Hu et al. 2022): a map x Wᵀ + b whose weight stays as it is gets an adapter, a product of low rank
 * that is trained in its place: x Wᵀ + b + alpha / rank · (x Aᵀ) Bᵀ. Names, initial values and scaling are
 * those of Hugging Face's PEFT.
 */
import { adapterOf } from "../../packages/peft";
import { tf } from "../../packages/tfjs-graph";
import { type HostArray, sizeOf } from "../support/host-array";
import type { Random } from "../support/random";
import { linearWeights } from "./layers";
import type { Layer, Model } from "./model";

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** The maps that get an adapter, by the ends of their names: EncoderNames.maps. */
  readonly targets: readonly string[];
}

/**
 * The model with adapters: A is uniform in ±1/√inputs (PyTorch's kaiming_uniform_ with a = √5), B is 0, so
 * that it begins as it was.
 * @throws if a target ends no map's name
 */
export function withAdapters(model: Model, { rank, alpha, targets }: LoraOptions, random: Random): Model {
  const added: Record<string, HostArray> = {};
  const mapsOf = (target: string, { parameters }: Layer) =>
    parameters.filter((name) => name.endsWith(`.${target}.weight`)).map((name) => name.slice(0, -7));
  const idle = targets.find((target) => model.layers.every((layer) => mapsOf(target, layer).length === 0));
  if (idle !== undefined) throw new Error(`no map of the model is called ${idle}, which is to be adapted`);
  const layers = model.layers.map((layer): Layer => {
    const maps = new Set(targets.flatMap((target) => mapsOf(target, layer)));
    const names = [...maps].map(adapterOf);
    [...maps].forEach((map, i) => {
      const [outputs, inputs] = model.weights[`${map}.weight`].shape,
        [a, b] = names[i];
      Object.assign(added, linearWeights({ [a]: [rank, inputs] }, inputs, random));
      added[b] = { shape: [outputs, rank], data: new Float32Array(sizeOf([outputs, rank])) };
    });
    return {
      ...layer,
      parameters: [...layer.parameters, ...names.flat()],
      // B carries the scaling, being the smallest of what can
      apply: (x, context) => {
        const scaled = names.map(([, b]) => [b, tf.mul(context.parameters[b], alpha / rank)] as const);
        return layer.apply(x, {
          ...context,
          parameters: { ...context.parameters, ...Object.fromEntries(scaled) },
        });
      },
    };
  });
  return { ...model, layers, weights: { ...model.weights, ...added } };
}
