/** The optimiser's settings for fine-tuning, and which parameters weight decay leaves out. */
import type { AdamW } from "../../packages/tfjs-graph";
import { isDecayed } from "../models/registry";

/** PyTorch's AdamW with its defaults, and clipping at 1 as in Devlin et al. 2019. */
export const ADAMW: AdamW = {
  kind: "adamw",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  biasCorrection: true,
  weightDecay: 0.01,
  decayed: isDecayed,
  clipNorm: 1,
};

/** PyTorch's Adam with its defaults: no decay, no clipping. */
export const ADAM: AdamW = { ...ADAMW, kind: "adam", weightDecay: 0, clipNorm: 0 };

export interface DecayGroups {
  readonly decayed: readonly string[];
  readonly undecayed: readonly string[];
}

/** Both groups by name, in the order given: together all of `trainable`. */
export function decayGroups(trainable: readonly string[], { decayed }: AdamW): DecayGroups {
  return {
    decayed: trainable.filter((name) => decayed(name)),
    undecayed: trainable.filter((name) => !decayed(name)),
  };
}
