/** A published table, read again, as a notebook shows it. */
import { probability, range } from "../../lib/show/numbers";
import type { Bundle } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import { countRows, openRows, pairRows, systemRows } from "./claims";
import type { PublishedTable, Reading } from "./published";

/**
 * One row a system over all test sets that have one reading: its counts, accuracy and mean F1 with intervals,
 * and the exact comparison with "always negative"; folded, each cell with its counts, and every pair of
 * systems. Where no test set has one reading: what is left open.
 */
export function publishedTable(
  published: PublishedTable,
  readings: readonly Reading[],
  caption: string,
): Bundle {
  const systems = systemRows(published, readings),
    open = openTable(published, readings);
  if (systems.length === 0)
    return (
      open ??
      table(
        readings.map(({ testSet, verdict }) => ({ "test set": testSet, verdict })),
        { caption },
      )
    );
  const rows = systems.map((row) => ({
    system: row.system,
    "called positive": row.calledPositive,
    TP: row.tp,
    FP: row.fp,
    FN: row.fn,
    TN: row.tn,
    accuracy: `${row.accuracy.toFixed(2)}\n${range(row, 2)}`,
    recall: row.recall,
    "mean F1": `${row.meanF1.toFixed(2)}\n${range({ low: row.meanF1Low, high: row.meanF1High }, 2)}`,
    "Δ right": Number.isNaN(row.p)
      ? "–"
      : `${row.tp - row.fp > 0 ? "+" : row.tp < row.fp ? "−" : ""}${Math.abs(row.tp - row.fp)}`,
    "p (Holm)": probability(row.holm),
  }));
  const cells = table(
    countRows(published, readings).map(
      ({ testSet, system, n, positives, tp, fp, fn, tn, accuracy, low, high, alwaysNegative, p, holm }) => ({
        "test set": testSet,
        system,
        items: n,
        positive: positives,
        TP: tp,
        FP: fp,
        FN: fn,
        TN: tn,
        accuracy,
        "95 % interval": range({ low, high }),
        "always negative": alwaysNegative,
        p: probability(p),
        Holm: probability(holm),
      }),
    ),
    {
      caption:
        "Each cell: counts, accuracy with Wilson's interval, McNemar's exact test against always negative; Holm over all cells",
    },
  );
  const pairs = table(
    pairRows(published, readings).map(({ one, other, ahead, pLow, pHigh, decided }) => ({
      one,
      other,
      "right more often": ahead,
      "p at least": probability(pLow),
      "at most": probability(pHigh),
      differ: decided ?? "open",
    })),
    {
      caption:
        "Two systems: the least and the highest p of McNemar's test, since a table does not say which items both got right; Holm over all pairs",
    },
  );
  return table(rows, {
    caption: `${caption}. Δ right: answers right more (+) or less (−) often than always negative, with p of McNemar's exact test`,
    summary: "Counts of every cell, and every pair of systems",
    folded: [cells, pairs, ...(open === undefined ? [] : [open])],
  });
}

function openTable(published: PublishedTable, readings: readonly Reading[]): Bundle | undefined {
  const rows = openRows(published, readings);
  return rows.length === 0
    ? undefined
    : table(
        rows.map(({ testSet, system, n, right, accuracy, low, high, solutions, recall }) => ({
          "test set": testSet,
          system,
          items: n,
          right: `${right.from} to ${right.to}`,
          accuracy,
          "95 % interval": range({ low, high }),
          readings: solutions,
          "recall of the positive class": recall,
        })),
        { caption: "Test sets whose counts are open: what the printed scores leave" },
      );
}
