/**
 * Stored runs trained again, to see whether the code of now gives their numbers: the cheapest ones of each
 * experiment and freeze mode, with features computed anew, in a folder of runs of their own.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { datasetPath, loadSplit } from "../../lib/experiment/dataset";
import { doc2vecHash, isDoc2vec } from "../../lib/experiment/doc2vec";
import { type Environment, environmentOf } from "../../lib/experiment/environment";
import { keyOf, settingsOfKey } from "../../lib/experiment/key";
import { located } from "../../lib/experiment/places";
import type { Job, PoolOptions } from "../../lib/experiment/pool";
import { withProbabilities } from "../../lib/experiment/probabilities";
import { type ResultFile, runFolder, withOwnRuns } from "../../lib/experiment/run";
import type { ClassificationResult, Trial, TrialRun } from "../../lib/experiment/spec";
import { chooseModel, runTrials } from "../../lib/experiment/trials";
import { readJson, sha256OfFileNow } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { remembered } from "../../lib/support/remembered";
import { describeChanges } from "../../lib/versions";
import { isRecurrent, recurrentHash } from "../recurrent";
import { ready } from "../tfjs-graph";
import type { ListedRun } from "./list";
import { noteVerification } from "./verification";

/** Another processor sums in another order: there, probabilities may differ by so much. */
export const TOLERANCE = 0.01;

interface Verified {
  readonly run: ListedRun;
  /** close: not made on such a computer, and within TOLERANCE. skipped: it could not be trained here. */
  readonly verdict: "equal" | "close" | "differs" | "skipped";
  /** What differs, or why it was skipped and what would help. */
  readonly words: string;
}

interface VerifyOptions extends Omit<PoolOptions, "keepGoing" | "onJobs"> {
  /** Runs of each experiment and freeze mode. */
  readonly sample?: number;
  /** Where the model lies, if not where a run says. */
  readonly model?: string;
}

/** Where a run's model lay, as `portable` names it. */
const sourceOf = ({ folder }: ListedRun) =>
  readJson<{ readonly sources?: { readonly model: string } }>(join(folder, "config.json"))?.sources?.model ??
  "elsewhere:not stored";

type HashOf = (folder: string) => Promise<string>;

/** Makes each hash once. */
function hashOfModels(): HashOf {
  const known = new Map<string, Promise<string>>();
  return (folder) =>
    remembered(known, folder, () =>
      isRecurrent(folder)
        ? Promise.resolve(recurrentHash(folder))
        : isDoc2vec(folder)
          ? doc2vecHash(folder)
          : chooseModel(folder).then(({ sha256 }) => sha256),
    );
}

/**
 * The trial that a stored run was.
 * @throws if it cannot be made again here, with the reason and the remedy
 */
async function trialOf(run: ListedRun, hashOf: HashOf, given?: string): Promise<Trial> {
  const { settings, experiment, about, data, folder } = run;
  if (settings.freeze === undefined)
    throw new Error("it is no classifier's: its notebook makes it again, with --set fresh=true");
  const changes = run.changes.filter(({ component }) => component !== "metrics"); // these decide no prediction
  if (changes.length > 0)
    throw new Error(`${describeChanges(changes)}: the code of now gives other numbers by intention`);
  const path = datasetPath(data);
  if (!existsSync(path) || sha256OfFileNow(path) !== data)
    throw new Error("its data set is not stored here: execute the notebook, which stores it");
  const split = loadSplit(String(settings.items));
  if (!split) throw new Error("its split is not stored here: unpack an archive that holds it");
  const source = sourceOf(run),
    places = [located(source), given && resolve(given)].filter((place) => place && existsSync(place));
  const hashes = await Promise.all(places.map((place) => hashOf(place!))),
    model = places[hashes.indexOf(run.model)];
  if (!model)
    throw new Error(
      places.length === 0
        ? `its model is not here (${source}): name its folder with --model`
        : `its model (${source}) is not the one that lies there now: name its folder with --model`,
    );
  const trial: Trial = {
    experiment,
    system: about.system ?? "",
    testSet: about.testSet ?? "",
    settings: settingsOfKey(settings),
    classes: settings.classes as readonly string[],
    dataset: { path, sha256: data },
    split: { ...split, name: String(settings.split) },
    model: { folder: model, sha256: run.model },
    features: "memory",
    keepWeights: false,
  };
  if (runFolder(keyOf(trial)) !== folder)
    throw new Error(`made with ${String(settings.backend)}, or its settings were spelt otherwise then`);
  return trial;
}

interface Chosen {
  readonly run: ListedRun;
  readonly trial: Trial | string;
}

/**
 * The cheapest finished runs of each experiment and freeze mode, a head over doc2vec being one of its own.
 * One that cannot be made again is chosen where no other can, with the reason in the trial's place.
 */
async function cheapest(runs: readonly ListedRun[], { sample = 1, model }: VerifyOptions): Promise<Chosen[]> {
  const seconds = ({ metrics }: ListedRun) => Number(metrics.seconds ?? Infinity);
  const done = runs.filter(({ state }) => state === "done").sort((a, b) => seconds(a) - seconds(b));
  const kindOf = (run: ListedRun) =>
    [run.experiment, run.settings.freeze, sourceOf(run).startsWith("cache:doc2vec/")].join();
  const hashOf = hashOfModels(),
    chosen: Chosen[] = [];
  for (const group of grouped(done, kindOf).values()) {
    const [can, cannot]: Chosen[][] = [[], []];
    for (const run of group) {
      if (can.length === sample) break;
      await trialOf(run, hashOf, model).then(
        (trial) => can.push({ run, trial }),
        (error: Error) => cannot.push({ run, trial: error.message }),
      );
    }
    chosen.push(...can, ...cannot.slice(0, sample - can.length));
  }
  return chosen;
}

/** Equal words: equal bits. A GPU gives no bits twice. */
const computer = ({ processor, gpu }: Partial<Environment>, run: string) => `${processor} ${gpu && run}`;

/** Compares predictions, their probabilities and the losses of every epoch to the last bit. */
function compared(run: ListedRun, again: TrialRun): Omit<Verified, "run"> {
  const stored = readJson<ResultFile<ClassificationResult>>(join(run.folder, "result.json"))!;
  const result = withProbabilities(run.folder, stored.result);
  const [old, fresh] = [result, again.result].map(({ probabilities = [] }) => probabilities);
  const numbers = ({ items, gold, predicted, history, bestEpoch }: ClassificationResult) =>
    JSON.stringify([items, gold, predicted, bestEpoch, history.map((one) => ({ ...one, seconds: 0 }))]);
  const far =
    old.length === fresh.length
      ? old
          .flatMap((row, i) => row.map((p, c) => Math.abs(p - fresh[i][c])))
          .reduce((a, b) => Math.max(a, b), 0)
      : 1;
  if (numbers(result) === numbers(again.result) && far === 0) return { verdict: "equal", words: "" };
  const others = result.items.filter((_, i) => result.predicted[i] !== again.result.predicted[i]);
  const named =
    others.length === 0 ? "" : ` (${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""})`;
  const kept = [result.bestEpoch, again.result.bestEpoch];
  // epochs of nearly equal validation accuracy change places with the last digits
  const epochs = kept[0] === kept[1] ? "" : `epoch ${kept[1]} is kept instead of ${kept[0]}: `;
  const words =
    old.length === fresh.length
      ? `${epochs}${others.length} of ${result.items.length} items have another class${named}, probabilities differ by up to ${far.toFixed(4)}`
      : "training broke down in one of the two";
  const made: Partial<Environment> = readJson(join(run.folder, "environment.json")) ?? {};
  if (computer(made, run.folder) === computer(environmentOf(), again.folder))
    return {
      verdict: "differs",
      words: others.length + far === 0 ? `${words}, losses in their last digits` : words,
    };
  const where = made.processor === undefined ? "an unknown processor" : "another processor or a GPU";
  return {
    verdict: far <= TOLERANCE ? "close" : "differs",
    words: `${words}; made on ${where}, where ${TOLERANCE} is allowed`,
  };
}

/**
 * Trains runs again and compares, and notes in runs/verified.json when and at which commit.
 * @param runs all that may be chosen, as listRuns gives them
 * @throws AbortError if the signal fires
 */
export async function verify(
  runs: readonly ListedRun[],
  { sample, model, ...options }: VerifyOptions = {},
): Promise<readonly Verified[]> {
  await ready(); // the backend is part of a run's name
  const chosen = await cheapest(runs, { sample, model }),
    trials = chosen.flatMap(({ trial }) => (typeof trial === "string" ? [] : [trial]));
  let jobs: readonly Job[] = [];
  const results = await withOwnRuns(async () => {
    const made =
      trials.length === 0
        ? []
        : await runTrials(trials, { ...options, keepGoing: true, onJobs: (now) => (jobs = now) });
    return chosen.map(({ run, trial }): Verified => {
      if (typeof trial === "string") return { run, verdict: "skipped", words: trial };
      const again = made[trials.indexOf(trial)];
      if (again) return { run, ...compared(run, again) };
      return { run, verdict: "differs", words: `crashed: ${jobs[trials.indexOf(trial)].error}` };
    });
  });
  if (trials.length > 0) {
    const count = (verdict: Verified["verdict"]) => results.filter((one) => one.verdict === verdict).length;
    const { commit, processor } = environmentOf();
    noteVerification({
      at: new Date().toISOString(),
      commit,
      processor,
      equal: count("equal"),
      close: count("close"),
      differs: count("differs"),
      skipped: count("skipped"),
    });
  }
  return results;
}
