/**
 * Gradual unfreezing (Howard and Ruder 2018, 3.3): the first epoch trains the head and the pooler, every
 * further one a layer more from the top, the embeddings last, as far as the freeze mode goes. Adam begins
 * anew whenever a layer joins: moments of old and new parameters would need corrections of their own.
 */
import type { Model } from "../models/model";
import { depthOf, type Freeze } from "./freeze";
import type { TrainSettings } from "./settings";

/** Epochs in which the same parameters are trained. */
export interface Phase {
  readonly freeze: Freeze;
  /** Its first epoch. */
  readonly begins: number;
}

interface Unfrozen {
  readonly model: Model;
  /** Of the last phase. */
  readonly freeze: Freeze;
  readonly settings: Pick<TrainSettings, "unfreezing">;
}

/** The phase that an epoch belongs to, of which there is one without gradual unfreezing. */
export function phaseOf({ model, freeze, settings }: Unfrozen, epoch: number): Phase {
  if (settings.unfreezing === undefined) return { freeze, begins: 1 };
  const depths = Object.keys(model.weights)
    .filter(freeze)
    .map((name) => depthOf(model, name));
  const depth = Math.min(epoch - 1, Math.max(...depths));
  return { freeze: (name) => freeze(name) && depthOf(model, name) <= depth, begins: depth + 1 };
}
