/** What a notebook shows of a search: its rungs as table and chart, all candidates, its choice in words. */

import { LEAST_SEEDS } from "../../lib/evaluate/verdict";
import { show } from "../../lib/show/display";
import { decimals, range } from "../../lib/show/numbers";
import type { Bundle, Words } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import { HEADINGS, japaneseName } from "../../lib/study/results";
import { rungsChart } from "./chart";
import { judgedOn } from "./lines";
import type { Found, JudgedRung, Standing } from "./search";

const count = <T>(some: readonly T[], is: (one: T) => boolean) => some.filter(is).length;

/** What was dropped in a rung, by what may be said of it against the rung's best. */
export function droppedOf({ standings }: JudgedRung) {
  const dropped = standings.filter(({ kept }) => !kept),
    judged = standings.some(({ toBest }) => toBest !== undefined);
  const broken = count(dropped, (one) => one.broken > 0),
    worse = count(dropped, (one) => one.broken === 0 && one.toBest?.clear === "worse");
  return { dropped: dropped.length, judged, broken, worse, alike: dropped.length - broken - worse };
}

/** Whether the last that is kept and the first that is dropped have the same score. */
const isTied = ({ standings }: JudgedRung): boolean => {
  const cut = count(standings, ({ kept }) => kept),
    [last, first] = [standings[cut - 1], standings[cut]];
  return last.broken === first.broken && last.score === first.score;
};

/** One row a rung: what it cost, what it kept, and how sure its cut is. */
export function rungsTable({ rungs, budget, runs, crashes, metric }: Found): Bundle {
  const heading = HEADINGS[metric],
    broken = rungs.some((rung) => droppedOf(rung).broken > 0);
  const rows = rungs.map((rung, i) => {
    const { standings, seeds } = rung,
      { judged, worse, alike, ...dropped } = droppedOf(rung);
    const kept = standings.filter((one) => one.kept),
      first = standings[kept.length];
    const score = ({ score: value }: Standing) => (Number.isNaN(value) ? "–" : decimals(value, 3));
    return {
      rung: i + 1,
      candidates: standings.length,
      seeds,
      "go on": kept.length,
      "dropped: clearly worse": judged ? worse : "–",
      "dropped: not told apart": judged ? alike : "–",
      ...(broken && { "dropped: broken runs": dropped.broken }),
      [`${heading} at the cut`]: `${score(kept[kept.length - 1])} / ${score(first)}`,
    };
  });
  const ties = rungs.flatMap((rung, i) =>
    isTied(rung)
      ? [
          `Rung ${i + 1}: the last that goes on and the first dropped have the same score, and the one that is listed first goes on.`,
        ]
      : [],
  );
  const unjudged = rungs.some((rung) => !droppedOf(rung).judged);
  const total = (of: (one: Standing) => number) =>
    everyCandidate(rungs).reduce((sum, { standing }) => sum + of(standing), 0);
  return table(rows, {
    caption: "Rungs of the search, judged on validation lines",
    notes: [
      "Dropped candidates against the best of their rung; at the cut: the last that goes on / the first dropped.",
      ...(unjudged
        ? [
            `–: with fewer than ${LEAST_SEEDS} seeds, or fewer than two candidates without broken runs, no difference is tested, and candidates are dropped by rank alone.`,
          ]
        : []),
      ...ties,
      `Of ${budget.runs} runs ${runs.length} gave a result: ${total((one) => one.failed)} failed, ${total((one) => one.diverged)} diverged, ${budget.runs - runs.length} crashed. A candidate with a diverged or crashed run ranks behind all without.`,
      ...crashes.slice(0, 3),
    ],
  });
}

/** Every candidate as it stood in its last rung, best first. */
const everyCandidate = (rungs: readonly JudgedRung[]) =>
  rungs
    .flatMap(({ standings }, i) =>
      standings.flatMap((standing) =>
        standing.kept && i + 1 < rungs.length ? [] : [{ rung: i + 1, standing }],
      ),
    )
    .sort((a, b) => b.rung - a.rung);

const setting = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);

/** One row a candidate: its settings, the rung in which it was dropped, its score there. */
export function candidatesTable({ rungs, metric }: Found): Bundle {
  const all = everyCandidate(rungs);
  const endings = (["failed", "diverged", "crashed"] as const).filter(
    (ending) => ending === "failed" || all.some(({ standing }) => standing[ending] > 0),
  );
  const rows = all.map(({ rung, standing }, i) => {
    const { candidate, kept, score, low, high, seeds, toBest } = standing;
    const values = Object.entries(candidate.settings).map(([name, value]) => [name, setting(value)]);
    return {
      rank: i + 1,
      ...Object.fromEntries(values),
      "dropped in rung": kept ? "–" : rung,
      seeds: seeds.length,
      [HEADINGS[metric]]: score,
      "95 % interval": Number.isNaN(score) ? "–" : range({ low, high }),
      "than the rung's best": toBest ? (toBest.clear === "no" ? "open" : toBest.clear) : "–",
      ...Object.fromEntries(endings.map((ending) => [ending, standing[ending]])),
    };
  });
  return table(rows, { caption: "All candidates, each by the runs of its last rung; the first is chosen" });
}

/** What was chosen, on what, and how sure that is. */
export function choiceInWords({ rungs, winner, searched, metric, search }: Found): Words {
  const { standings } = rungs[rungs.length - 1],
    [{ score }, ...others] = standings,
    [first] = rungs;
  const open = others.filter((one) => one.broken === 0 && one.toBest?.clear !== "worse").length,
    judged = others.some(({ toBest }) => toBest !== undefined),
    lines = judgedOn(searched).length;
  const heading = HEADINGS[metric],
    seeds = search.seeds[search.seeds.length - 1];
  const sure = !judged
    ? { en: "of the last rung nothing is judged", ja: "最終段では差を検定していない" }
    : open === 0
      ? {
          en: "clearly better than the others of the last rung",
          ja: "最終段のほかの候補を明らかに上回る",
        }
      : {
          en: `${open} of the ${others.length} others of the last rung cannot be told from it`,
          ja: `最終段のほかの候補 ${others.length} 個のうち ${open} 個とは明らかな差がない`,
        };
  return {
    en: `${winner.name}: ${heading} ${decimals(score)} over ${seeds} seeds on ${lines} validation lines, which is the highest of ${first.candidates} candidates and so too high a score; ${sure.en}`,
    ja: `${winner.name}（検証データ ${lines} 行、シード ${seeds} 個での ${japaneseName(heading)} は ${decimals(score)}。${first.candidates} 個の候補の最大値なので、高めに出ている）。${sure.ja}`,
  };
}

/**
 * The rungs as chart and tables, with the runs behind them.
 *
 *     await showSearch(found);
 */
export async function showSearch(found: Found): Promise<void> {
  const { rungs, metric, runs } = found,
    heading = HEADINGS[metric];
  await show(rungsTable(found));
  await show(
    rungsChart(rungs, {
      title: "Candidates, rung by rung",
      subtitle: "points: means over seeds; upright lines: 95 % intervals; small points: seeds",
      metric: `${heading} on validation lines`,
    }),
    {
      runs,
      key: true,
      caption: {
        en: `Every candidate by its ${heading} on validation lines, from the best to the worst of each rung. What is kept goes on with more seeds; where the intervals of kept and dropped candidates overlap, the cut is partly luck.`,
        ja: `各候補の検証データでの ${japaneseName(heading)}（段ごとに良い順）。残った候補はシードを増やして次の段へ進む。残った候補と落ちた候補の区間が重なるところでは、選択は一部偶然による。`,
      },
    },
  );
  await show(candidatesTable(found));
}
