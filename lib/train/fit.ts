/**
 * Trains a classifier: any row of layers that ends in logits [B, C]. It knows layers, encoded texts and
 * labels, no BERT. Frozen layers are computed once (features.ts) and have no dropout. Step after step it
 * keeps all that is needed to go on after an end (packages/snapshots), and the best epoch's weights.
 */

import type { StepMetrics } from "../../packages/run-log";
import { only, restore, TrainingSnapshots, tensorsOf, withPrefix } from "../../packages/snapshots";
import { ready } from "../../packages/tfjs-graph";
import { hasFailed, labelCounts } from "../evaluate/ending";
import type { Model } from "../models/model";
import type { Weights } from "../support/host-array";
import { Random, type RandomState } from "../support/random";
import { cellSignal } from "../support/stop";
import { type Batch, drawBatches, type Examples, labelInputs, planBatches, taughtInputs } from "./batches";
import { EXPLOSION, type LossWatch, NO_LOSS, watched } from "./explosion";
import { looksAt, normsOf, WEIGHT_NORM } from "./norms";
import { type Opened, openTraining } from "./open";
import { scheduleOf } from "./optimizer";
import { bestClass, logitsOf, lossAndAccuracy } from "./predict";
import type { ResolvedRequest, TrainRequest } from "./request";
import { resolveTrainSettings } from "./settings";
import { type Phase, phaseOf } from "./unfreezing";

/** What a stage's name follows where the norm of its gradients is logged. */
export const STAGE_NORM = "train/grad_norm/";

/**
 * One epoch. Losses are mean cross entropies in nats, the training loss and accuracy those of the steps
 * themselves, with dropout.
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

/** How far a training has come. */
export interface Reached {
  readonly history: readonly EpochRecord[];
  /**
   * The epoch with the highest validation accuracy, the first of equals, or the last where a mean of epochs
   * is kept; 0 (the initial weights) if none was finished.
   */
  readonly bestEpoch: number;
  /** Where the run went on after it had been ended, and snapshots that could not be used. */
  readonly notes: readonly string[];
  /** Of training, before this process went on with it. */
  readonly secondsBefore: number;
}

export interface TrainResult extends Reached {
  /** The model with the weights of the best epoch. */
  readonly model: Model;
  /** Whether its last epoch is no better than the majority class of training (evaluate/ending.ts). */
  readonly failed: boolean;
  /** True if the signal stopped the run. */
  readonly aborted: boolean;
  readonly trainable: readonly string[];
  readonly engine: { readonly mode: "traced" | "eager"; readonly reason: string };
}

/** The loss stopped being a number, or exploded: says at which step, lines and learning rate. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";

  constructor(
    message: string,
    readonly reached: Reached,
  ) {
    super(message);
  }
}

/**
 * Trains what `freeze` leaves free and keeps the best epoch.
 * @throws if a setting or label is not what it may be, or a text is longer than the model takes;
 *   DivergedError if the loss stops being a number or explodes: with the step, the batch's lines and the
 *   learning rate
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  const { model, data, classWeights, signal = cellSignal() } = request;
  const settings = resolveTrainSettings(request.settings);
  await ready();
  checkLabels("training", data.train, classWeights);
  checkLabels("validation", data.validation, classWeights);
  if (settings.softTargets && data.train.taught?.length !== data.train.texts.length)
    throw new Error("softTargets: some training texts have no teacher's logits");
  const fit = new Fit({ ...request, signal, settings });
  try {
    await fit.begin();
    let goesOn = true;
    while (goesOn && fit.epochsLeft > 0) goesOn = await fit.epoch();
    const reached = fit.reached(),
      { engine, trainable } = fit.opened;
    return {
      ...reached,
      aborted: fit.epochsLeft > 0,
      trainable,
      model: { ...model, weights: { ...model.weights, ...fit.best } },
      failed: hasFailed(reached.history, labelCounts(data)),
      engine: { mode: engine.mode, reason: engine.reason },
    };
  } finally {
    fit.dispose();
  }
}

function checkLabels(part: string, { texts, labels }: Examples, classWeights?: readonly number[]): void {
  if (texts.length === 0 || texts.length !== labels.length) {
    throw new Error(
      `the ${part} set has ${texts.length} texts and ${labels.length} labels; both must be equal and not 0`,
    );
  }
  const isClass = (label: number) =>
    Number.isInteger(label) && label >= 0 && label < (classWeights?.length ?? Infinity);
  const wrong = labels.findIndex((label) => !isClass(label));
  if (wrong < 0) return;
  throw new Error(
    `item ${wrong} of the ${part} set has the label ${labels[wrong]}: labels are class numbers from 0 on`,
  );
}

/** What was seen in an epoch so far. */
interface Tally {
  readonly loss: number;
  readonly weight: number;
  readonly right: number;
  readonly norms: number;
}

const NOTHING: Tally = { loss: 0, weight: 0, right: 0, norms: 0 };

/**
 * Where a training stands between two steps, as JSON: with the engine's tensors all that is needed to go on
 * bit-identically.
 */
interface FitState {
  /** Steps done. */
  readonly step: number;
  /** Under way, from 1. */
  readonly epoch: number;
  /** Batches of this epoch that are done, what was seen in them, and the seconds that they took. */
  readonly batch: number;
  readonly tally: Tally;
  readonly seconds: number;
  readonly watch: LossWatch;
  /** The generator of the order before this epoch, and that of dropout now. */
  readonly order: RandomState;
  readonly dropout: RandomState;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly notes: readonly string[];
}

/** The epochs, from the beginning or from a snapshot, over an engine for each phase. */
class Fit {
  private current: Opened | undefined;
  private readonly steps: number;
  private readonly learningRateOf: (step: number) => number;
  private readonly looks: ReadonlySet<number>;
  private readonly snapshots: TrainingSnapshots<FitState> | undefined;
  private state: FitState;
  /** Of the best epoch. */
  best: Weights = {};
  private secondsBefore = 0;

  constructor(private readonly options: ResolvedRequest) {
    const { settings, data, snapshots } = options;
    const random = new Random(settings.orderSeed),
      order = random.fork(),
      dropout = random.fork();
    this.state = {
      step: 0,
      epoch: 1,
      batch: 0,
      tally: NOTHING,
      seconds: 0,
      watch: NO_LOSS,
      order: order.state,
      dropout: dropout.state,
      history: [],
      bestEpoch: 0,
      notes: [],
    };
    this.snapshots = snapshots && new TrainingSnapshots(snapshots);
    this.steps = settings.epochs * Math.ceil(data.train.labels.length / settings.batchSize);
    this.learningRateOf = scheduleOf(settings, this.steps);
    this.looks = looksAt(settings.weightNorms ?? 0, this.steps);
  }

  get epochsLeft(): number {
    return this.options.settings.epochs - this.state.epoch + 1;
  }

  reached(): Reached {
    const { history, bestEpoch, notes } = this.state;
    return { history, bestEpoch, notes, secondsBefore: this.secondsBefore };
  }

  get opened(): Opened {
    if (!this.current) throw new Error("the training has not begun");
    return this.current;
  }

  dispose(): void {
    this.current?.engine.dispose();
  }

  private phaseOf(epoch: number): Phase {
    return phaseOf(this.options, Math.min(epoch, this.options.settings.epochs));
  }

  /** Opens the first phase, or that of the newest snapshot. */
  async begin(): Promise<void> {
    const { task = "training", onProgress, model, settings } = this.options;
    const { snapshot, problems } = (await this.snapshots?.load()) ?? { problems: [] };
    if (snapshot) this.state = snapshot.state;
    const { epoch, batch } = this.state,
      phase = this.phaseOf(epoch);
    const sinceBefore = batch > 0 || this.phaseOf(epoch - 1).begins === phase.begins;
    const since = snapshot && !sinceBefore ? withPrefix("weight", snapshot.tensors) : {};
    this.current = await openTraining(this.options, phase, { ...model.weights, ...since });
    if (snapshot) {
      this.best = withPrefix("best", snapshot.tensors);
      const { epochs } = settings,
        steps = this.state.step - ((phase.begins - 1) * this.steps) / epochs;
      if (sinceBefore) restore(this.opened.engine, snapshot.tensors, steps);
      this.secondsBefore = this.state.history.reduce((sum, { seconds }) => sum + seconds, this.state.seconds);
    }
    const { step, notes } = this.state;
    const begun = snapshot ? [`went on after step ${step} of ${this.steps}`] : [];
    const news = [...problems, ...(!snapshot && problems.length > 0 ? ["started anew"] : begun)];
    this.state = { ...this.state, notes: [...notes, ...news] };
    if (problems.length > 0) onProgress?.({ task, done: step, total: this.steps, note: news.join("; ") });
    if (step === 0) this.logNorms();
  }

  private save(): void {
    if (this.state.step === 0) return;
    this.snapshots?.save({ state: this.state, tensors: tensorsOf(this.opened.engine, this.best) });
  }

  /** Goes over to another phase with the weights as they are. False if the signal stops it. */
  private async unfreeze(phase: Phase): Promise<boolean> {
    const { model, signal } = this.options,
      { engine } = this.opened;
    try {
      this.current = await openTraining(this.options, phase, { ...model.weights, ...engine.weights() });
      engine.dispose(); // it stays open where that fails
      return true;
    } catch (error) {
      if (!signal?.aborted) throw error;
      this.save();
      return false;
    }
  }

  /** False if the signal stops the run. */
  async epoch(): Promise<boolean> {
    const { data, classWeights, signal, settings } = this.options;
    const { epoch, seconds, history } = this.state;
    const began = performance.now() - 1000 * seconds,
      passed = () => (performance.now() - began) / 1000;
    const phase = this.phaseOf(epoch);
    if (phase.begins !== this.opened.begins && !(await this.unfreeze(phase))) return false;
    const { engine, trainable, loaders } = this.opened;
    const order = new Random(this.state.order);
    const plan = settings.groupByLength === false ? drawBatches : planBatches;
    const batches = plan(loaders.train, order);
    for (const batch of batches.slice(this.state.batch)) {
      if (signal?.aborted) {
        this.save();
        return false;
      }
      this.step(batch);
      this.state = { ...this.state, seconds: passed() };
      this.show(epoch, this.state.tally, history[history.length - 1]);
      if (this.snapshots?.due()) this.save();
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
    const isMean = this.averageEpochs(epoch);
    const logits = logitsOf(loaders.validation, engine);
    const { loss, accuracy } = lossAndAccuracy(logits, data.validation.labels, classWeights);
    const { step, tally, bestEpoch } = this.state;
    const record: EpochRecord = {
      epoch,
      trainLoss: tally.loss / tally.weight,
      trainAccuracy: tally.right / data.train.labels.length,
      validationLoss: loss,
      validationAccuracy: accuracy,
      rate: this.learningRateOf(step - 1),
      gradientNorm: tally.norms / batches.length,
      seconds: passed(),
    };
    const better = isMean || bestEpoch === 0 || accuracy > history[bestEpoch - 1].validationAccuracy;
    if (better) this.best = only(trainable, engine.averages());
    this.state = {
      ...this.state,
      epoch: epoch + 1,
      batch: 0,
      tally: NOTHING,
      seconds: 0,
      order: order.state,
      history: [...history, record],
      bestEpoch: better ? epoch : bestEpoch,
    };
    this.show(epoch, tally, record);
    this.log(epoch, { "train/accuracy": record.trainAccuracy, "eval/loss": loss, "eval/accuracy": accuracy });
    if (this.snapshots?.due(true)) this.save();
    return true;
  }

  /** The mean of the last epochs' weights, as far as it is asked for. @returns whether they are a mean now */
  private averageEpochs(epoch: number): boolean {
    const { epochs, swaEpochs } = this.options.settings;
    if (swaEpochs === undefined) return false;
    const among = epoch - (epochs - swaEpochs); // 1 for the first of them
    this.opened.engine.average(1 / Math.max(1, among));
    return among >= 1;
  }

  private step({ items, tokens }: Batch): void {
    const { data, settings, classWeights, explosion = EXPLOSION } = this.options,
      { engine, loaders } = this.opened;
    const { step, epoch, batch, tally } = this.state;
    const labels = items.map((item) => data.train.labels[item]);
    const rowWeights = labels.map((label) => classWeights?.[label] ?? 1);
    const weight = rowWeights.reduce((sum, one) => sum + one, 0);
    const learningRate = this.learningRateOf(step),
      dropout = new Random(this.state.dropout);
    const inputs = {
      ...loaders.train.inputs(items, tokens),
      ...labelInputs(labels, rowWeights, settings.batchSize),
      ...taughtInputs(data.train, items, settings.batchSize),
    };
    const result = engine.step(inputs, { learningRate, seed: dropout.uint32() });
    if (settings.emaDecay !== undefined) engine.average(step === 0 ? 1 : 1 - settings.emaDecay);
    const { loss, gradientNorm, stageNorms = {}, aux: logits } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw this.diverged(`the loss is ${loss}, the gradients' norm ${gradientNorm}`, items);
    const classes = logits?.shape[1] ?? 2;
    const watch = watched(this.state.watch, loss, classes, explosion);
    if (watch.above >= explosion.steps) {
      const [high, bound] = [loss, watch.bound].map((value) => value.toPrecision(3));
      throw this.diverged(`the loss explodes (${high}, above ${bound} for ${watch.above} steps)`, items);
    }
    const guessed = (row: number) =>
      logits && bestClass(logits.data.subarray(row * classes, (row + 1) * classes));
    this.state = {
      ...this.state,
      step: step + 1,
      batch: batch + 1,
      watch,
      dropout: dropout.state,
      tally: {
        loss: tally.loss + loss * weight,
        weight: tally.weight + weight,
        norms: tally.norms + gradientNorm,
        right: tally.right + labels.filter((label, row) => label === guessed(row)).length,
      },
    };
    const byStage = Object.entries(stageNorms).map(([stage, norm]) => [`${STAGE_NORM}${stage}`, norm]);
    this.log(epoch, {
      "train/loss": loss,
      "train/learning_rate": learningRate,
      "train/grad_norm": gradientNorm,
      ...Object.fromEntries(byStage),
    });
    this.logNorms();
  }

  /** Of what is trained now, at the steps that are to be looked at. */
  private logNorms(): void {
    const { step, epoch } = this.state,
      { engine, trainable } = this.opened;
    if (!this.looks.has(step)) return;
    const norms = Object.entries(normsOf(only(trainable, engine.weights())));
    this.log(epoch, Object.fromEntries(norms.map(([name, norm]) => [`${WEIGHT_NORM}${name}`, norm])));
  }

  private diverged(what: string, items: readonly number[]): DivergedError {
    const { step, epoch } = this.state,
      { lines } = this.options.data.train;
    const named = items.map((item) => (lines ? `${item} 「${shortened(lines[item])}」` : item)).join(", ");
    const rate = this.learningRateOf(step).toPrecision(3);
    const where = `at step ${step + 1} of ${this.steps} (epoch ${epoch}), learning rate ${rate}, training items ${named}`;
    return new DivergedError(`${what} ${where}: lower the learning rate`, this.reached());
  }

  private log(epoch: number, values: StepMetrics["values"]): void {
    this.options.onMetrics?.({ step: this.state.step, steps: this.steps, epoch, values });
  }

  private show(epoch: number, tally: Tally, known: EpochRecord | undefined): void {
    const { onProgress, task = "training" } = this.options;
    const validation: Record<string, number> = known ? { validation: known.validationAccuracy } : {};
    onProgress?.({
      task,
      done: this.state.step,
      total: this.steps,
      values: { epoch, loss: tally.loss / tally.weight, ...validation },
    });
  }
}

const SHOWN = 20; // characters of a line

function shortened(line: string): string {
  const characters = [...line];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join("")}…` : line;
}
