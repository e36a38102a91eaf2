/**
 * What searched settings are worth: trained again with seeds that the search has not seen, beside the default
 * settings, and tested on the test lines, which the search has not seen either.
 */
import type { Versus } from "../../lib/evaluate/comparison";
import { CLASSIFICATION_DEFAULTS, type ClassificationSettings } from "../../lib/experiment/spec";
import { planTrials } from "../../lib/experiment/trials";
import type { Words } from "../../lib/show/style";
import { verdictInWords } from "../../lib/study/conclusion";
import { planOf, type Results, run } from "../../lib/study/experiment";
import { HEADINGS, verdictOf } from "../../lib/study/results";
import type { Item } from "../../lib/study/task";
import { canonicalJson } from "../../lib/support/files";
import { COUNT, check } from "../../lib/support/settings";
import type { Found } from "./search";

export interface FinalTest {
  /** Their number: the next ones after those of the search. */
  readonly seeds: number;
  /** What the searched settings are compared with, over those that all candidates have in common. */
  readonly defaults: Partial<ClassificationSettings>;
  readonly processes?: number;
  readonly fresh?: boolean;
}

export interface Tested<T extends Item = Item> {
  readonly results: Results<T>;
  /** One run of both is the same run: nothing is compared. */
  readonly same: boolean;
  readonly verdict: Words;
}

/** Names of the two systems. */
export const SEARCHED = "searched";
export const DEFAULTS = "defaults";

/**
 * Trains and tests both.
 *
 *     const defaults = { learningRate: 1e-3, epochs: 30 };
 *     const { results, verdict } = await finalTest(found, { seeds: 8, defaults });
 *
 * @throws with the setting and what it may be; the first crashing run's error
 */
export async function finalTest<T extends Item>(
  { task, search, metric, winner }: Found<T>,
  { seeds, defaults, processes = search.processes, fresh = search.fresh }: FinalTest,
): Promise<Tested<T>> {
  check("seeds", seeds, COUNT);
  const { name, settings = {} } = search;
  const whole = (own: Partial<ClassificationSettings>) =>
    canonicalJson({ ...CLASSIFICATION_DEFAULTS, ...settings, ...own });
  const same = whole(winner.settings) === whole(defaults);
  const systems = { ...(!same && { [SEARCHED]: winner.settings }), [DEFAULTS]: defaults },
    before = search.seeds[search.seeds.length - 1];
  const seeded = Array.from({ length: seeds }, (_, i) => before + i + 1).map((seed) => ({
    initSeed: seed,
    orderSeed: seed,
  }));
  const more = planTrials({
    ...planOf(task, { name, settings, fresh }),
    seeds: 1,
    systems: Object.entries(systems).flatMap(([system, own]) =>
      seeded.map((seed) => ({ system, settings: { ...own, ...seed } })),
    ),
  });
  const results = await run(task, { ...{ name, systems: {}, seeds: 1, more, processes } });
  return {
    results,
    same,
    verdict: same
      ? {
          en: "the search chose the default settings, so that there is nothing to compare",
          ja: "探索で選ばれたのは既定の設定そのもので、比べるものがない",
        }
      : bothWords(verdictOf(results, metric, [SEARCHED, DEFAULTS]), HEADINGS[metric]),
  };
}

/** A verdict in words, the two systems by their names in each language. */
const bothWords = (verdict: Versus, heading: string): Words => ({
  en: verdictInWords(verdict, heading).en,
  ja: verdictInWords({ ...verdict, system: "探索した設定", other: "既定の設定" }, heading).ja,
});
