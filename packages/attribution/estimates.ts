/** What a study of marks says in numbers: falls, differences to random words, agreements, with intervals. */
import { seedsAndItems, summary } from "../../lib/evaluate/intervals";
import type { Estimate } from "../../lib/show/marks";
import { fallOf, SHARES } from "./deletion";
import { WAYS, type Way } from "./marks";
import { spearman } from "./rank-correlation";
import { type Order, RANDOM, type SeedMarks, type Study } from "./study";

/** A line of fewer words has no ranks to speak of. */
const LEAST_WORDS = 3;

/** values[set][seed][line]; NaN where a line has none. */
type Values = readonly (readonly (readonly number[])[])[];

const meanOfLines = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

/**
 * The mean over test sets, seeds and lines, with the 95 % interval that draws seeds and lines anew
 * (lib/evaluate/intervals.ts): a line's value stands where others have its predicted class.
 */
function estimateOf(values: Values): Estimate {
  const runs = values.map((set) => set.map((lines) => ({ gold: lines, predicted: lines })));
  const seeds = values[0].map((_, seed) => summary(values.map((set) => meanOfLines(set[seed]))).mean);
  return {
    value: summary(seeds).mean,
    ...seedsAndItems(runs, ({ predicted }) => meanOfLines(predicted)),
    seeds,
  };
}

const valuesOf = (
  { sets }: Study,
  of: (own: SeedMarks, others: readonly SeedMarks[]) => readonly number[],
): Values =>
  sets.map(({ seeds }) =>
    seeds.map((own) =>
      of(
        own,
        seeds.filter((other) => other !== own),
      ),
    ),
  );

/** The probability of the answer at each share of words left out. */
export const curveOf = (study: Study, order: Order): Estimate[] =>
  SHARES.map((_, s) => estimateOf(valuesOf(study, ({ curves }) => curves[order].map((curve) => curve[s]))));

/** Comprehensiveness, and how much more it is than that of random words, line by line. */
export interface Fall {
  readonly way: Way;
  readonly fall: Estimate;
  readonly random: Estimate;
  readonly difference: Estimate;
}

export const fallsOf = (study: Study): Fall[] =>
  WAYS.map((way) => {
    const of = (order: Order) => (own: SeedMarks) => own.curves[order].map(fallOf);
    const [marked, random] = [of(way), of(RANDOM)];
    return {
      way,
      fall: estimateOf(valuesOf(study, marked)),
      random: estimateOf(valuesOf(study, random)),
      difference: estimateOf(
        valuesOf(study, (own) => {
          const other = random(own);
          return marked(own).map((fall, i) => fall - other[i]);
        }),
      ),
    };
  });

/** Spearman's correlation of a line's marks between two runs, where both give the line the same class. */
const between = (one: SeedMarks, other: SeedMarks, [way, otherWay]: readonly [Way, Way]): number[] =>
  one.answered[way].map(({ predicted, marks }, i) => {
    const its = other.answered[otherWay][i];
    return predicted === its.predicted && marks.length >= LEAST_WORDS
      ? spearman(marks, its.marks)
      : Number.NaN;
  });

/**
 * Rank correlations of the marks of a line: of one way between seeds, each line and seed with the mean over
 * all other seeds that give the line the same class; and between both ways of one seed.
 */
export const agreementsOf = (
  study: Study,
): { readonly seeds: Record<Way, Estimate>; readonly ways: Estimate } => {
  const ofWay = (way: Way) =>
    estimateOf(
      valuesOf(study, (own, others) => {
        const each = others.map((other) => between(own, other, [way, way]));
        return own.answered[way].map((_, line) => meanOfLines(each.map((values) => values[line])));
      }),
    );
  return {
    seeds: Object.fromEntries(WAYS.map((way) => [way, ofWay(way)])) as Record<Way, Estimate>,
    ways: estimateOf(valuesOf(study, (own) => between(own, own, [WAYS[0], WAYS[1]]))),
  };
};
