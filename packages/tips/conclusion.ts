/** Which tips help, in one sentence and in a list. */
import { ALWAYS_NEGATIVE, MAJORITY, ORACLE_MAJORITY, TFIDF } from "../../lib/evaluate/baselines";
import { compare, type MetricName, rowOf, type Versus } from "../../lib/evaluate/comparison";
import type { Words } from "../../lib/show/style";
import { verdictInWords } from "../../lib/study/conclusion";
import type { Results } from "../../lib/study/experiment";
import { DRAWS, verdicts } from "../../lib/study/results";

const BASELINES = [ALWAYS_NEGATIVE, MAJORITY, ORACLE_MAJORITY, TFIDF];

export interface TipQuestion {
  readonly metric: MetricName;
  /** The metric in words. */
  readonly called: Words;
  /** What every tip changes in one thing. */
  readonly reference: string;
  /** Rows that are no tip against the reference; baselines are none anyway. */
  readonly apart?: readonly string[];
}

export interface TipConclusion {
  readonly tips: readonly Versus[];
  readonly better: readonly Versus[];
  readonly worse: readonly Versus[];
  /** "Of 12 tips, clearly better by macro F1: …; clearly worse: none." */
  readonly words: Words;
  /** Of the clear ones their differences, as findings() takes them. */
  readonly list: Readonly<Record<string, string>>;
}

/** Two systems of a table against each other, the one pair that is judged. */
export function pairInWords(
  results: Results,
  [system, other]: readonly [string, string],
  { metric, called }: Pick<TipQuestion, "metric" | "called">,
): Words {
  const { classes } = results.task,
    answers = results.answers.filter((one) => one.system === system || one.system === other);
  const how = { metric, classes, baseline: other, tests: ["baseline"], bootstrapSamples: DRAWS } as const;
  return verdictInWords(rowOf(compare(answers, how), system).baseline!, called);
}

/** The verdict on every tip against the reference, corrected for all rows of the table. */
export function tipsInWords(
  results: Results,
  { metric, called, reference, apart = [] }: TipQuestion,
): TipConclusion {
  const none = new Set<string>([...BASELINES, ...apart]),
    tips = verdicts(results, metric, reference).filter(({ system }) => !none.has(system));
  const [better, worse] = (["better", "worse"] as const).map((clear) =>
    tips.filter((one) => one.clear === clear),
  );
  const names = (found: readonly Versus[], none: string) =>
    found.map(({ system }) => system).join(", ") || none;
  const space = /[!-~]$/.test(called.ja) ? " " : ""; // letters of two scripts stand apart
  const words = (found: readonly Versus[]) =>
    found.map((one) => verdictInWords(one, called).en).join("; ") || "none";
  return {
    ...{ tips, better, worse },
    words: {
      en: `Of ${tips.length} tips, clearly better by ${called.en}: ${names(better, "none")}; clearly worse: ${names(worse, "none")}.`,
      ja: `${tips.length} 件の tips のうち、${called.ja}${space}が明らかに上がったもの: ${names(better, "なし")}、明らかに下がったもの: ${names(worse, "なし")}。`,
    },
    list: { "Clearly better": words(better), "Clearly worse": words(worse) },
  };
}
