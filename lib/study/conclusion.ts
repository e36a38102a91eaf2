/** What may be concluded, in words: English and Japanese from the same verdict. */
import type { Versus } from "../evaluate/comparison";
import { markdown, show } from "../show/display";
import { decimals, differenceInWords, probabilityInWords } from "../show/numbers";
import type { Words } from "../show/style";

/**
 * The sentences of a notebook's last section, as a list.
 *
 *     await findings({ "Best system": "BERT last", Limits: "few lines" });
 */
export const findings = (sentences: Readonly<Record<string, string>>): Promise<void> =>
  show(
    markdown(
      Object.entries(sentences)
        .map(([about, sentence]) => `- **${about}:** ${sentence}`)
        .join("\n"),
    ),
  );

/**
 * "BERT last is clearly better than TF-IDF + logistic by macro F1 (+0.05, 95 % interval +0.02 to +0.08, p =
 * .012)", or that the data cannot tell, and how large a difference it could.
 *
 *     const { en, ja } = verdictInWords(verdicts(results, "macroF1")[0], "macro F1");
 *
 * @param metric as it is to be called
 */
export function verdictInWords(verdict: Versus, metric: string): Words {
  const { system, other, holm: p, clear, visible } = verdict;
  const numbers = differenceInWords(verdict);
  if (Number.isNaN(p))
    return {
      en: `between ${system} and ${other} nothing is judged: it takes three seeds (${metric} ${numbers})`,
      ja: `${system} と ${other} の差は判定しない（シードが3つ必要。${metric} の差 ${numbers}）`,
    };
  const tested = probabilityInWords(p);
  if (clear === "no")
    return {
      en: `${system} and ${other} are not clearly different by ${metric} (${numbers}, ${tested}); with these texts and seeds a difference below ${decimals(visible)} would mostly be missed`,
      ja: `${system} と ${other} の ${metric} に明らかな差はない（差 ${numbers}、${tested}）。このテスト件数とシード数では、${decimals(visible)} 未満の差は見つけにくい`,
    };
  return {
    en: `${system} is clearly ${clear} than ${other} by ${metric} (${numbers}, ${tested})`,
    ja: `${system} の ${metric} は ${other} を明らかに${clear === "better" ? "上回る" : "下回る"}（差 ${numbers}、${tested}）`,
  };
}
