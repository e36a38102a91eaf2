/** What a notebook shows of weight decay: groups, shrinkage, norms, short pre-trainings. */
import { type Comparison, compare, type Versus } from "../../lib/evaluate/comparison";
import { type Predictions, summary } from "../../lib/evaluate/intervals";
import type { TrialRun } from "../../lib/experiment/spec";
import { loadPretrained } from "../../lib/models/pretrained";
import { comparisonTable } from "../../lib/show/comparison";
import { show } from "../../lib/show/display";
import { table } from "../../lib/show/tables";
import { trend } from "../../lib/show/trend";
import { grouped } from "../../lib/support/groups";
import { sizeOf } from "../../lib/support/host-array";
import { type Course, type Decay, NO_DECAY } from "./courses";
import {
  type DecayGroup,
  decayGroups,
  groupNorms,
  loggedNorms,
  type Rates,
  shrinkage,
  stepsToShrink,
} from "./groups";

const GROUPS: readonly DecayGroup[] = ["matrices", "spared"];

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

/**
 * Norms of what runs train: of these systems over the steps, of all at the end as parts of those without
 * decay. A run that diverged has none at the end.
 * @throws if runs were trained without weightNorms
 */
export async function showTunedNorms(runs: readonly TrialRun[], systems: readonly string[]): Promise<void> {
  const tuned = runs.map((run) => ({ system: run.trial.system, norms: loggedNorms(run) }));
  await showNorms(tuned, systems, "fine-tuning");
  const last = Math.max(...tuned.flatMap(({ norms }) => norms.map(({ step }) => step)));
  const means = [...grouped(tuned, ({ system }) => system)].map(([system, own]) => {
    const ends = own.flatMap(({ norms }) => norms.filter(({ step }) => step === last));
    const of = (group: DecayGroup) => (ends.length > 0 ? summary(ends.map((end) => end[group])).mean : NaN);
    return { system, runs: ends.length, matrices: of("matrices"), spared: of("spared") };
  });
  const without = means.find(({ system }) => system === NO_DECAY)!;
  const part = (norm: number, whole: number) => (Number.isFinite(norm / whole) ? norm / whole : null);
  const rows = means.map((one) => ({
    ...one,
    ...Object.fromEntries(GROUPS.map((group) => [group, part(one[group], without[group])])),
  }));
  const caption = "Norms at the end of fine-tuning, as parts of those without decay; means over seeds";
  await show(table(rows, { caption, digits: 4 }));
}

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

const TITLES: Readonly<Record<DecayGroup, string>> = {
  matrices: "matrices",
  spared: "biases and normalisations",
};

/** Norms of both groups over the steps of trainings, of these systems. */
export async function showNorms(
  courses: readonly Pick<Course, "system" | "norms">[],
  systems: readonly string[],
  training: "pre-training" | "fine-tuning",
): Promise<void> {
  for (const group of GROUPS) {
    const points = systems.flatMap((series) => {
      const looks = courses.filter(({ system }) => system === series).flatMap(({ norms }) => norms);
      return [...grouped(looks, ({ step }) => step)].map(([x, own]) => {
        const seen = own.map((norms) => norms[group]);
        return { series, x, value: summary(seen).mean, low: Math.min(...seen), high: Math.max(...seen) };
      });
    });
    const title = `Norm of ${TITLES[group]} over the steps of ${training}`;
    await show(trend(points, { title, x: "step", metric: "norm" }), {
      caption: {
        en: `Norm of all ${TITLES[group]} together: mean over seeds, upright lines from the lowest to the highest.`,
        ja: `${group === "matrices" ? "行列" : "バイアスと正規化"}のノルム。シードの平均、縦線は最小から最大。`,
      },
    });
  }
}
