/** Judged runs as rows of a comparison, so that what may be called clear is decided as everywhere. */
import { type Comparison, compareAll, type NamedRun } from "../../lib/evaluate/comparison";
import type { Predictions } from "../../lib/evaluate/intervals";
import type { LanguageResults } from "./experiment";
import { TEACHER_FORCING } from "./schedule";
import type { Judged } from "./writer";

/** What a writer is compared by; of all of them more is better. */
export type Measure = "gold" | "own" | "gap" | "judge";

/** As tables name them. */
export const CALLED: Readonly<Record<Measure, string>> = {
  gold: "after gold characters",
  own: "after its own characters",
  gap: "lost by its own characters",
  judge: "its text, by the judge",
};

/** The held-out text itself, as if it had been written by a system. */
const HUMAN = "the held-out text";

/** Of each piece a number, in nats a character; undefined where a writer has none. */
const VALUES: Readonly<Record<Measure, (one: Partial<Judged>) => readonly number[] | undefined>> = {
  gold: ({ gold }) => gold,
  own: ({ own }) => own,
  gap: ({ gold = [], own }) => own?.map((value, i) => value - gold[i]),
  judge: ({ judge }) => judge,
};

/** A number as the log-odds of two classes, which a comparison carries through its draws; … */
const asOdds = (value: number): number[] => [1 / (1 + Math.exp(value)), 1 / (1 + Math.exp(-value))];
/** … and their mean again. */
function meanLogOdds({ probabilities = [] }: Predictions): number {
  let sum = 0; // in a loop: it is taken some hundred thousand times
  for (const [no, yes] of probabilities) sum += Math.log(yes / no);
  return sum / probabilities.length;
}

/** By each measure all systems that have it. */
export type Comparisons = Readonly<Record<Measure, Comparison>>;

/** Of a correction over n comparisons no p is below n / DRAWS. */
const DRAWS = 2000;

interface Judgement {
  readonly system: string;
  /** null where no chance of training is in it. */
  readonly seed: number | null;
  readonly judged: Partial<Judged>;
}

/** What is compared: runs, what only counts, and the held-out text. */
export const judgementsOf = ({ runs, counted, human }: LanguageResults): Judgement[] => [
  ...Object.entries(counted).map(([system, judged]) => ({ system, seed: null, judged })),
  ...runs.map(({ trial: { system, settings }, result }) => ({
    ...{ system, seed: settings.initSeed, judged: result },
  })),
  { system: HUMAN, seed: null, judged: human },
];

/**
 * All systems by each measure against teacher forcing, over seeds and pieces, with Holm's correction over all
 * measures together.
 */
export function measured(results: LanguageResults): Comparisons {
  const all = judgementsOf(results);
  const rowsBy = (measure: Measure): NamedRun[] =>
    all.flatMap(({ system, seed, judged }) => {
      const values = VALUES[measure](judged);
      if (!values) return [];
      const ones = values.map(() => 1);
      return {
        ...{ system, seed, testSet: "held-out text", items: values.map((_, i) => String(i)) },
        ...{ gold: ones, predicted: ones, probabilities: values.map(asOdds) },
      };
    });
  const groups = Object.fromEntries(
    (Object.keys(CALLED) as Measure[]).map((measure) => [measure, rowsBy(measure)]),
  );
  const options = {
    ...({ metric: meanLogOdds, baseline: TEACHER_FORCING, tests: ["baseline"] } as const),
    bootstrapSamples: DRAWS,
  };
  return compareAll(groups, options) as Comparisons;
}
