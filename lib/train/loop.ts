/**
 * Trains a classifier: any row of stages that ends in logits [B, C]. It knows stages, encoded texts and labels, no
 * BERT. Frozen stages are computed once (features.ts) and have no dropout.
 */
import { majority } from "../evaluate/confusion";
import type { Model } from "../models/model";
import type { OnProgress } from "../progress";
import { Random } from "../random";
import type { AdamW } from "../tensor/adam";
import type { Weights } from "../tensor/array";
import { ready, type Tensor } from "../tensor/backend";
import { openEngine } from "../tensor/engine";
import type { Engine, StepContext } from "../tensor/engine-types";
import { crossEntropy } from "../tensor/ops";
import { labelInputs, planBatches, type Batch } from "./batches";
import type { Freeze } from "./freeze";
import { ADAMW, decayGroups, type DecayGroups } from "./optimizer";
import { bestClass, judge, logitsOf } from "./predict";
import { constantSchedule, linearSchedule } from "./schedule";
import { bucketsOf, Feed, tailOf, type Examples } from "./tail";

export interface TrainSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest learning rate; it grows from 0 over the share `warmUp` of all steps. */
  readonly rate: number;
  readonly warmUp: number;
  /** linear: the rate then falls to 0 at the end; constant: it stays. */
  readonly schedule: "linear" | "constant";
  readonly optimizer: AdamW;
  /** A weight for every class in the loss; all 1 if left out. */
  readonly classWeights?: readonly number[];
  /** Different lengths that batches are padded to, at most: more waste less on padding, but each is compiled. */
  readonly buckets: number;
  /** Of the order of the items and of dropout. Initial weights have their own seed where the model is made. */
  readonly seed: number;
  /** Where features of frozen stages are kept; "memory" for models with random weights. */
  readonly cache: "disk" | "memory";
}

/** 16 texts a batch and 5e-5 as in Devlin et al. 2019. */
export const TRAIN_DEFAULTS: TrainSettings = {
  epochs: 3, batchSize: 16, rate: 5e-5, warmUp: 0.1, schedule: "linear", optimizer: ADAMW, buckets: 3, seed: 1, cache: "disk",
};

export interface TrainRequest {
  readonly model: Model;
  readonly freeze: Freeze;
  readonly data: { readonly train: Examples; readonly validation: Examples };
  readonly settings?: Partial<TrainSettings>;
  /** Shown with the progress. */
  readonly task?: string;
  readonly onProgress?: OnProgress;
  /** Called after every step with its own numbers, and after every epoch, named as the Hugging Face trainer logs them. */
  readonly onMetrics?: (metrics: StepMetrics) => void;
  /** Stops after the step under way; the best epoch so far is given back. Before the first step it throws AbortError. */
  readonly signal?: AbortSignal;
}

/** Numbers of one step. */
export interface StepMetrics {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * One epoch. Losses are mean cross entropies in nats, the training loss and accuracy those of the steps themselves,
 * with dropout.
 */
export interface EpochRecord {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** The learning rate of the last step. */
  readonly rate: number;
  /** The mean over steps of the gradients' global norm before clipping. */
  readonly gradientNorm: number;
  readonly seconds: number;
}

export interface TrainResult {
  readonly history: readonly EpochRecord[];
  /**
   * The epoch with the highest validation accuracy, the first of equals; 0 (the initial weights) if none was
   * finished.
   */
  readonly bestEpoch: number;
  /** The model with the weights of that epoch. */
  readonly model: Model;
  /** Validation accuracy of the last epoch at or below the share of the majority class. */
  readonly failed: boolean;
  /** True if the signal stopped the run. */
  readonly aborted: boolean;
  readonly trainable: readonly string[];
  readonly decay: DecayGroups;
  readonly engine: { readonly mode: "traced" | "eager"; readonly reason: string };
}

/** The loss stopped being a number: says at which step, batch and learning rate. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";

  /** @param history the epochs before */
  constructor(message: string, readonly history: readonly EpochRecord[]) {
    super(message);
  }
}

/**
 * Trains what `freeze` leaves free and keeps the best epoch.
 * @throws DivergedError if the loss stops being a number: with the step, the batch's items and the learning rate
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  const { model, freeze, data, onProgress, signal } = request;
  const resolved: TrainSettings = { ...TRAIN_DEFAULTS, ...request.settings };
  await ready();
  checkLabels("training", data.train, resolved);
  checkLabels("validation", data.validation, resolved);
  const { batchSize, cache, optimizer } = resolved;
  const texts = [...data.train.texts, ...data.validation.texts];
  const { trainable, weights, apply, features } = await tailOf({ model, freeze, texts, cache, onProgress, signal });
  const buckets = bucketsOf(texts, features, { most: resolved.buckets, longest: model.maxTokens });
  const feeds = {
    train: new Feed(data.train.texts, batchSize, features, buckets),
    validation: new Feed(data.validation.texts, batchSize, features, buckets),
  };
  const engine = openEngine({
    weights, trainable, optimizer,
    loss: (context) => {
      const logits = apply(context);
      return { loss: lossOf(logits, context), report: logits };
    },
    outputs: apply,
    trainShapes: feeds.train.shapes(true),
    outputShapes: feeds.validation.shapes(false),
  });
  try {
    const run = new Run({ ...request, engine, feeds, settings: resolved });
    const { history, bestEpoch, best, aborted } = await run.all();
    const last = history[history.length - 1];
    return {
      history, bestEpoch, aborted, trainable,
      model: { ...model, weights: { ...model.weights, ...best } },
      failed: last !== undefined && last.validationAccuracy <= majority(data.validation.labels).share,
      decay: decayGroups(trainable, optimizer),
      engine: { mode: engine.mode, reason: engine.reason },
    };
  } finally {
    engine.dispose();
  }
}

const lossOf = (logits: Tensor, { inputs }: StepContext) => crossEntropy(logits, inputs.labels, inputs.weights);

function checkLabels(part: string, { texts, labels }: Examples, { classWeights }: TrainSettings): void {
  if (texts.length === 0 || texts.length !== labels.length) {
    throw new Error(`the ${part} set has ${texts.length} texts and ${labels.length} labels; both must be equal and not 0`);
  }
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < (classWeights?.length ?? Infinity);
  const wrong = labels.findIndex((label) => !isClass(label));
  if (wrong < 0) return;
  throw new Error(`item ${wrong} of the ${part} set has the label ${labels[wrong]}: labels are class numbers from 0 on`);
}

/** What was seen in an epoch so far. */
interface Tally {
  loss: number;
  weight: number;
  right: number;
  norms: number;
}

interface RunOptions extends Pick<TrainRequest, "data" | "task" | "onProgress" | "onMetrics" | "signal"> {
  readonly engine: Engine;
  readonly feeds: { readonly train: Feed; readonly validation: Feed };
  readonly settings: TrainSettings;
}

class Run {
  private readonly order: Random;
  private readonly dropout: Random;
  private readonly total: number;
  private readonly rateOf: (step: number) => number;
  private readonly history: EpochRecord[] = [];
  private step = 0;

  constructor(private readonly options: RunOptions) {
    const { settings, data } = options;
    const random = new Random(settings.seed);
    [this.order, this.dropout] = [random.fork(), random.fork()];
    this.total = settings.epochs * Math.ceil(data.train.labels.length / settings.batchSize);
    const warmUpSteps = Math.round(settings.warmUp * this.total);
    const { rate } = settings;
    const shape = { rate, warmUpSteps, steps: this.total };
    this.rateOf = settings.schedule === "constant" ? constantSchedule(shape) : linearSchedule(shape);
  }

  async all() {
    const { history } = this;
    let [bestEpoch, best, aborted] = [0, {} as Weights, false];
    for (let epoch = 1; epoch <= this.options.settings.epochs && !aborted; epoch++) {
      const record = await this.epoch(epoch, history[history.length - 1]);
      if (!record) aborted = true;
      else {
        if (bestEpoch === 0 || record.validationAccuracy > history[bestEpoch - 1].validationAccuracy) {
          [bestEpoch, best] = [epoch, this.options.engine.weights()];
        }
        history.push(record);
      }
    }
    return { history, bestEpoch, best, aborted };
  }

  /** Null if the run is to stop. */
  private async epoch(epoch: number, before: EpochRecord | undefined): Promise<EpochRecord | null> {
    const { engine, feeds, data, settings, signal } = this.options;
    const start = performance.now();
    const tally: Tally = { loss: 0, weight: 0, right: 0, norms: 0 };
    const batches = planBatches(feeds.train, this.order);
    for (const batch of batches) {
      if (signal?.aborted) return null;
      this.one(epoch, batch, tally);
      this.report(epoch, tally, before);
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
    const logits = logitsOf(feeds.validation, () => engine);
    const { loss, accuracy } = judge(logits, data.validation.labels, settings.classWeights);
    const record: EpochRecord = {
      epoch, trainLoss: tally.loss / tally.weight, trainAccuracy: tally.right / data.train.labels.length,
      validationLoss: loss, validationAccuracy: accuracy,
      rate: this.rateOf(this.step - 1), gradientNorm: tally.norms / batches.length, seconds: (performance.now() - start) / 1000,
    };
    this.report(epoch, tally, record);
    this.log(epoch, { "train/accuracy": record.trainAccuracy, "eval/loss": loss, "eval/accuracy": accuracy });
    return record;
  }

  private one(epoch: number, { items, tokens }: Batch, tally: Tally): void {
    const { engine, feeds, data, settings: { classWeights, batchSize } } = this.options;
    const labels = items.map((item) => data.train.labels[item]);
    const rowWeights = labels.map((label) => classWeights?.[label] ?? 1);
    const inputs = { ...feeds.train.inputs(items, tokens), ...labelInputs(labels, rowWeights, batchSize) };
    const rate = this.rateOf(this.step);
    const { loss, gradientNorm, report } = engine.step(inputs, { rate, seed: this.dropout.uint32() });
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new DivergedError(
        `the loss is ${loss}, the gradients' norm ${gradientNorm} at step ${this.step + 1} of ${this.total} (epoch ${epoch}), learning rate ` +
          `${rate.toPrecision(3)}, training items ${items.join(", ")}: lower the learning rate`,
        [...this.history],
      );
    }
    this.step++;
    this.log(epoch, { "train/loss": loss, "train/learning_rate": rate, "train/grad_norm": gradientNorm });
    const weight = rowWeights.reduce((sum, one) => sum + one, 0);
    tally.loss += loss * weight;
    tally.weight += weight;
    tally.norms += gradientNorm;
    if (!report) return;
    const classes = report.shape[1];
    const guessed = (row: number) => bestClass(report.data.subarray(row * classes, (row + 1) * classes));
    tally.right += labels.filter((label, row) => label === guessed(row)).length;
  }

  private log(epoch: number, values: StepMetrics["values"]): void {
    this.options.onMetrics?.({ step: this.step, steps: this.total, epoch, values });
  }

  private report(epoch: number, tally: Tally, known: EpochRecord | undefined): void {
    const { onProgress, task = "training" } = this.options;
    const validation: Record<string, number> = known ? { validation: known.validationAccuracy } : {};
    onProgress?.({ task, done: this.step, total: this.total, values: { epoch, loss: tally.loss / tally.weight, ...validation } });
  }
}
