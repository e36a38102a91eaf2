/** The norms of both groups over the steps of trainings, and at the end. */
import { summary } from "../../lib/evaluate/intervals";
import type { TrialRun } from "../../lib/experiment/spec";
import { show } from "../../lib/show/display";
import type { Chart } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import { trend } from "../../lib/show/trend";
import { grouped } from "../../lib/support/groups";
import { type Course, NO_DECAY } from "./courses";
import { type DecayGroup, GROUPS, loggedNorms } from "./groups";

/** What is drawn of a norm: fine-tuning moves it by a few percent, which an axis from 0 would hide. */
const DRAWN = {
  "pre-training": { metric: "norm", of: (norm: number) => norm, since: { en: "", ja: "" } },
  "fine-tuning": {
    metric: "change of the norm, %",
    of: (norm: number, first: number) => 100 * (norm / first - 1),
    since: { en: ", change since the beginning", ja: "の開始時からの変化" },
  },
} as const;

type Training = keyof typeof DRAWN;
/** Of one run, from its beginning. */
type Way = Pick<Course, "system" | "norms">;

const TITLES: Readonly<Record<DecayGroup, string>> = {
  matrices: "matrices",
  spared: "biases and normalisations",
};

/** The norm of a group over the steps, of these systems; in fine-tuning its change in percent. */
export function normsChart(
  ways: readonly Way[],
  { group, systems, training }: { group: DecayGroup; systems: readonly string[]; training: Training },
): Chart {
  const { metric, of } = DRAWN[training];
  const points = systems.flatMap((series) => {
    const looks = ways
      .filter(({ system }) => system === series)
      .flatMap(({ norms }) => norms.map((one) => ({ x: one.step, y: of(one[group], norms[0][group]) })));
    return [...grouped(looks, ({ x }) => x)].map(([x, own]) => {
      const seen = own.map(({ y }) => y);
      return { series, x, value: summary(seen).mean, low: Math.min(...seen), high: Math.max(...seen) };
    });
  });
  const title = `Norm of ${TITLES[group]} over the steps of ${training}`;
  return trend(points, { title, x: "step", metric });
}

/** Both groups, one chart each. */
export async function showNorms(
  ways: readonly Way[],
  systems: readonly string[],
  training: Training,
): Promise<void> {
  const { since } = DRAWN[training];
  for (const group of GROUPS)
    await show(normsChart(ways, { group, systems, training }), {
      caption: {
        en: `Norm of all ${TITLES[group]} together${since.en}: mean over seeds, upright lines from lowest to highest.`,
        ja: `${group === "matrices" ? "行列" : "バイアスと正規化"}のノルム${since.ja}。シードの平均、縦線は最小から最大。`,
      },
    });
}

/**
 * Norms after the last step as parts of those without decay, means over runs; a run that diverged has none,
 * and null stands where there is nothing to divide.
 */
export function endNorms(ways: readonly Way[]) {
  const last = Math.max(...ways.flatMap(({ norms }) => norms.map(({ step }) => step)));
  const means = [...grouped(ways, ({ system }) => system)].map(([system, own]) => {
    const ends = own.flatMap(({ norms }) => norms.filter(({ step }) => step === last));
    const of = (group: DecayGroup) => (ends.length > 0 ? summary(ends.map((end) => end[group])).mean : null);
    return { system, runs: ends.length, matrices: of("matrices"), spared: of("spared") };
  });
  const without = means.find(({ system }) => system === NO_DECAY);
  const part = (norm: number | null, whole: number | null = null) => norm && whole && norm / whole;
  return means.map(({ matrices, spared, ...one }) => ({
    ...one,
    matrices: part(matrices, without?.matrices),
    spared: part(spared, without?.spared),
  }));
}

/**
 * Norms of what runs train: of these systems over the steps, of all at the end.
 * @throws if runs were trained without weightNorms
 */
export async function showTunedNorms(runs: readonly TrialRun[], systems: readonly string[]): Promise<void> {
  const tuned = runs.map((run) => ({ system: run.trial.system, norms: loggedNorms(run) }));
  await showNorms(tuned, systems, "fine-tuning");
  const caption = "Norms at the end of fine-tuning, as parts of those without decay; means over seeds";
  await show(table(endNorms(tuned), { caption, digits: 4 }));
}
