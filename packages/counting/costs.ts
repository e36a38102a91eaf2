/** What each system costs: its size, the minutes of its training, and its speed as the bench measured it. */
import { TFIDF } from "../../lib/evaluate/baselines";
import type { Bundle } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import type { Results } from "../../lib/study/experiment";
import { grouped } from "../../lib/support/groups";
import { headlineTiming } from "../efficiency";
import type { COUNTED } from "./recipes";

export interface CountingCost {
  readonly system: string;
  readonly bytes: number;
  /** Of learning, the cutting of words too. */
  readonly seconds: number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Of networks the parameters, four bytes each, and the seconds of one run, a mean. */
const costsOfRuns = ({ runs }: Pick<Results, "runs">): CountingCost[] =>
  [...grouped(runs, ({ trial }) => trial.system)].map(([system, own]) => {
    const { trained, frozen } = own[0].result.parameters;
    return { system, bytes: 4 * (trained + frozen), seconds: mean(own.map(({ result }) => result.seconds)) };
  });

/** Rows of COUNTED by the bench's names. */
const WAYS: Readonly<Record<keyof typeof COUNTED, string>> = {
  [TFIDF]: "tfidf",
  "characters + SVM": "characters-svm",
  "words + SVM": "svm",
};

/**
 * The costs of counting and of the runs as a table.
 * @param measured trained systems that the bench has measured as they are, by its name for them: lstm,
 *   tensorflow; those of COUNTED are known
 * @throws if the bench has not, with the command that does
 */
export function costTable(
  { results, costs }: { readonly results: Pick<Results, "runs">; readonly costs: readonly CountingCost[] },
  measured: Readonly<Record<string, string>> = {},
): Bundle {
  const ways: Readonly<Record<string, string>> = { ...WAYS, ...measured };
  const rows = [...costs, ...costsOfRuns(results)].map(({ system, bytes, seconds }) => {
    const timing = Object.hasOwn(ways, system) ? headlineTiming(ways[system]) : undefined;
    return {
      system,
      MB: bytes / 1e6,
      "minutes a run": seconds / 60,
      "ms a text": timing?.milliseconds,
      "speed, one by one": timing?.ratioInWords,
    };
  });
  return table(rows, { caption: "Size, training and speed" });
}
