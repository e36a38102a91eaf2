/** Rows that change one thing of another row than the reference, each beside that row. */
import type { Results } from "../../lib/study/experiment";
import { pairInWords, type TipQuestion } from "./conclusion";

/** By the names that notebook 12 gives its rows: what is changed, and of what. */
export const PAIRS = {
  "Rates by layer": ["two layers, rates by layer", "two layers trained"],
  "Gradual unfreezing": ["two layers, unfrozen gradually", "two layers trained"],
  "Rate of the head": ["last layer, rate of the head", "last layer trained"],
  "Head + tail": ["cut to head + tail", "cut to the beginning"],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** What each pair says, as findings() takes it; one of which a row is not there is left out. */
export function pairsInWords(
  results: Results,
  pairs: Readonly<Record<string, readonly [string, string]>>,
  asked: Pick<TipQuestion, "metric" | "called">,
): Record<string, string> {
  const there = new Set(results.answers.map(({ system }) => system));
  return Object.fromEntries(
    Object.entries(pairs)
      .filter(([, pair]) => pair.every((system) => there.has(system)))
      .map(([name, pair]) => [name, pairInWords(results, pair, asked).en]),
  );
}

/**
 * The rows that are judged in these pairs and not against the reference, and one that is there for its pair
 * alone.
 */
export const inPairs: readonly string[] = [
  ...Object.values(PAIRS).map(([row]) => row),
  PAIRS["Head + tail"][1],
];
