/** What became of trainings (evaluate/ending.ts), in words. */
import { type Ending, endingOf } from "../evaluate/ending";
import type { Words } from "./style";

/** What the two words mean, for captions and sentences. */
export const MEANING = {
  failed: {
    en: "validation accuracy of the last epoch at or below that of always giving training's majority class",
    ja: "最終エポックの検証正解率が、学習データの多数派クラスを常に答える場合以下",
  },
  diverged: {
    en: "the loss stopped being a number or exploded",
    ja: "損失が NaN になったか発散的に増大した",
  },
} as const satisfies Readonly<Record<string, Words>>;

/** How many of some trainings failed, and how many diverged. */
export const countEndings = (endings: readonly Ending[]) => ({
  failed: endings.filter((ending) => ending === "failed").length,
  diverged: endings.filter((ending) => ending === "diverged").length,
});

/** "3 failed, 1 diverged", or "3 of 18 failed, 1 diverged" */
export const countsInWords = (
  { failed, diverged = 0 }: { readonly failed: number; readonly diverged?: number },
  runs?: number,
): Words => ({
  en: `${failed}${runs === undefined ? "" : ` of ${runs}`} failed${diverged > 0 ? `, ${diverged} diverged` : ""}`,
  ja: `${runs === undefined ? "" : `${runs} 回中 `}失敗 ${failed} 回${diverged > 0 ? `、発散 ${diverged} 回` : ""}`,
});

/**
 * "3 of 18 failed, 1 diverged", in English and Japanese.
 *
 *     const { en, ja } = endingsInWords(results.runs.map(({ result }) => result));
 */
export const endingsInWords = (results: readonly Parameters<typeof endingOf>[0][]): Words =>
  countsInWords(countEndings(results.map(endingOf)), results.length);
