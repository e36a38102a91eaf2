/** What a network says of a text, and which words moved it: each is left out once. */
import { logSumExp, softmax } from "../../lib/support/softmax";
import type { TokenIds } from "../tokenizer";
import type { Network } from "./network";
import type { Reading, Word } from "./reading";

export interface Answer {
  /** Of each class, [C]. */
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
  /** The class with the highest logit, the first of equals. */
  readonly label: number;
}

export const answerOf = (logits: ArrayLike<number>): Answer => {
  const row = Array.from(logits);
  return { logits: row, probabilities: softmax(row), label: row.indexOf(Math.max(...row)) };
};

const without = ({ ids, segmentIds }: TokenIds, [from, to]: Word["tokens"]): TokenIds => {
  const stays = (_: number, place: number) => place < from || place >= to;
  return { ids: ids.filter(stays), segmentIds: segmentIds.filter(stays) };
};

/**
 * By how much the logarithm of the predicted class's probability falls, in nats, when the tokens of a word
 * are taken out of the text, of every word, in one batch; below 0 where the word speaks against the class
 * (leave one out: Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation
 * Erasure").
 */
export async function dropsOf(
  network: Network,
  { ids, words }: Reading,
  { logits, label }: Answer,
): Promise<number[]> {
  if (words.length === 0) return [];
  const certainty = (row: ArrayLike<number>) => row[label] - logSumExp(row);
  const whole = certainty(logits);
  const rows = await network(words.map(({ tokens }) => without(ids, tokens)));
  return rows.map((row) => whole - certainty(row));
}
