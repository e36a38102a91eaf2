/**
 * Freeze modes as functions from a parameter's name to "is it trained?". What a parameter belongs to is read
 * off the model's layers, whatever the encoder calls it.
 */
import { isAdapter } from "../../packages/peft";
import type { Model } from "../models/model";

/**
 * all: everything · last: the last encoder layer · "last 2": the last two · fixed: no encoder layer · bias:
 * all biases, those of normalisations too (BitFit, Zaken et al. 2022) · lora: adapters (models/lora.ts). The
 * head is trained in each.
 */
export type FreezeMode = "all" | "last" | `last ${number}` | "fixed" | "bias" | "lora";
export type Freeze = (parameter: string) => boolean;

interface FreezeOptions {
  /**
   * Whether the pooler has random weights because the pre-trained model has none. It is then trained in every
   * mode; a pre-trained one in `last` and `all` only, its bias in `bias`.
   */
  readonly newPooler: boolean;
}

/** Modes that train a part of every layer. */
const IN_EACH_LAYER: Partial<Record<FreezeMode, Freeze>> = {
  bias: (parameter) => /(?:^|\.)bias$/.test(parameter),
  lora: isAdapter,
};

const LAYER = /^layer\.(\d+)$/;

/**
 * The part of the network that a parameter belongs to: embeddings, layer.0 (the lowest) and so on, pooler, or
 * head, which is all else. One that two layers read belongs to the lower.
 */
export function parameterGroup({ layers }: Pick<Model, "layers">, parameter: string): string {
  const name = layers.find(({ parameters }) => parameters.includes(parameter))?.name ?? "";
  return name === "embeddings" || name === "pooler" || LAYER.test(name) ? name : "head";
}

/**
 * How far below the classes a parameter lies: 0 in the head and the pooler, 1 in the top layer, L in the
 * lowest of L layers, L + 1 in the embeddings.
 */
export function depthOf(model: Pick<Model, "layers">, parameter: string): number {
  const group = parameterGroup(model, parameter);
  if (group === "head" || group === "pooler") return 0;
  const layers = model.layers.filter(({ name }) => LAYER.test(name)).length;
  return group === "embeddings" ? layers + 1 : layers - Number(LAYER.exec(group)?.[1]);
}

/** How many encoder layers a mode trains. */
function trainedLayers(mode: FreezeMode, layers: number): number {
  if (mode === "all") return layers;
  if (mode === "fixed") return 0;
  const count = mode === "last" ? 1 : Number(/^last (\d+)$/.exec(mode)?.[1] ?? NaN);
  if (count >= 1 && count <= layers) return count;
  throw new Error(
    `freeze mode "${mode}": use all, last, fixed, bias, lora, or "last k" with k from 1 to the model's ${layers} layers`,
  );
}

/**
 * The freeze mode for a model.
 * @throws if the mode is unknown, or trains more layers than there are or adapters where there are none
 */
export function freezeMode(mode: FreezeMode, model: Model, { newPooler }: FreezeOptions): Freeze {
  const named = IN_EACH_LAYER[mode];
  if (named) {
    if (mode === "lora" && !Object.keys(model.weights).some(isAdapter))
      throw new Error(
        'freeze mode "lora": the model has no adapters; withAdapters (lib/models/lora) adds them',
      );
    return (parameter) => {
      const group = parameterGroup(model, parameter);
      return named(parameter) || group === "head" || (group === "pooler" && newPooler);
    };
  }
  const layers = model.layers.filter(({ name }) => LAYER.test(name)).length;
  const firstTrained = layers - trainedLayers(mode, layers);
  return (parameter) => {
    const group = parameterGroup(model, parameter);
    if (group === "embeddings") return mode === "all";
    if (group === "pooler") return mode !== "fixed" || newPooler;
    return group === "head" || Number(LAYER.exec(group)?.[1]) >= firstTrained;
  };
}
