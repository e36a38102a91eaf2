/**
 * The experiment: every schedule with every seed, stored as runs are, beside n-grams that only count. Seeds
 * are shared: schedules of one seed begin with the same weights and see the same pieces in the same order.
 */
import { MISSING_VARIABLE } from "../../lib/experiment/missing";
import { type RunKey, runOnce, type Stored, storedRun } from "../../lib/experiment/run";
import { showProgress } from "../../lib/show/progress";
import { canonicalJson, sha256 } from "../../lib/support/files";
import type { OnProgress } from "../../lib/support/progress";
import { Random } from "../../lib/support/random";
import { ABOVE_0, COUNT, checkFields, type Rules, whole } from "../../lib/support/settings";
import { backendName, ready } from "../tfjs-graph";
import { NGrams } from "./ngram";
import type { Schedule } from "./schedule";
import { type Corpus, type Window, windowsOf } from "./text";
import { type Trained, type TrainingSettings, trainedRun } from "./training";
import { type Judged, judged, judgedText, meanOf } from "./writer";

export interface LanguageSettings extends TrainingSettings {
  /** The most pieces of held-out text that all are judged by. */
  readonly pieces: number;
}

export interface LanguageExperiment extends LanguageSettings {
  /** Its folder in runs/. */
  readonly name: string;
  readonly corpus: Corpus;
  readonly systems: Readonly<Record<string, Schedule>>;
  readonly seeds: number;
  /** True trains again what is stored. */
  readonly fresh?: boolean;
  /** By default a line below the cell, or in a terminal. */
  readonly onProgress?: OnProgress;
}

interface LanguageResult extends Trained {
  /** Gold prefixes are continued no better than by counting single characters. */
  readonly failed: boolean;
}

/** As an answer counts runs. */
export interface LanguageRun extends Stored<LanguageResult> {
  readonly trial: { readonly system: string; readonly settings: { readonly initSeed: number } };
}

export interface LanguageResults {
  readonly experiment: LanguageExperiment;
  /** The held-out pieces. */
  readonly pieces: readonly Window[];
  readonly runs: readonly LanguageRun[];
  /** What only counts, by its name. */
  readonly counted: Readonly<Record<string, Judged>>;
  /** What the judge says of the held-out text itself. */
  readonly human: Pick<Judged, "judge" | "written">;
}

const RULES: Rules<LanguageSettings> = {
  steps: whole(2),
  batchSize: COUNT,
  length: whole(4),
  prefix: COUNT,
  own: COUNT,
  embedding: COUNT,
  hidden: COUNT,
  learningRate: ABOVE_0,
  clipNorm: ABOVE_0,
  pieces: COUNT,
  looks: COUNT,
};
/**
 * Raised when a run computes something else: it stands in every key. 2: gradients of an LSTM's weights are
 * one product each over all time steps, which moves their last bits.
 */
const FORM = 2;
const ORDER = 3; // of the longest n-grams: the best of 1 to 4 on the built-in texts
export const UNIGRAM = "single characters",
  TRIGRAM = "trigrams";

/** At most so many, at equal distances. */
function evenly<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}

/**
 * Trains what has no stored result.
 * @throws if a setting is not what it may be, the texts are too short, or a loss is no number; AbortError
 *   where the cell is interrupted
 */
export async function languageRuns(experiment: LanguageExperiment): Promise<LanguageResults> {
  const { name, corpus, systems, seeds, fresh: force = false, ...rest } = experiment,
    { onProgress = showProgress(), ...settings } = rest;
  checkFields(settings, RULES);
  checkFields({ seeds }, { seeds: COUNT });
  const { length, prefix, own, pieces: most } = settings;
  if (prefix + own >= length)
    throw new Error(
      `prefix ${prefix} and own ${own} leave nothing of a length of ${length} to be predicted behind them`,
    );
  await ready();
  const { characters, learnt } = corpus,
    pieces = evenly(windowsOf(corpus.heldOut, length), most);
  const judge = new NGrams(corpus.judging, characters.size, ORDER),
    judging = { prefix, own, judge, characters };
  const counts = (order: number) =>
    judged(new NGrams(learnt, characters.size, order), pieces, judging, new Random(0));
  const counted = { [UNIGRAM]: counts(1), [TRIGRAM]: counts(ORDER) };
  const texts = pieces.map(({ read }) => read);
  const human = {
    judge: judgedText(judge, texts, prefix),
    written: texts.map((ids) => characters.text(ids.slice(prefix))),
  };

  const planned = Object.entries(systems).flatMap(([system, schedule]) =>
    Array.from({ length: seeds }, (_, i) => {
      const key: RunKey = {
        experiment: name,
        settings: { ...settings, schedule, initSeed: i + 1, backend: backendName(), form: FORM },
        data: corpus.sha256,
        model: sha256(canonicalJson({ characters: characters.size, form: FORM })),
      };
      return { system, schedule, seed: i + 1, key };
    }),
  );
  const missing = planned.filter(({ key }) => force || storedRun(key) === undefined);
  if (process.env[MISSING_VARIABLE] !== undefined && missing.length > 0)
    throw new Error("language models are trained by their notebook alone: their runs are in no plan");
  const runs: LanguageRun[] = [];
  for (const { system, schedule, seed, key } of planned) {
    const place = missing.findIndex((one) => one.key === key);
    const told = (step: number, loss: number) =>
      onProgress({
        ...{ task: "steps of all runs", done: place * settings.steps + step },
        ...{ total: missing.length * settings.steps, values: { run: place + 1, loss } },
      });
    const run = { settings, corpus, schedule, seed, pieces, judge };
    const work: Parameters<typeof runOnce<LanguageResult>>[1] = async (_, log) => {
      const result = await trainedRun(run, (metrics) => {
        log.metrics(metrics);
        told(metrics.step, metrics.values.loss);
      });
      return { ...result, failed: meanOf(result.gold) <= meanOf(counted[UNIGRAM].gold) };
    };
    const stored = await runOnce(key, work, { force, about: { system, testSet: "held-out text" } });
    runs.push({ ...stored, trial: { system, settings: { initSeed: seed } } });
  }
  return { experiment, pieces, runs, counted, human };
}
