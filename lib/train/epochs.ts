/**
 * The epochs of a training, step after step, with all that is needed to go on after an end: an open engine is
 * moved, the best epoch's weights are kept. C classes.
 */

import type { Engine } from "../../packages/tfjs-graph";
import type { Weights } from "../support/host-array";
import type { OnProgress } from "../support/progress";
import { Random, type RandomState } from "../support/random";
import { type Batch, labelInputs, planBatches } from "./batches";
import { type CheckpointSettings, Checkpoints, only, part, restore, tensorsOf } from "./checkpoints";
import { type LossWatch, NO_LOSS, watched } from "./explosion";
import { bestClass, judge, logitsOf } from "./predict";
import { constantSchedule, linearSchedule } from "./schedule";
import type { TrainSettings } from "./settings";
import type { Examples, Feed } from "./tail";

/** What a stage's name follows where the norm of its gradients is logged. */
export const STAGE_NORM = "train/grad_norm/";

/** Numbers of one step. */
export interface StepMetrics {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

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

/** The loss stopped being a number, or exploded: says at which step, lines and learning rate. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";

  /** @param reached the epochs before, and what is known of processes before this one, as in TrainResult */
  constructor(
    message: string,
    readonly reached: Pick<ReturnType<Run["reached"]>, "history" | "notes" | "secondsBefore">,
  ) {
    super(message);
  }
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
 * Where a run stands between two steps, as JSON: with the engine's tensors all that is needed to go on
 * bit-identically.
 */
interface RunState {
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

export interface RunOptions {
  readonly data: { readonly train: Examples; readonly validation: Examples };
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
   * Where to keep checkpoints and to go on from the newest: after every epoch, within long ones, and when the
   * signal stops the run.
   */
  readonly checkpoint?: CheckpointSettings;
}

interface EngineOptions extends RunOptions {
  readonly engine: Engine;
  readonly trainable: readonly string[];
  readonly feeds: { readonly train: Feed; readonly validation: Feed };
  readonly settings: TrainSettings;
}

/** Epochs over an open engine, from the beginning or from a checkpoint. */
export class Run {
  private readonly total: number;
  private readonly rateOf: (step: number) => number;
  private readonly checkpoints: Checkpoints<RunState> | undefined;
  private state: RunState;
  private best: Weights = {};
  private secondsBefore = 0;

  constructor(private readonly options: EngineOptions) {
    const { settings, data, checkpoint } = options;
    const random = new Random(settings.seed),
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
    this.checkpoints = checkpoint && new Checkpoints(checkpoint);
    this.total = settings.epochs * Math.ceil(data.train.labels.length / settings.batchSize);
    const warmUpSteps = Math.round(settings.warmupRatio * this.total);
    const { learningRate } = settings;
    const shape = { learningRate, warmUpSteps, steps: this.total };
    this.rateOf = settings.schedule === "constant" ? constantSchedule(shape) : linearSchedule(shape);
  }

  /** Trains until the last epoch, or until the signal stops it. */
  async all(): Promise<void> {
    await this.resume();
    while (this.state.epoch <= this.options.settings.epochs && (await this.epoch()));
  }

  /** What there is by now. */
  reached() {
    const { history, bestEpoch, notes, epoch } = this.state;
    return {
      history,
      bestEpoch,
      notes,
      best: this.best,
      aborted: epoch <= this.options.settings.epochs,
      secondsBefore: this.secondsBefore,
    };
  }

  private async resume(): Promise<void> {
    if (!this.checkpoints) return;
    const { task = "training", onProgress, engine } = this.options;
    const { snapshot, problems } = await this.checkpoints.load();
    if (snapshot) {
      this.state = snapshot.state;
      this.best = part("best", snapshot.tensors);
      restore(engine, snapshot.tensors, this.state.step);
      this.secondsBefore = this.state.history.reduce((sum, { seconds }) => sum + seconds, this.state.seconds);
    }
    const { step, notes } = this.state;
    const news = [
      ...problems,
      ...(snapshot
        ? [`went on after step ${step} of ${this.total}`]
        : problems.length > 0
          ? ["started anew"]
          : []),
    ];
    this.state = { ...this.state, notes: [...notes, ...news] };
    if (problems.length > 0) onProgress?.({ task, done: step, total: this.total, note: news.join("; ") });
  }

  private save(): void {
    if (this.state.step === 0) return;
    this.checkpoints?.save({ state: this.state, tensors: tensorsOf(this.options.engine, this.best) });
  }

  /** False if the run is to stop. */
  private async epoch(): Promise<boolean> {
    const { engine, trainable, feeds, data, settings, signal } = this.options;
    const { epoch, seconds, history } = this.state;
    const began = performance.now() - 1000 * seconds,
      passed = () => (performance.now() - began) / 1000;
    const order = new Random(this.state.order);
    const batches = planBatches(feeds.train, order);
    for (const batch of batches.slice(this.state.batch)) {
      if (signal?.aborted) {
        this.save();
        return false;
      }
      this.one(batch);
      this.state = { ...this.state, seconds: passed() };
      this.report(epoch, this.state.tally, history[history.length - 1]);
      if (this.checkpoints?.due()) this.save();
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
    const logits = logitsOf(feeds.validation, engine);
    const { loss, accuracy } = judge(logits, data.validation.labels, settings.classWeights);
    const { step, tally, bestEpoch } = this.state;
    const record: EpochRecord = {
      epoch,
      trainLoss: tally.loss / tally.weight,
      trainAccuracy: tally.right / data.train.labels.length,
      validationLoss: loss,
      validationAccuracy: accuracy,
      rate: this.rateOf(step - 1),
      gradientNorm: tally.norms / batches.length,
      seconds: passed(),
    };
    const better = bestEpoch === 0 || accuracy > history[bestEpoch - 1].validationAccuracy;
    if (better) this.best = only(trainable, engine.weights());
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
    this.report(epoch, tally, record);
    this.log(epoch, { "train/accuracy": record.trainAccuracy, "eval/loss": loss, "eval/accuracy": accuracy });
    if (this.checkpoints?.due(true)) this.save();
    return true;
  }

  private one({ items, tokens }: Batch): void {
    const {
      engine,
      feeds,
      data,
      settings: { classWeights, explosion },
    } = this.options;
    const { step, epoch, batch, tally, watch } = this.state;
    const labels = items.map((item) => data.train.labels[item]);
    const rowWeights = labels.map((label) => classWeights?.[label] ?? 1);
    const weight = rowWeights.reduce((sum, one) => sum + one, 0);
    const inputs = {
      ...feeds.train.inputs(items, tokens),
      ...labelInputs(labels, rowWeights, feeds.train.batchSize),
    };
    const rate = this.rateOf(step),
      dropout = new Random(this.state.dropout);
    const {
      loss,
      gradientNorm,
      stageNorms = {},
      aux: logits,
    } = engine.step(inputs, { learningRate: rate, seed: dropout.uint32() });
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw this.diverged(`the loss is ${loss}, the gradients' norm ${gradientNorm}`, items, rate);
    }
    const classes = logits?.shape[1] ?? 2;
    const now = watched(watch, loss, classes, explosion);
    if (now.above >= explosion.steps) {
      throw this.diverged(
        `the loss explodes (${loss.toPrecision(3)}, above ${now.bound.toPrecision(3)} for ${now.above} steps)`,
        items,
        rate,
      );
    }
    const guessed = (row: number) =>
      logits && bestClass(logits.data.subarray(row * classes, (row + 1) * classes));
    this.state = {
      ...this.state,
      step: step + 1,
      batch: batch + 1,
      watch: now,
      dropout: dropout.state,
      tally: {
        loss: tally.loss + loss * weight,
        weight: tally.weight + weight,
        norms: tally.norms + gradientNorm,
        right: tally.right + labels.filter((label, row) => label === guessed(row)).length,
      },
    };
    const byStage = Object.fromEntries(
      Object.entries(stageNorms).map(([stage, norm]) => [`${STAGE_NORM}${stage}`, norm]),
    );
    this.log(epoch, {
      "train/loss": loss,
      "train/learning_rate": rate,
      "train/grad_norm": gradientNorm,
      ...byStage,
    });
  }

  private diverged(what: string, items: readonly number[], rate: number): DivergedError {
    const { step, epoch, history, notes } = this.state,
      { lines } = this.options.data.train;
    const named = items.map((item) => (lines ? `${item} 「${shortened(lines[item])}」` : item)).join(", ");
    const where = `at step ${step + 1} of ${this.total} (epoch ${epoch}), learning rate ${rate.toPrecision(3)}, training items ${named}`;
    return new DivergedError(`${what} ${where}: lower the learning rate`, {
      history,
      notes,
      secondsBefore: this.secondsBefore,
    });
  }

  private log(epoch: number, values: StepMetrics["values"]): void {
    this.options.onMetrics?.({ step: this.state.step, steps: this.total, epoch, values });
  }

  private report(epoch: number, tally: Tally, known: EpochRecord | undefined): void {
    const { onProgress, task = "training" } = this.options;
    const validation: Record<string, number> = known ? { validation: known.validationAccuracy } : {};
    onProgress?.({
      task,
      done: this.state.step,
      total: this.total,
      values: { epoch, loss: tally.loss / tally.weight, ...validation },
    });
  }
}

const SHOWN = 20; // characters of a line

function shortened(line: string): string {
  const characters = [...line];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join("")}…` : line;
}
