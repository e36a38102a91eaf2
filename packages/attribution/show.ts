/** A study of marks as a notebook shows it: curves of deletion, comprehensiveness, agreement. */
import { show } from "../../lib/show/display";
import type { Estimate } from "../../lib/show/marks";
import { decimals, differenceInWords, withInterval } from "../../lib/show/numbers";
import type { Chart } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import { trend } from "../../lib/show/trend";
import { SHARES } from "./deletion";
import { agreementsOf, curveOf, type Fall, fallsOf } from "./estimates";
import { WAYS, type Way } from "./marks";
import { type Order, RANDOM, type Study } from "./study";

const ORDERS: readonly Order[] = [...WAYS, RANDOM];

/** In Japanese, as captions say it. */
const JAPANESE: Readonly<Record<Order, string>> = {
  "gradient × input": "gradient × input",
  "leave-one-out": "leave-one-out",
  "random words": "無作為の単語",
};

type Curves = Readonly<Record<Order, readonly Estimate[]>>;

/** The probability of the answer against the share of words left out, a line an order of words. */
export function deletionCurves(curves: Curves): Chart {
  const points = ORDERS.flatMap((order) =>
    SHARES.map((share, i) => ({ series: order, x: 100 * share, ...curves[order][i] })),
  );
  return trend(points, {
    title: "Probability of the answer as words go",
    subtitle: "upright lines: 95 % intervals; small points: seeds",
    x: "words left out (%)",
    metric: "probability of the answer",
  });
}

const counted = ({ sets }: Study) => {
  const lines = sets.reduce((sum, { seeds }) => sum + seeds[0].answered[WAYS[0]].length, 0);
  return `${lines} lines, ${sets[0].seeds.length} seeds`;
};

/** "0.69 (0.66 to 0.72)", "–" where it is not known. */
const known = (estimate: Estimate) =>
  Number.isNaN(estimate.value) ? "–" : withInterval(estimate.value, estimate);

/**
 * The curves, with what they say at the last share beneath, and how far each falls, as a table beside random
 * words.
 *
 *     const falls = await showDeletion(study);
 */
export async function showDeletion(study: Study): Promise<Fall[]> {
  const curves = Object.fromEntries(ORDERS.map((order) => [order, curveOf(study, order)])) as Record<
      Order,
      Estimate[]
    >,
    falls = fallsOf(study);
  const last = SHARES.length - 1,
    percent = 100 * SHARES[last],
    at = (order: Order, i: number) => decimals(curves[order][i].value);
  await show(deletionCurves(curves), {
    key: true,
    caption: {
      en: `With ${percent} % of a line's words left out, the probability of its answer falls from ${at(RANDOM, 0)} to ${WAYS.map((way) => `${at(way, last)} (${way})`).join(" and ")} where the most marked go, and to ${at(RANDOM, last)} where random words go. The deeper a curve falls, the more the answer rests on the marked words.`,
      ja: `単語の ${percent} % を除くと、答えの確率は ${at(RANDOM, 0)} から、印の強い順に除いた場合は ${WAYS.map((way) => `${at(way, last)}（${JAPANESE[way]}）`).join("、")}、無作為に除いた場合は ${at(RANDOM, last)} に下がる。曲線が深く下がるほど、答えは印の付いた単語に依存している。`,
    },
  });
  await show(
    table(
      falls.map(({ way, fall, random, difference }) => ({
        "words left out by": way,
        "fall of the probability": known(fall),
        "at random": known(random),
        difference: differenceInWords({ difference: difference.value, ...difference }),
      })),
      {
        caption: `Comprehensiveness, the mean fall over ${100 * SHARES[1]} to ${percent} % of the words: ${counted(study)}`,
      },
    ),
  );
  return falls;
}

/**
 * How alike the marks of a line are: between seeds, and between both ways.
 *
 *     const { seeds, ways } = await showAgreement(study);
 */
export async function showAgreement(
  study: Study,
): Promise<{ readonly seeds: Readonly<Record<Way, Estimate>>; readonly ways: Estimate }> {
  const found = agreementsOf(study);
  await show(
    table(
      [
        ...WAYS.map((way) => ({
          "marks by": way,
          compared: "between seeds",
          "rank correlation ρ": known(found.seeds[way]),
        })),
        { "marks by": WAYS.join(", "), compared: "of one seed", "rank correlation ρ": known(found.ways) },
      ],
      { caption: `Agreement of the marks of a line (Spearman): ${counted(study)}` },
    ),
  );
  return found;
}
