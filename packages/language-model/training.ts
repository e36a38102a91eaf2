/** One run: an LSTM language model trained under a schedule, and judged by held-out pieces. */

import { Random } from "../../lib/support/random";
import { cellSignal } from "../../lib/support/stop";
import type { StepMetrics } from "../run-log";
import { LanguageModel } from "./model";
import { initialWeights } from "./network";
import { goldChance, type Schedule } from "./schedule";
import { type Corpus, type Window, windowAt } from "./text";
import { type Judged, judged, meanOf, type Stretch, type Writer } from "./writer";

export interface TrainingSettings extends Stretch {
  readonly steps: number;
  /** Pieces of a batch, and characters of a piece. */
  readonly batchSize: number;
  readonly length: number;
  readonly embedding: number;
  readonly hidden: number;
  /** Of Adam, the same at every step. */
  readonly learningRate: number;
  readonly clipNorm: number;
  /** How often on the way the held-out text is looked at, the end counted. */
  readonly looks: number;
}

export interface Trained extends Judged {
  readonly seconds: number;
  /** The mean log-likelihood of held-out characters behind gold prefixes, on the way. */
  readonly curve: readonly { readonly step: number; readonly gold: number }[];
}

interface Run {
  readonly settings: TrainingSettings;
  readonly corpus: Corpus;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly pieces: readonly Window[];
  readonly judge: Writer;
}

const CURVE_PIECES = 64;

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(5)));

/**
 * Weights, pieces and their order come from the seed alone: all schedules of a seed begin alike.
 * @throws if a loss is no number; AbortError where the cell is interrupted
 */
export async function trainedRun(
  { settings, corpus: { characters, learnt }, schedule, seed, pieces, judge }: Run,
  onStep: (metrics: StepMetrics) => void,
): Promise<Trained> {
  const { steps, batchSize, length, looks, learningRate, clipNorm, prefix, own } = settings;
  const began = performance.now(),
    random = new Random(seed),
    weights = initialWeights({ ...settings, characters: characters.size }, random),
    coins = random.fork();
  const model = new LanguageModel({ weights, batchSize, length, clipNorm }),
    looked = new Set(Array.from({ length: looks }, (_, k) => Math.round(((k + 1) * steps) / looks))),
    curve: { step: number; gold: number }[] = [];
  try {
    for (let step = 1; step <= steps; step++) {
      cellSignal()?.throwIfAborted();
      const chance = goldChance(schedule, step - 1);
      const batch = Array.from({ length: batchSize }, () =>
        windowAt(learnt, random.integer(learnt.length - length), length),
      );
      const loss = model.train(batch, { goldChance: chance, learningRate, random: coins });
      if (!Number.isFinite(loss))
        throw new Error(`the loss of step ${step} is ${loss}: lower the learning rate ${learningRate}`);
      if (looked.has(step)) {
        const seen = model.likelihoods(pieces.slice(0, CURVE_PIECES));
        curve.push({ step, gold: meanOf(seen.map((one) => meanOf(one.slice(prefix + own)))) });
      }
      onStep({ step, steps, epoch: 1, values: { loss, "gold chance": chance } });
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
    const made = judged(model, pieces, { prefix, own, judge, characters }, coins);
    return {
      ...{ gold: rounded(made.gold), own: rounded(made.own), judge: rounded(made.judge) },
      ...{ written: made.written, curve, seconds: (performance.now() - began) / 1000 },
    };
  } finally {
    model.dispose();
  }
}
