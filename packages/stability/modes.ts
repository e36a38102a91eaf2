/** Freeze modes that train fewer weights, beside all layers by the same recipe: failures and spread. */
import { summary } from "../../lib/evaluate/intervals";
import { countEndings, countsInWords } from "../../lib/show/endings";
import { decimals } from "../../lib/show/numbers";
import type { Words } from "../../lib/show/style";
import { grouped } from "../../lib/support/groups";
import type { Outcome } from "./outcomes";
import { modeName, type Recipe } from "./recipes";

export interface ModeRow {
  /** "all layers", "BitFit" */
  readonly mode: string;
  /** Weights that are trained. */
  readonly trained: number;
  readonly outcomes: readonly Outcome[];
  /**
   * Standard deviation over seeds of the validation accuracy of the last epoch: the root of the mean of the
   * learning rates' variances; NaN of one seed. Where every run fails alike it is small as well.
   */
  readonly spread: number;
  /** The runs of the learning rate whose mean validation accuracy is highest, of equals the lowest rate. */
  readonly best: readonly Outcome[];
}

const meanEnd = (some: readonly Outcome[]) => summary(some.map(({ end }) => end)).mean;
const varianceOf = (some: readonly Outcome[]) => summary(some.map(({ end }) => end)).sd ** 2;

/** A row a mode, all layers by the modes' own recipe first; none where all runs train all layers. */
export function modesOf(outcomes: readonly Outcome[]): ModeRow[] {
  const apart = ({ epochs, warmupRatio, biasCorrection }: Recipe) =>
    JSON.stringify([epochs, warmupRatio, biasCorrection]);
  const own = new Set(outcomes.flatMap(({ recipe }) => (recipe.freeze === undefined ? [] : [apart(recipe)])));
  const alike = outcomes.filter(({ recipe }) => own.has(apart(recipe)));
  return [...grouped(alike, ({ recipe }) => modeName(recipe.freeze))].map(([mode, runs]) => {
    const rates = [...grouped(runs, ({ rate }) => rate).values()].sort(([a], [b]) => a.rate - b.rate);
    return {
      mode,
      trained: runs[0].run.result.parameters.trained,
      outcomes: runs,
      spread: Math.sqrt(summary(rates.map(varianceOf)).mean),
      best: rates.reduce((a, b) => (meanEnd(b) > meanEnd(a) ? b : a)),
    };
  });
}

/** "all layers: 0.012; BitFit: 0.030": the spread of each. */
export const spreadInWords = (rows: readonly ModeRow[]): string =>
  rows.map(({ mode, spread }) => `${mode}: ${decimals(spread, 3)}`).join("; ");

/**
 * "By one recipe: all layers 14 of 18 failed; BitFit 3 of 18 failed.", in English and Japanese; no words
 * where there are no rows.
 */
export function modesInWords(rows: readonly ModeRow[]): Words {
  if (rows.length === 0) return { en: "", ja: "" };
  const each = rows.map(({ mode, outcomes }) => {
    const counts = countEndings(outcomes.map(({ ending }) => ending)),
      runs = outcomes.length;
    const diverged = counts.diverged > 0 ? `（ほかに発散 ${counts.diverged} 回）` : "";
    return {
      en: `${mode} ${countsInWords(counts, runs).en}`,
      ja: `${mode === modeName() ? "全層" : mode} ${runs} 回中 ${counts.failed} 回${diverged}`,
    };
  });
  return {
    en: `By one recipe: ${each.map(({ en }) => en).join("; ")}.`,
    ja: `同じ手順での失敗は、${each.map(({ ja }) => ja).join("、")}。`,
  };
}
