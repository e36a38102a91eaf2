/** What a run of a text classifier is: its settings, the trial that names all that decides it, its result. */
import type { Split } from "../data/split";
import type { ClassScores, Confusion, Metrics } from "../evaluate/confusion";
import type { LabelCounts } from "../evaluate/ending";
import type { Head } from "../models/heads";
import type { Pooling } from "../models/poolings";
import type { EpochRecord } from "../train/fit";
import type { FreezeMode } from "../train/freeze";
import { TRAIN_DEFAULTS, type TrainSettings } from "../train/settings";
import type { StoredDataset } from "./dataset";
import type { Stored } from "./run";

/** How a text classifier is made and trained. */
export interface ClassificationSettings extends TrainSettings {
  /** 3MLP: three layers. */
  readonly head: Head;
  /** Trained beside the head: all; last or "last 2" layers; fixed: none; bias: all biases; lora: adapters. */
  readonly freeze: FreezeMode;
  /** Of the freeze mode lora: rank and alpha of its adapters, and the maps that get one (models/lora.ts). */
  readonly loraRank: number;
  readonly loraAlpha: number;
  readonly loraTargets: readonly string[];
  /** Which tokens stand for a text. */
  readonly pooling: Pooling;
  /** Multi-sample dropout: the mean of the head's logits under so many masks (models/heads.ts). */
  readonly dropoutSamples?: number;
  /** False: the same network with random weights, to show what pre-training gives. */
  readonly pretrained: boolean;
  /** Takes no head from the model, which may bring one of another task. */
  readonly newHead?: true;
  /**
   * alike: segment 1 starts as segment 0, for texts in context and a model whose pre-training saw no pairs
   * (models/segments.ts).
   */
  readonly segments?: "alike";
  /** balanced: a class counts the more the rarer it is, as in scikit-learn. */
  readonly classWeights: "none" | "balanced";
  /** Texts of more tokens are dropped and counted. */
  readonly maxLength: number;
  /** Texts of more tokens are cut instead: so much of what is kept is their beginning (data/encode.ts). */
  readonly beginningShare?: number;
  /** Of the weights that are not pre-trained. */
  readonly initSeed: number;
  /** TensorFlow's threads: they decide the last bits. */
  readonly threads: number;
}

export const CLASSIFICATION_DEFAULTS: ClassificationSettings = {
  ...TRAIN_DEFAULTS,
  head: "linear",
  freeze: "all",
  loraRank: 8,
  loraAlpha: 16,
  loraTargets: ["query", "value"],
  pooling: "cls",
  pretrained: true,
  classWeights: "none",
  maxLength: 128,
  initSeed: 1,
  threads: 1,
};

/** What runs and their names in tables: `system` is a row, `testSet` a column (a touch, or "test"). */
export interface Trial {
  readonly experiment: string;
  readonly system: string;
  readonly testSet: string;
  readonly settings: ClassificationSettings;
  readonly classes: readonly string[];
  readonly dataset: StoredDataset;
  readonly split: Split;
  readonly model: { readonly folder: string; readonly sha256: string };
  /** Trains although a result is stored. */
  readonly force?: boolean;
  /** memory computes the features of what is frozen anew instead of taking those on disk. */
  readonly features?: "memory";
  /** false stores no trained weights, for many runs whose numbers alone are wanted. */
  readonly keepWeights?: boolean;
  /** Between two checkpoints within an epoch; 60 if left out. */
  readonly checkpointSeconds?: number;
}

export interface ClassificationResult {
  /** Of two classes the scores of the second one too, the positive. */
  readonly test: Metrics & Partial<ClassScores>;
  readonly confusion: Confusion;
  /** Gold and predicted classes of the test items, in the order of `items`. */
  readonly items: readonly string[];
  readonly gold: readonly number[];
  readonly predicted: readonly number[];
  /** Of every class, [test items, C], to 4 digits; none where training diverged. */
  readonly probabilities?: readonly (readonly number[])[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  /** The last epoch is no better than the majority class of training (evaluate/ending.ts). */
  readonly failed: boolean;
  /** With `history` all that `failed` follows from; results of before have none. */
  readonly labelCounts?: LabelCounts;
  /** Why there are no more epochs, if the loss stopped being a number or exploded. */
  readonly diverged?: string;
  /** Where the run went on after it had been ended; checkpoints that could not be used. */
  readonly notes?: readonly string[];
  readonly counts: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly tooLong: number;
  };
  readonly parameters: { readonly trained: number; readonly frozen: number };
  readonly backend: string;
  readonly seconds: number;
}

export interface TrialRun extends Stored<ClassificationResult> {
  readonly trial: Trial;
}
