/** What is asked of a training: the model, what of it is trained on which texts, and who is told of it. */
import type { StepMetrics } from "../../packages/run-log";
import type { SnapshotSettings } from "../../packages/snapshots";
import type { Optimizer } from "../../packages/tfjs-graph";
import type { TokenIds } from "../../packages/tokenizer";
import type { Model } from "../models/model";
import type { OnProgress } from "../support/progress";
import type { Examples } from "./batches";
import type { ExplosionSettings } from "./explosion";
import type { Freeze } from "./freeze";
import type { TrainSettings } from "./settings";

export interface TrainRequest {
  readonly model: Model;
  readonly freeze: Freeze;
  readonly data: { readonly train: Examples; readonly validation: Examples };
  /** Texts that are to be predicted afterwards: their features are computed along with those of training. */
  readonly toPredict?: readonly TokenIds[];
  readonly settings?: Partial<TrainSettings>;
  /** A weight for every class in the loss, [C]; all 1 if left out. */
  readonly classWeights?: readonly number[];
  /** In the place of the one that the settings describe. */
  readonly optimizer?: Optimizer;
  readonly explosion?: ExplosionSettings;
  /** Where features of what is frozen are kept: on disk, unless "memory", for models with random weights. */
  readonly cache?: "disk" | "memory";
  /** Shown with the progress. */
  readonly task?: string;
  readonly onProgress?: OnProgress;
  /**
   * Called after every step with its own numbers, and after every epoch, named as the Hugging Face trainer
   * logs them.
   */
  readonly onMetrics?: (metrics: StepMetrics) => void;
  /**
   * Stops after the step under way; the best epoch so far is given back. Before the first step it throws
   * AbortError. By default the signal of an interrupted cell.
   */
  readonly signal?: AbortSignal;
  /**
   * Where to keep snapshots and to go on from the newest: after every epoch, within long ones, and when the
   * signal stops the run.
   */
  readonly snapshots?: SnapshotSettings;
}

/** With its settings resolved. */
export interface ResolvedRequest extends TrainRequest {
  readonly settings: TrainSettings;
}
