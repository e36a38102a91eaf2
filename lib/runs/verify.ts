/**
 * Stored runs trained again, to see whether the code of now gives their numbers: the cheapest ones of each
 * experiment and freeze mode, with features computed anew, in a folder of runs of their own.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, readJson, sha256, writeBeside } from "../files";
import { processor } from "../processor";
import { backendName, ready } from "../tensor/backend";
import { describeChanges } from "../versions";
import type { ClassificationResult, Trial } from "./classification";
import { loadSplit } from "./dataset";
import { doc2vecHash, isDoc2vec } from "./doc2vec";
import { type Environment, environmentOf } from "./environment";
import { settingsOfKey } from "./key";
import type { ListedRun } from "./list";
import { located } from "./places";
import type { PoolOptions } from "./pool";
import { type ResultFile, readJsonLines, runsFolder } from "./run";
import { chooseModel, settleTrials } from "./trials";

/** Another processor sums in another order: there, probabilities may differ by so much. */
export const TOLERANCE = 0.01;

export interface Verified {
  readonly run: ListedRun;
  /** close: on another processor, within TOLERANCE. skipped: it could not be trained here. */
  readonly verdict: "equal" | "close" | "differs" | "skipped";
  /** What differs, or why it was skipped and what would help. */
  readonly words: string;
}

export interface VerifyOptions extends Pick<PoolOptions, "onJobs" | "signal"> {
  /** Runs of each experiment and freeze mode. */
  readonly sample?: number;
  /** Where the model lies, if not where a run says. */
  readonly model?: string;
}

/** The cheapest finished runs of each experiment and freeze mode, by their seconds. */
export function cheapest(runs: readonly ListedRun[], sample = 1): ListedRun[] {
  const groups = new Map<string, ListedRun[]>();
  for (const run of runs) {
    if (run.state !== "done" || run.settings.freeze === undefined) continue;
    const group = `${run.experiment} ${String(run.settings.freeze)}`;
    groups.set(group, [...(groups.get(group) ?? []), run]);
  }
  const seconds = ({ metrics }: ListedRun) => Number(metrics.seconds ?? Number.POSITIVE_INFINITY);
  return [...groups.values()].flatMap((group) =>
    group.sort((a, b) => seconds(a) - seconds(b)).slice(0, sample),
  );
}

/** The trial that a stored run was, or in words why it cannot be made again here. */
async function trialOf(run: ListedRun, model: string | undefined): Promise<Trial | string> {
  const { settings, experiment, about, folder } = run;
  const changes = describeChanges(run.changes.filter(({ component }) => component !== "metrics"));
  if (changes !== "") return `${changes}: the code of now gives other numbers by intention`;
  if (settings.backend !== backendName())
    return `made with ${String(settings.backend)}, not ${backendName()}`;
  const path = join(runsFolder(), "datasets", `${run.data.slice(0, 12)}.jsonl`);
  if (!existsSync(path) || sha256(readFileSync(path)) !== run.data)
    return "its data set is not stored here: execute the notebook, which stores it";
  const split = loadSplit(String(settings.items));
  if (!split) return "its split is not stored here: execute the notebook, which stores it";
  const { sources } = readJson<{ sources?: { model?: string } }>(join(folder, "config.json")) ?? {};
  const named = sources?.model ?? "a folder that is not stored";
  const place = model ?? located(named);
  if (place === undefined || !existsSync(place))
    return `its model is not here (${named}): name its folder with --model`;
  const found = isDoc2vec(place) ? await doc2vecHash(place) : (await chooseModel(place)).sha256;
  if (found !== run.model) return `${named} is not the model that it was trained with`;
  return {
    experiment,
    system: about.system ?? "",
    testSet: about.testSet ?? "",
    settings: settingsOfKey(settings),
    classes: settings.classes as readonly string[],
    dataset: { path, sha256: run.data },
    split,
    model: { folder: place, sha256: run.model },
    features: "memory",
    keepWeights: false,
  };
}

const resultOf = (folder: string) =>
  readJson<ResultFile<ClassificationResult>>(join(folder, "result.json"))?.result;
const probabilitiesOf = (folder: string) =>
  readJsonLines<{ readonly probabilities: readonly number[] }>(join(folder, "predictions.jsonl")).flatMap(
    ({ probabilities }) => probabilities,
  );

/** Compares predictions, their probabilities and the losses of every epoch to the last bit. */
function compared(run: ListedRun, again: string): Pick<Verified, "verdict" | "words"> {
  const [before, now] = [resultOf(run.folder), resultOf(again)];
  if (!before || !now) return { verdict: "differs", words: "one of the two has no result" };
  const numbers = ({ items, gold, predicted, history, bestEpoch }: ClassificationResult) =>
    canonicalJson({
      items,
      gold,
      predicted,
      bestEpoch,
      history: history.map((one) => ({ ...one, seconds: 0 })),
    });
  const predictions = join(run.folder, "predictions.jsonl");
  const [old, fresh] = existsSync(predictions) ? [run.folder, again].map(probabilitiesOf) : [[], []];
  const far = old.length === fresh.length ? Math.max(0, ...old.map((p, i) => Math.abs(p - fresh[i]))) : 1;
  if (numbers(before) === numbers(now) && far === 0) return { verdict: "equal", words: "" };
  const others = before.predicted.filter((label, i) => label !== now.predicted[i]).length;
  const words = `${others} of ${before.predicted.length} items have another class, probabilities differ by up to ${far.toFixed(4)}`;
  const same = readJson<Environment>(join(run.folder, "environment.json"))?.processor === processor();
  if (same) return { verdict: "differs", words };
  const where = `made on another processor, where ${TOLERANCE} is allowed`;
  return { verdict: far <= TOLERANCE ? "close" : "differs", words: `${words}; ${where}` };
}

/**
 * Trains runs again and compares, and notes in runs/verified.json when and at which commit.
 * @param runs all that may be chosen, as listRuns gives them
 */
export async function verify(
  runs: readonly ListedRun[],
  { sample, model, ...options }: VerifyOptions = {},
): Promise<readonly Verified[]> {
  await ready();
  const chosen = cheapest(runs, sample);
  const trials: (Trial | string)[] = [];
  for (const run of chosen) trials.push(await trialOf(run, model));
  const kept = process.env.KOMALAB_RUNS,
    home = runsFolder(),
    folder = mkdtempSync(join(tmpdir(), "komalab-verify-"));
  process.env.KOMALAB_RUNS = folder;
  try {
    const trained = trials.filter((trial): trial is Trial => typeof trial !== "string");
    const made = await settleTrials(trained, { ...options, keepGoing: true });
    const results = chosen.map((run, i): Verified => {
      const trial = trials[i];
      if (typeof trial === "string") return { run, verdict: "skipped", words: trial };
      const again = made[trained.indexOf(trial)];
      if (!again) return { run, verdict: "differs", words: "training it again crashed" };
      return { run, ...compared(run, again.folder) };
    });
    const count = (verdict: Verified["verdict"]) => results.filter((one) => one.verdict === verdict).length;
    const { commit } = environmentOf();
    const note = { at: new Date().toISOString(), commit, processor: processor() };
    const counts = { equal: count("equal"), close: count("close"), differs: count("differs") };
    writeBeside(join(home, "verified.json"), `${JSON.stringify({ ...note, ...counts }, null, 2)}\n`);
    return results;
  } finally {
    if (kept === undefined) delete process.env.KOMALAB_RUNS;
    else process.env.KOMALAB_RUNS = kept;
    rmSync(folder, { recursive: true, force: true });
  }
}
