/**
 * A search carried out: rung after rung, each trained where it is not stored. What rung comes next follows
 * from stored results alone, so a search that was ended goes on where it was when it is asked for again, and
 * its runs may as well be made elsewhere (packages/cluster).
 */

import {
  type Comparison,
  compare,
  type MetricName,
  scoreBy,
  type Versus,
} from "../../lib/evaluate/comparison";
import { endingOf } from "../../lib/evaluate/ending";
import { LEAST_SEEDS } from "../../lib/evaluate/verdict";
import { keyOf } from "../../lib/experiment/key";
import { MISSING_VARIABLE } from "../../lib/experiment/missing";
import type { Job } from "../../lib/experiment/pool";
import { runFolder } from "../../lib/experiment/run";
import type { ClassificationSettings, Trial, TrialRun } from "../../lib/experiment/spec";
import { planTrials, predictionsOf, runTrials } from "../../lib/experiment/trials";
import { markdown, show } from "../../lib/show/display";
import { showJobs } from "../../lib/show/jobs";
import { planOf } from "../../lib/study/experiment";
import { DRAWS } from "../../lib/study/results";
import type { Item, Task } from "../../lib/study/task";
import { grouped } from "../../lib/support/groups";
import { ready } from "../tfjs-graph";
import { type Budget, budgetInWords, budgetOf, minutesInWords } from "./budget";
import { type Candidate, type Candidates, combinations } from "./candidates";
import { type Halving, keptOf, type Ranked, type Rung, ranked, rungsOf } from "./halving";
import { linesTable, searchTask } from "./lines";

/** What search() takes. */
export interface Search extends Halving {
  /** The folder of its runs in runs/, such as "16-search". */
  readonly name: string;
  readonly candidates: Candidates;
  /** What all candidates have in common, over CLASSIFICATION_DEFAULTS (experiment/spec.ts). */
  readonly settings?: Partial<ClassificationSettings>;
  /** What candidates are judged by; macroF1 by default. */
  readonly metric?: MetricName;
  /** Runs side by side, one thread each; 2 by default. */
  readonly processes?: number;
  /** True trains again what is stored. */
  readonly fresh?: boolean;
}

/** A candidate in a rung; low and high are the 95 % interval of its score, NaN without a result. */
export interface Standing extends Ranked {
  readonly candidate: Candidate;
  readonly low: number;
  readonly high: number;
  /** The score of each seed. */
  readonly seeds: readonly number[];
  readonly failed: number;
  readonly diverged: number;
  readonly crashed: number;
  /** Whether it goes on into the next rung; in the last one, whether it is chosen. */
  readonly kept: boolean;
  /** Against the best of the rung; none where nothing is judged, or one of the two has broken runs. */
  readonly toBest?: Versus;
}

export interface JudgedRung extends Rung {
  /** Best first. */
  readonly standings: readonly Standing[];
}

/** What search() gives. */
export interface Found<T extends Item = Item> {
  readonly task: Task<T>;
  /** The task without its test lines, which the search ran on. */
  readonly searched: Task<T>;
  readonly search: Search;
  readonly metric: MetricName;
  readonly budget: Budget;
  readonly rungs: readonly JudgedRung[];
  readonly winner: Candidate;
  /** All that gave a result. */
  readonly runs: readonly TrialRun[];
  /** Why runs crashed, one line each. */
  readonly crashes: readonly string[];
}

/** A search before anything of it is trained. */
interface SearchPlan<T extends Item = Item> {
  readonly searched: Task<T>;
  readonly candidates: readonly Candidate[];
  readonly rungs: readonly Rung[];
  readonly budget: Budget;
  /** Of a candidate with a seed, one a test set. */
  readonly trialsOf: (candidate: Candidate, seed: number) => readonly Trial[];
}

/**
 * Checks a search and plans all of its runs.
 * @throws with name, value and remedy if a setting of it is not what it may be, two candidates are the same
 *   run, or the metric is that of one class where there are more than two
 */
export async function planSearch<T extends Item>(task: Task<T>, search: Search): Promise<SearchPlan<T>> {
  const { name, settings = {}, fresh = false, metric = "macroF1" } = search;
  scoreBy(metric, { classes: task.classes }); // refuses what cannot be judged by, before anything is trained
  const candidates = combinations(search.candidates),
    rungs = rungsOf(candidates.length, search);
  const searched = searchTask(task),
    most = rungs[rungs.length - 1].seeds;
  const trials = planTrials({
    ...planOf(searched, { name, settings, fresh }),
    ...{ seeds: most, keepWeights: false },
    systems: candidates.map((one) => ({ system: one.name, settings: one.settings })),
  });
  const trialsOf = ({ name: system }: Candidate, seed: number) =>
    trials.filter((trial) => trial.system === system && trial.settings.initSeed === seed);
  await ready(); // the backend is part of a run's name
  const folders = new Map<string, string>();
  for (const candidate of candidates) {
    const folder = runFolder(keyOf(trialsOf(candidate, 1)[0])),
      same = folders.get(folder);
    if (same !== undefined)
      throw new Error(
        `candidates: "${same}" and "${candidate.name}" are the same run, as what they differ in is not used: take one out`,
      );
    folders.set(folder, candidate.name);
  }
  const budget = budgetOf(
    rungs,
    candidates.map((candidate) => trialsOf(candidate, 1)),
  );
  return { searched, candidates, rungs, budget, trialsOf };
}

/** The runs of a search, each trained once while it lasts: one that crashed is not tried again. */
class Runs {
  readonly made = new Map<Trial, TrialRun | undefined>();
  readonly crashes: string[] = [];
  private ended: readonly Job[] = [];
  private readonly put = showJobs();

  /** @param planned a job for each run of the search, in the order in which they are trained */
  constructor(
    private readonly planned: readonly Job[],
    private readonly processes: number,
  ) {}

  async train(trials: readonly Trial[]): Promise<void> {
    const left = trials.filter((trial) => !this.made.has(trial)),
      from = this.ended.length;
    if (left.length === 0) return;
    let now: readonly Job[] = [];
    const runs = await runTrials(left, {
      processes: this.processes,
      keepGoing: true,
      onJobs: (jobs) => {
        now = jobs.map((job, i) => ({ ...job, group: this.planned[from + i].group }));
        this.put([...this.ended, ...now, ...this.planned.slice(from + now.length)]);
      },
    });
    left.forEach((trial, i) => this.made.set(trial, runs[i]));
    this.crashes.push(...now.flatMap(({ state, error = "" }) => (state === "crashed" ? [error] : [])));
    this.ended = [...this.ended, ...now];
  }

  /** Of these trials those that gave a result. */
  of(trials: readonly Trial[]): TrialRun[] {
    return trials.flatMap((trial) => this.made.get(trial) ?? []);
  }
}

const jobsOf = ({ rungs, sets, runs, work }: Budget): Job[] =>
  rungs.flatMap(({ candidates, added }, rung) =>
    Array.from({ length: candidates * added.length * sets }, () => ({
      ...{ name: "", group: `rung ${rung + 1}`, work: work / runs },
      ...({ state: "waiting", share: 0 } as const),
    })),
  );

/** Of a comparison the row of a candidate; a candidate without a whole seed has none. */
const rowIn = ({ rows }: Comparison, { name }: Candidate) => rows.find(({ system }) => system === name);

/** Whether a candidate has a seed that ran on all test sets. */
const hasSeed = (runs: readonly TrialRun[], sets: number): boolean =>
  [...grouped(runs, ({ trial }) => trial.settings.initSeed).values()].some((own) => own.length === sets);

/** Draws of the tests: so many that the smallest p stays below .05 when it is corrected for all pairs. */
const drawsFor = (systems: number) => Math.min(10_000, Math.max(DRAWS, 20 * systems * (systems - 1)));

interface RankingOptions {
  readonly rung: Rung;
  /** Of those that the next rung keeps. */
  readonly keep: number;
  readonly metric: MetricName;
  readonly classes: readonly string[];
}

/**
 * Ranks candidates by their runs so far.
 * @param all each with its runs, and how many it should have
 * @throws if no run has a result
 */
function standingsOf(
  all: readonly { readonly candidate: Candidate; readonly runs: readonly TrialRun[]; readonly of: number }[],
  { rung, keep, metric, classes }: RankingOptions,
): Standing[] {
  const counted = { metric, classes, bootstrapSamples: DRAWS };
  const scores = compare(predictionsOf(all.flatMap(({ runs }) => runs)), { ...counted, tests: [] });
  const standings = ranked(
    all.map(({ candidate, runs, of }) => {
      const row = rowIn(scores, candidate),
        endings = runs.map(({ result }) => endingOf(result));
      const [failed, diverged] = (["failed", "diverged"] as const).map(
        (word) => endings.filter((ending) => ending === word).length,
      );
      const crashed = of - runs.length;
      return {
        ...{ candidate, runs, failed, diverged, crashed, broken: diverged + crashed },
        score: row?.mean ?? Number.NaN,
        low: row?.low ?? Number.NaN,
        high: row?.high ?? Number.NaN,
        seeds: scores.points.filter(({ system }) => system === candidate.name).map(({ value }) => value),
      };
    }),
  );
  const sound = standings.filter(({ broken }) => broken === 0);
  const tested =
    rung.seeds < LEAST_SEEDS || sound.length < 2
      ? undefined
      : compare(predictionsOf(sound.flatMap(({ runs }) => runs)), {
          ...counted,
          tests: ["best"],
          bootstrapSamples: drawsFor(sound.length),
        });
  return standings.map(({ runs: _, ...standing }, rank) => ({
    ...standing,
    kept: rank < keep,
    ...(tested && { toBest: rowIn(tested, standing.candidate)?.best }),
  }));
}

/**
 * Searches settings by successive halving over seeds, judged on validation lines alone. Says first which
 * lines these are and what it will cost, then trains what has no stored result, with live progress.
 *
 *     const found = await search(task, {
 *       ...{ name: "example", candidates: { learningRate: [1e-4, 1e-3, 1e-2], epochs: [5, 20] } },
 *       ...{ seeds: [2, 4], keep: 1 / 3, settings: { freeze: "fixed", head: "3MLP" } },
 *     });
 *     found.winner.settings; // { learningRate: 0.001, epochs: 20 }
 *
 * @throws as planSearch(); if every candidate crashed or diverged; ListedError if runs are to be listed, not
 *   trained: those of the first rung that misses some
 */
export async function search<T extends Item>(task: Task<T>, search: Search): Promise<Found<T>> {
  const { metric = "macroF1", processes = 2 } = search;
  const { searched, candidates, rungs, budget, trialsOf } = await planSearch(task, search);
  await show(linesTable(searched, task));
  await show(markdown(budgetInWords(budget)));
  const runs = new Runs(jobsOf(budget), processes);
  const [first] = trialsOf(candidates[0], 1);
  if (process.env[MISSING_VARIABLE] === undefined) {
    await runs.train([first]);
    const run = runs.made.get(first);
    if (run) await show(markdown(minutesInWords(budget, run, processes)));
  }
  const judged: JudgedRung[] = [];
  let standing = candidates;
  for (const [i, rung] of rungs.entries()) {
    const upTo = (candidate: Candidate, seeds: readonly number[]) =>
      seeds.flatMap((seed) => trialsOf(candidate, seed));
    await runs.train(standing.flatMap((candidate) => upTo(candidate, rung.added)));
    const seeds = rungs.slice(0, i + 1).flatMap(({ added }) => added);
    const all = standing.map((candidate) => {
      const trials = upTo(candidate, seeds);
      return { candidate, runs: runs.of(trials), of: trials.length };
    });
    if (!all.some((one) => hasSeed(one.runs, budget.sets)))
      throw new Error(`all ${all.length} candidates crashed, for instance ${runs.crashes[0]}`);
    const keep = i + 1 < rungs.length ? keptOf(rung.candidates, search.keep) : 1,
      standings = standingsOf(all, { rung, keep, metric, classes: task.classes });
    judged.push({ ...rung, standings });
    standing = standings.filter(({ kept }) => kept).map(({ candidate }) => candidate);
  }
  const { standings } = judged[judged.length - 1],
    [{ candidate: winner, broken }] = standings;
  if (broken > 0)
    throw new Error(
      `of every candidate of the last rung runs crashed or diverged, of the best, ${winner.name}, ${broken}: take smaller learning rates`,
    );
  return {
    ...{ task, searched, search, metric, budget, rungs: judged, winner, crashes: runs.crashes },
    runs: runs.of([...runs.made.keys()]),
  };
}
