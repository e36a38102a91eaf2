/**
 * Published scores of jrte-corpus's sentiment part in three classes, beside ours: r-terada/ja_bert_finetuning
 * at cb04ba1 (2022-06-03), batches of 32, a rate of 5e-5, 10 epochs, one seed a row. The test set is the
 * corpus's own: 336 positive, 139 neutral and 78 negative sentences.
 */
import { compare, rowOf } from "../../lib/evaluate/comparison";
import { wilson } from "../../lib/evaluate/intervals";
import { show } from "../../lib/show/display";
import { range, share } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";
import type { Results } from "../../lib/study/experiment";
import { DRAWS } from "../../lib/study/results";

export const JRTE_TESTED = 553;

/** System, accuracy, macro F1; in brackets the most tokens of a sentence, where they are stated. */
export const JRTE_PUBLISHED = [
  ["Waseda RoBERTa large (128)", 0.8951, 0.8753],
  ["Megagon UD-ELECTRA base (128)", 0.8897, 0.8594],
  ["Waseda RoBERTa base", 0.877, 0.8496],
  ["Tohoku BERT base v2 (512)", 0.8716, 0.8438],
  ["chiTra-1", 0.8608, 0.8214],
  ["Tohoku BERT base v2 (128)", 0.859, 0.8173],
  ["Tohoku BERT base, whole words", 0.8499, 0.815],
  ["Tohoku BERT large", 0.8463, 0.8026],
] as const;

/** Of a published accuracy the number of right answers, which it fixes, and Wilson's interval. */
export function rightOf(accuracy: number): {
  readonly right: number;
  readonly low: number;
  readonly high: number;
} {
  const right = Math.round(accuracy * JRTE_TESTED);
  return { right, ...wilson(right, JRTE_TESTED) };
}

/**
 * The published rows and some of ours by macro F1, with 95 % intervals: Wilson's of a published accuracy,
 * over test texts alone; ours over seeds and test texts.
 */
export async function showPublishedJrte(results: Results, systems: readonly string[]): Promise<void> {
  const { task, answers } = results,
    own = answers.filter(({ system }) => systems.includes(system)),
    how = { classes: task.classes, tests: [], bootstrapSamples: DRAWS };
  const [accuracy, macroF1] = (["accuracy", "macroF1"] as const).map((metric) =>
    compare(own, { metric, ...how }),
  );
  const ours = systems.map((system) => {
    const [one, other] = [accuracy, macroF1].map((comparison) => rowOf(comparison, system));
    return {
      ...{ system: `${system} (here)`, f1: other.mean },
      accuracy: `${share(one.mean)} ${range(one)}`,
      "macro F1": `${share(other.mean)} ${range(other)}`,
      source: "komalab",
    };
  });
  const published = JRTE_PUBLISHED.map(([system, right, f1]) => ({
    ...{ system, f1 },
    accuracy: `${share(right)} ${range(rightOf(right))}`,
    "macro F1": share(f1),
    source: "r-terada/ja_bert_finetuning",
  }));
  const rows = [...ours, ...published].sort((a, b) => b.f1 - a.f1).map(({ f1, ...row }) => row);
  const caption = `Published rows and ours on ${JRTE_TESTED} test sentences in three classes, by macro F1`;
  await show(table(rows, { caption }));
}
