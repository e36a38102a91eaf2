/** Scores of every class as a table. */
import { type MetricName, pooled, type SystemRun, scoreBy } from "../evaluate/comparison";
import { summary } from "../evaluate/intervals";
import { grouped } from "../support/groups";
import { decimals } from "./numbers";
import type { Bundle } from "./style";
import { table } from "./tables";

/**
 * F1 of every class with its macro and weighted means, one row a system: means over seeds, the items of all
 * test sets together; folded, precision and recall too. As scikit-learn's classification_report, where a
 * score that is undefined is 0.
 */
export function classTable(
  runs: readonly SystemRun[],
  { classes, caption }: { readonly classes: readonly string[]; readonly caption: string },
): Bundle {
  const systems = [...grouped(pooled(runs), ({ system }) => system)].map(([system, own]) => ({
    system,
    mean: (metric: MetricName, positive?: number) =>
      summary(own.map(scoreBy(metric, { classes, positive }))).mean,
  }));
  const { gold } = pooled(runs)[0];
  const counts = classes.map((_, c) => gold.filter((label) => label === c).length);
  const main = systems.map(({ system, mean }) => ({
    system,
    ...Object.fromEntries(classes.map((name, c) => [`${name}\n(${counts[c]})`, decimals(mean("f1", c))])),
    "macro\nF1": decimals(mean("macroF1")),
    "weighted\nF1": decimals(mean("weightedF1")),
  }));
  const folded = systems.flatMap(({ system, mean }) => [
    ...classes.map((name, c) => ({
      system,
      class: name,
      precision: mean("precision", c),
      recall: mean("recall", c),
      F1: mean("f1", c),
      items: counts[c],
    })),
    ...(["macro", "weighted"] as const).map((kind) => ({
      system,
      class: `${kind} mean`,
      precision: mean(`${kind}Precision`),
      recall: mean(kind === "macro" ? "macroRecall" : "accuracy"),
      F1: mean(`${kind}F1`),
      items: gold.length,
    })),
  ]);
  return table(main, {
    caption,
    summary: "Precision, recall and F1 of every class",
    folded: [table(folded, { caption: "Means over seeds; the weighted mean of recall is accuracy" })],
  });
}
