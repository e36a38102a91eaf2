/** The three lines that a page begins with. */
import type { TrialRun } from "../../lib/experiment/spec";

/** For a page without a line of the data. */
export const OWN_EXAMPLES: readonly string[] = [
  "思っていたよりずっと良くて、また来たいと思った。",
  "待たされたうえに、説明もしてもらえなかった。",
  "えっ、それって本当なの？",
];

/** A line that fits on a phone. */
const SHORT = 60;

const THREE = 3;

/** Of a line whose answer is surer hardly a word can be left out that changes it. */
const SURE = 0.9;

/**
 * Of the lines that a run was tested on: two that it is nearly sure of, rightly and of two classes, and the
 * one that it is least sure of; where there are none such, others that it is sure of.
 * @param textOf by the line's id
 */
export function examplesOf(
  { result: { items, gold, predicted, probabilities = [] } }: TrialRun,
  textOf: ReadonlyMap<string, string>,
): string[] {
  const lines = items.flatMap((id, i) => {
    const text = textOf.get(id) ?? "",
      sure = probabilities[i]?.[predicted[i]] ?? 0;
    return text === "" || text.length > SHORT || text.includes("\n")
      ? []
      : [{ text, label: predicted[i], right: gold[i] === predicted[i], sure }];
  });
  const near = [...lines].sort((a, b) => Math.abs(a.sure - SURE) - Math.abs(b.sure - SURE)),
    [first] = near.filter(({ right }) => right),
    [second] = near.filter(({ right, label }) => right && label !== first?.label),
    [least] = [...lines].sort((a, b) => a.sure - b.sure);
  const texts = [first, second, least, ...near].flatMap((line) => (line ? [line.text] : []));
  return [...new Set(texts)].slice(0, THREE);
}
