/** Labels to look at, as a notebook shows them and as a list for an annotator. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { show } from "../../lib/show/display";
import { decimals } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";
import { trend } from "../../lib/show/trend";
import { projectRoot, sha256, writeBeside } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { remark } from "../../lib/support/printable";
import { correctionsCsv } from "../corrections";
import { type Answered, type Estimate, type Found, foundOf, inWords, LOOKED_AT, meanOf } from "./found";
import { confidentJoint, estimatedErrors } from "./joint";
import { percent } from "./plant";
import { confusedPairs, LEAST, meanProbabilities, type Suspect, suspects } from "./suspects";

/**
 * The first planted label by hand: what the models of each seed give it, its loss, its place in the list.
 * @param before the labels before anything was planted
 */
export async function showOneByHand(answered: Answered, before: readonly number[]): Promise<void> {
  const { task, wrong, probabilities } = answered,
    [item] = wrong,
    given = task.labels[item],
    list = suspects(answered);
  const p = probabilities.map((ofSeed) => Math.max(LEAST, ofSeed[item][given])),
    place = list.findIndex((one) => one.item === item);
  const each = (values: readonly number[], digits: number) =>
    values.map((value) => decimals(value, digits)).join(", ");
  const steps = {
    text: task.items[item].text,
    "label before": task.classes[before[item]],
    "wrong label": task.classes[given],
    "its probability, by seed": each(p, 4),
    "−ln of it": each(
      p.map((one) => -Math.log(one)),
      2,
    ),
    "loss, the mean of these": decimals(list[place].loss),
    "place in the list": `${place + 1} of ${list.length}`,
    "class taken instead": list[place].suggested,
  };
  await show(
    table(
      Object.entries(steps).map(([step, value]) => ({ step, value })),
      { caption: "From a label to its place in the list" },
    ),
  );
}

/** "0.62", its interval below it. */
const twoLines = (estimate: Estimate): string => inWords(estimate).replace(/ \((.*)\)/, "\n$1");

/** How well each kind of list finds the planted labels, a table for each of the data. */
export async function showFoundTable(all: readonly Found[]): Promise<void> {
  for (const [data, found] of grouped(all, (one) => one.data))
    await show(
      table(
        found.map(({ share, by, planted, precision, recallAtTwice, averagePrecision, behind }) => ({
          wrong: `${planted} (${percent(share)})`,
          "list by": by,
          "precision = recall": twoLines(precision),
          "ahead of it": behind === undefined ? "–" : twoLines(behind),
          "recall in twice as many": twoLines(recallAtTwice),
          "average precision": twoLines(averagePrecision),
        })),
        {
          caption: `Planted labels of ${data} that are at the head of the list, among as many texts as labels are wrong; means over plantings with 95 % intervals`,
        },
      ),
    );
}

/** Of the planted labels the share that is found, against the share of texts that is looked at. */
export async function showFound(
  found: readonly Found[],
  { data, share }: { readonly data: string; readonly share: number },
): Promise<void> {
  const own = found.filter((row) => row.data === data && row.share === share);
  const points = own.flatMap(({ by, recallAt }) =>
    LOOKED_AT.map((part) => {
      const { value, low, high, seeds } = recallAt.get(part)!,
        alone = seeds.length < 2; // has no interval
      return {
        series: by,
        x: 100 * part,
        value,
        low: alone ? value : low,
        high: alone ? value : high,
        seeds,
      };
    }),
  );
  const { planted } = foundOf(found, { data, share });
  await show(
    trend(points, {
      title: `Wrong labels found in ${data}, ${planted} planted (${percent(share)})`,
      subtitle: "upright lines: 95 % intervals; small points: plantings",
      x: "% of the texts looked at",
      metric: "share found",
    }),
    {
      key: true,
      caption: {
        en: `Wrong labels found in ${data} of ${planted} planted ones, against the texts looked at. The nearer a line is to the upper left corner, the fewer texts have to be read.`,
        ja: `${data === "lines" ? "台詞" : "レビュー"}に植えた誤ったラベル ${planted} 件のうち見つかった割合と、読み直した割合。線が左上に近いほど、少ない読み直しで済む。`,
      },
    },
  );
}

/** How many labels confident learning takes for wrong, beside how many were planted. */
export const showEstimates = (answered: readonly Answered[]): Promise<void> =>
  show(
    table(
      [...grouped(answered, ({ name }) => name)].map(([name, own]) => ({
        data: name,
        items: own[0].task.items.length,
        planted: own[0].wrong.size,
        estimated: inWords(meanOf(own.map(errorsIn)), 0),
      })),
      {
        caption: "Wrong labels as confident learning estimates their number (off the diagonal of its joint)",
      },
    ),
  );

/** How many labels of the data are wrong, by confident learning. */
export const errorsIn = (answered: Answered): number =>
  estimatedErrors(confidentJoint(answered.task.labels, meanProbabilities(answered)));

interface ListOptions {
  /** Texts at the head of the list. */
  readonly most: number;
  /** Ids of texts that have been looked at already. */
  readonly without: ReadonlySet<string>;
}

const headOf = (answered: Answered, { most, without }: ListOptions): Suspect[] =>
  suspects(answered)
    .filter(({ item }) => !without.has(answered.task.items[item].id))
    .slice(0, most);

/** The head of the list, worst first. */
export const showSuspects = (answered: Answered, options: ListOptions): Promise<void> =>
  show(
    table(
      headOf(answered, options).map(({ item, loss, label, suggested, probability, agree }) => ({
        id: answered.task.items[item].id,
        text: answered.task.items[item].text,
        label,
        suggested,
        probability: decimals(probability),
        "seeds that agree": `${Math.round(agree * answered.probabilities.length)} of ${answered.probabilities.length}`,
        loss: decimals(loss),
      })),
      { caption: `Labels to look at in ${answered.data}, the least expected first` },
    ),
  );

/** Which labels of the head of the list would become which. */
export const showPairs = (answered: Answered, options: ListOptions): Promise<void> => {
  const own = headOf(answered, options);
  return show(
    table(
      confusedPairs(own)
        .slice(0, 10)
        .map(({ label, suggested, texts }) => ({ label, "taken for": suggested, items: texts })),
      { caption: `Pairs of classes among the first ${own.length} of ${answered.data}` },
    ),
  );
};

/** "喜楽 → ニュートラル (12), …": the most frequent pairs. */
export const pairsInWords = (answered: Answered, options: ListOptions, pairs = 3): string =>
  confusedPairs(headOf(answered, options))
    .slice(0, pairs)
    .map(({ label, suggested, texts }) => `${label} → ${suggested} (${texts})`)
    .join(", ");

/**
 * Writes the head of the list for the annotator, as labels/NAME-HASH.csv in the project: another list is
 * another file, so that none that is being filled in is written over.
 * @returns its path from the project
 */
export function writeList(answered: Answered, options: ListOptions): string {
  const own = headOf(answered, options);
  const text = correctionsCsv(
    own.map(({ item, ...suspect }) => {
      const { id, text } = answered.task.items[item];
      return { id, text, ...suspect };
    }),
  );
  const path = join(projectRoot, "labels", `${answered.data}-${sha256(text).slice(0, 8)}.csv`),
    name = relative(projectRoot, path);
  if (!existsSync(path)) writeBeside(path, text);
  remark(`${own.length} texts for an annotator: ${name}`);
  return name;
}
