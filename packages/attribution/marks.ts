/**
 * How much each word of a text speaks for a class, in two ways:
 *
 * - gradient × input: what the gradient says of the class' logit, summed over the word's tokens;
 * - leave-one-out: how much the class' log probability (nats) falls when the word's tokens are left out of
 *   the ids (erasure: Li et al. 2016, arXiv:1612.08220).
 *
 * Above 0 a word speaks for the class, below 0 against it.
 */
import { logSumExp } from "../../lib/support/softmax";
import { bestClass } from "../../lib/train/predict";
import type { TokenIds } from "../tokenizer";
import type { Scorer } from "./scorer";
import { type Line, without } from "./words";

export const WAYS = ["gradient × input", "leave-one-out"] as const;
export type Way = (typeof WAYS)[number];

/** The log probabilities of the classes, [C], of each text; texts that are alike are computed once. */
export function logProbabilities(scorer: Scorer, texts: readonly TokenIds[]): number[][] {
  const keyOf = ({ ids, segmentIds }: TokenIds) => `${ids.join(" ")}/${segmentIds.join("")}`;
  const distinct = new Map(texts.map((text) => [keyOf(text), text]));
  const logits = scorer.logits([...distinct.values()]);
  const found = new Map(
    [...distinct.keys()].map((key, i) => {
      const sum = logSumExp(logits[i]);
      return [key, Array.from(logits[i], (logit) => logit - sum)];
    }),
  );
  return texts.map((text) => found.get(keyOf(text))!);
}

/** A line, what a model answers, and how much each word speaks for that answer. */
export interface Answered {
  readonly line: Line;
  /** Of each class, [C]. */
  readonly probabilities: readonly number[];
  /** The class of the highest one, which the marks are of. */
  readonly predicted: number;
  /** A number for each word. */
  readonly marks: readonly number[];
}

interface Asked {
  readonly line: Line;
  readonly label: number;
  /** Of the whole line, log p(label). */
  readonly log: number;
}

/** marks[line][word], each for the line's own label. */
const BY_WAY: Readonly<Record<Way, (scorer: Scorer, asked: readonly Asked[]) => number[][]>> = {
  "gradient × input": (scorer, asked) => {
    const times = scorer.gradientTimesInput(
      asked.map(({ line }) => line),
      asked.map(({ label }) => label),
    );
    return asked.map(({ line: { words } }, i) =>
      words.map(({ places }) => places.reduce((sum, place) => sum + times[i][place], 0)),
    );
  },
  "leave-one-out": (scorer, asked) => {
    const erased = asked.flatMap(({ line }) => line.words.map((_, word) => without(line, [word])));
    const found = logProbabilities(scorer, erased);
    let next = 0;
    return asked.map(({ line: { words }, label, log }) => words.map(() => log - found[next++][label]));
  },
};

/** What a model answers to lines, with the marks of their words for that answer. */
export function answersOf(scorer: Scorer, lines: readonly Line[], way: Way): Answered[] {
  const logs = logProbabilities(scorer, lines);
  const asked = lines.map((line, i) => {
    const label = bestClass(logs[i]);
    return { line, label, log: logs[i][label] };
  });
  const marks = BY_WAY[way](scorer, asked);
  return asked.map(({ line, label }, i) => ({
    line,
    probabilities: logs[i].map(Math.exp),
    predicted: label,
    marks: marks[i],
  }));
}
