/**
 * Whether marks are faithful: how far the probability of the answer falls when the most marked words go
 * (Samek et al. 2017; comprehensiveness in ERASER, DeYoung et al. 2020), beside random words.
 */
import type { Random } from "../../lib/support/random";
import { type Answered, logProbabilities } from "./marks";
import type { Scorer } from "./scorer";
import { type Line, without } from "./words";

/** Of a line's words, those that are left out at each point of a curve. */
export const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5] as const;

/** The most marked words first; equal ones in the order of the text. */
export const byMark = (marks: readonly number[]): number[] =>
  [...marks.keys()].sort((a, b) => marks[b] - marks[a] || a - b);

/** How many of `words` a share is: the nearest whole number. */
const countOf = (share: number, words: number) => Math.round(share * words);

/** The probability of `label` with a share of words left out in some order: probabilities[line][share]. */
function probabilitiesOf(
  scorer: Scorer,
  cases: readonly { readonly line: Line; readonly label: number; readonly order: readonly number[] }[],
): number[][] {
  const texts = cases.flatMap(({ line, order }) =>
    SHARES.map((share) => without(line, order.slice(0, countOf(share, order.length)))),
  );
  const found = logProbabilities(scorer, texts);
  return cases.map(({ label }, i) => SHARES.map((_, s) => Math.exp(found[i * SHARES.length + s][label])));
}

/**
 * Of each line the probability of the class that the model gives it, at each share of words left out, the
 * most marked first: [line][share].
 */
export const curvesOf = (scorer: Scorer, answered: readonly Answered[]): number[][] =>
  probabilitiesOf(
    scorer,
    answered.map(({ line, predicted, marks }) => ({ line, label: predicted, order: byMark(marks) })),
  );

/** The same with words left out in random order, the mean over `draws` orders: [line][share]. */
export function randomCurves(
  scorer: Scorer,
  answered: readonly Answered[],
  { draws, random }: { readonly draws: number; readonly random: Random },
): number[][] {
  const cases = answered.flatMap(({ line, predicted }) =>
    Array.from({ length: draws }, () => ({
      line,
      label: predicted,
      order: random.shuffled([...line.words.keys()]),
    })),
  );
  const found = probabilitiesOf(scorer, cases);
  return answered.map((_, i) =>
    SHARES.map(
      (_share, s) =>
        found.slice(i * draws, (i + 1) * draws).reduce((sum, curve) => sum + curve[s], 0) / draws,
    ),
  );
}

/** Comprehensiveness: how far a curve falls, the mean over all shares above 0. */
export const fallOf = (curve: readonly number[]): number =>
  curve.slice(1).reduce((sum, probability) => sum + curve[0] - probability, 0) / (curve.length - 1);
