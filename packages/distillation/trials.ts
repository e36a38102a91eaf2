/** Trials of students, with a teacher's answers or with labels alone, on the same seeds. */
import type { Split } from "../../lib/data/split";
import { OWN_MODEL_VARIABLE } from "../../lib/experiment/missing";
import type { ClassificationSettings, Trial, TrialRun } from "../../lib/experiment/spec";
import { planTrials } from "../../lib/experiment/trials";
import { planOf } from "../../lib/study/experiment";
import type { Task } from "../../lib/study/task";
import { COUNT, check } from "../../lib/support/settings";
import type { Student } from "./students";
import { taughtBy } from "./taught";

interface Teaching extends Readonly<Required<Pick<ClassificationSettings, "softTargets" | "temperature">>> {
  /** Runs of one system, one for each test set and seed: a student learns from that of its own seed. */
  readonly teachers: readonly TrialRun[];
  /** Texts whose labels, if they have any, are not read. */
  readonly unlabelled: readonly string[];
}

interface StudentPlan {
  /** Its folder in runs/. */
  readonly name: string;
  readonly students: Readonly<Record<string, Student>>;
  readonly seeds: number;
  /** What the students have in common. */
  readonly settings?: Partial<ClassificationSettings>;
  /** Without it they learn from the labels alone. */
  readonly teaching?: Teaching;
  readonly fresh?: boolean;
}

/** A student that learns from a teacher, in tables. */
export const taughtName = (student: string): string => `${student}, distilled`;

function teacherOf({ teachers }: Teaching, split: Split, seed: number): TrialRun {
  const found = teachers.find(
    ({ trial }) => trial.testSet === split.name && trial.settings.initSeed === seed,
  );
  if (found) return found;
  throw new Error(
    `no teacher was trained for the test set "${split.name}" with seed ${seed}: train it with as many seeds`,
  );
}

/**
 * Plans every student on every split with every seed; with `teaching` under taughtName. None where runs of
 * the notebook's own model alone are listed.
 * @throws as planTrials and taughtBy; if there is no teacher for a split and a seed
 */
export async function studentTrials(
  task: Task,
  { students, seeds, teaching, ...experiment }: StudentPlan,
): Promise<Trial[]> {
  if (process.env[OWN_MODEL_VARIABLE] !== undefined) return [];
  check("seeds", seeds, COUNT);
  const plan = planOf(task, experiment);
  const trials: Trial[] = [];
  for (const split of plan.splits)
    for (let seed = 1; seed <= seeds; seed++) {
      const learnt = teaching
        ? await taughtBy(teacherOf(teaching, split, seed), teaching.unlabelled)
        : { dataset: plan.dataset, split };
      const { softTargets, temperature } = teaching ?? {};
      for (const [student, { model, settings: own }] of Object.entries(students)) {
        const system = teaching ? taughtName(student) : student,
          how = { ...own, ...(teaching && { softTargets, temperature }) };
        const planned = planTrials({
          ...{ ...plan, dataset: learnt.dataset, splits: [learnt.split], model: await model(seed) },
          ...{ systems: [{ system, settings: how }], seeds: [seed] },
        });
        trials.push(...planned);
      }
    }
  return trials;
}
