/** What may be concluded, in words: English and Japanese from the same verdict. */
import type { MetricName, Versus } from "../evaluate/comparison";
import { markdown, show } from "../show/display";
import { decimals, differenceInWords, probabilityInWords } from "../show/numbers";
import type { Words } from "../show/style";
import type { Results } from "./experiment";
import { compareBy, japaneseName } from "./results";

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
 * What answers are to be measured by: the scores of what has learnt nothing, or only counted characters.
 *
 *     const scale = scaleInWords(results, "accuracy"); // "majority class 0.50, …"
 */
export const scaleInWords = (results: Results, metric: MetricName): string =>
  compareBy(results, metric)
    .rows.filter(({ system }) => results.answers.some((one) => one.system === system && one.seed === null))
    .map(({ system, mean }) => `${system} ${decimals(mean)}`)
    .join(", ");

/**
 * "BERT last is clearly better than TF-IDF + logistic by macro F1 (+0.05, 95 % interval +0.02 to +0.08, p =
 * .012)", or that the data cannot tell, and how large a difference it could.
 *
 *     const { en, ja } = verdictInWords(verdicts(results, "macroF1")[0], "macro F1");
 *
 * @param metric as it is to be called, in both languages or in each
 */
export function verdictInWords(verdict: Versus, metric: string | Words): Words {
  const called = typeof metric === "string" ? { en: metric, ja: japaneseName(metric) } : metric;
  const { system, other, holm: p, clear, visible } = verdict;
  const numbers = differenceInWords(verdict),
    numbersJa = numbers.replace(" to ", "〜"),
    apart = (name: string) => name.replace(/^(?=[!-~])|(?<=[!-~])$/g, " "), // letters of two scripts
    [first, second, metricJa] = [apart(system).trimStart(), apart(other), apart(called.ja)];
  if (Number.isNaN(p))
    return {
      en: `between ${system} and ${other} nothing is judged: it takes three seeds (${called.en} ${numbers})`,
      ja: `${first}と${second}の差は、シードが3つ以上ないため判定しない（${metricJa.trimStart()}の差 ${numbersJa}）`,
    };
  const tested = probabilityInWords(p),
    sharp = visible < 0.005; // a difference of .00 that "would be missed" says nothing
  if (clear === "no")
    return {
      en: `${system} and ${other} are not clearly different by ${called.en} (${numbers}, ${tested}); ${sharp ? "with these texts and seeds a difference of 0.01 would be seen" : `with these texts and seeds a difference below ${decimals(visible)} would mostly be missed`}`,
      ja: `${first}と${second}の${metricJa}に明らかな差はない（差 ${numbersJa}、${tested}）。このテスト件数とシード数では、${sharp ? "0.01 の差でも検出できる" : `${decimals(visible)} 未満の差は検出しにくい`}`,
    };
  return {
    en: `${system} is clearly ${clear} than ${other} by ${called.en} (${numbers}, ${tested})`,
    ja: `${first}の${metricJa}は${second}を明らかに${clear === "better" ? "上回る" : "下回る"}（差 ${numbersJa}、${tested}）`,
  };
}
