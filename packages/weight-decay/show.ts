/** What a notebook shows of weight decay: groups, shrinkage, short pre-trainings. */
import { type Comparison, compare, type Versus } from "../../lib/evaluate/comparison";
import { type Predictions, summary } from "../../lib/evaluate/intervals";
import { loadPretrained } from "../../lib/models/pretrained";
import { comparisonTable } from "../../lib/show/comparison";
import { show } from "../../lib/show/display";
import { table } from "../../lib/show/tables";
import { sizeOf } from "../../lib/support/host-array";
import { type Course, type Decay, NO_DECAY } from "./courses";
import { decayGroups, GROUPS, groupNorms, type Rates, shrinkage, stepsToShrink } from "./groups";

/**
 * The rows that are compared: no decay, then decay of matrices, of all, and of matrices in the loss (L2), by
 * names such as "all 0.01".
 */
export const decaySystems = (
  decays: readonly number[],
  l2Decays: readonly number[] = [],
): Readonly<Record<string, Decay>> => ({
  [NO_DECAY]: { weightDecay: 0 },
  ...Object.fromEntries(
    decays.flatMap((weightDecay): [string, Decay][] => [
      [`matrices ${weightDecay}`, { weightDecay }],
      [`all ${weightDecay}`, { weightDecay, weightDecayOn: "all" }],
    ]),
  ),
  ...Object.fromEntries(
    l2Decays.map((weightDecay): [string, Decay] => [`L2 ${weightDecay}`, { weightDecay, optimizer: "adam" }]),
  ),
});

/** The groups of a pre-trained model: how many, how large, and by name what one layer has of each. */
export async function showGroups(folder: string): Promise<void> {
  const { weights, encoder } = loadPretrained(folder);
  const names = Object.keys(encoder.shapes).filter((name) => name in weights),
    groups = decayGroups(names);
  const norms = groupNorms(Object.fromEntries(names.map((name) => [name, weights[name]])));
  const rows = GROUPS.map((group) => ({
    group,
    tensors: groups[group].length,
    weights: groups[group].reduce((sum, name) => sum + sizeOf(weights[name].shape), 0),
    norm: norms[group],
    "its tensors in the lowest layer": groups[group].filter((name) => /layers?\.0\./.test(name)).join("\n"),
  }));
  await show(table(rows, { caption: "What decays by default (matrices), and what is spared", digits: 1 }));
}

export const percentTaken = (left: number): string => `${(100 * (1 - left)).toPrecision(2)} %`;

/** What decay alone takes of a weight in each of these runs. */
export const showShrinkage = (runs: readonly (Rates & { readonly run: string; readonly steps: number })[]) =>
  show(
    table(
      runs.map(({ run, steps, ...rates }) => ({
        run,
        "highest rate": String(rates.learningRate),
        decay: String(rates.weightDecay),
        steps,
        "a weight shrinks by": percentTaken(shrinkage(rates, steps)),
        "steps for 1 %": stepsToShrink(rates, 0.01),
      })),
      { caption: "What decay alone takes of a weight" },
    ),
  );

const logLikelihood = ({ probabilities = [] }: Predictions) =>
  summary(probabilities.map(([, right]) => Math.log(right))).mean;

/** Pre-trainings by the mean log-likelihood of held-out words; gives each row's verdict against no decay. */
export async function showCourses(courses: readonly Course[]): Promise<Versus[]> {
  const answers = courses.map((course) => course.answers);
  const made: Comparison = compare(answers, { metric: logLikelihood, baseline: NO_DECAY });
  const caption = `Mean log-likelihood of ${answers[0].gold.length} held-out masked words, in nats`;
  await show(comparisonTable({ "log-likelihood": made }, { caption }));
  return made.rows.flatMap(({ baseline }) => baseline ?? []);
}
