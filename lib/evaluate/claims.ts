/** What a published table lets one claim, once its counts are known: rows for tables, and sentences. */
import { binaryConfusion, confusionOf, meanMetrics, type Metrics, metricsOf } from "./confusion";
import { type Predictions, seedsAndItems, wilson } from "./intervals";
import { holm, mcnemar } from "./paired";
import type { Counts, PublishedTable, Reading } from "./published";

/** One row of a decoded table: its counts on every test set that has one reading. */
interface Decoded {
  readonly system: string;
  readonly counts: readonly Counts[];
}

type Read = Extract<Reading, { readonly verdict: "one" }>;
const decoded = (readings: readonly Reading[]) => readings.filter((reading): reading is Read => reading.verdict === "one");
const rowsOf = ({ systems }: PublishedTable, readings: readonly Reading[]): Decoded[] =>
  systems.map(({ system }, s) => ({ system, counts: decoded(readings).map(({ counts }) => counts[s]) }));

const total = (counts: readonly Counts[]): Counts =>
  counts.reduce((a, b) => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn }));
const right = ({ tp, tn }: Counts) => tp + tn;
const scores = (counts: Counts): Metrics => metricsOf(binaryConfusion(counts));

/** Predictions with these counts, in any order: which line got which answer is not in a table. */
function predictionsOf({ tp, fp, fn, tn }: Counts): Predictions {
  const runs = (...lengths: readonly number[]) => lengths.flatMap((n, i) => new Array<number>(n).fill((i + 1) % 2));
  return { gold: runs(tp + fn, fp + tn), predicted: runs(tp, fn, fp, tn) };
}

/**
 * Each system on each test set that has one reading: counts, accuracy with Wilson's interval, and McNemar's exact test against "always
 * negative". Those two disagree just where the system says positive: it alone is right on its TP items, and alone wrong on its FP items.
 * `holm` is corrected for all rows.
 */
export function countRows(table: PublishedTable, readings: readonly Reading[]) {
  return holm(rowsOf(table, readings).flatMap(({ system, counts }) => counts.map((one, set) => {
    const { testSet, n, positives } = decoded(readings)[set], alwaysNegative = 1 - positives / n;
    const accuracy = { accuracy: right(one) / n, ...wilson(right(one), n), alwaysNegative };
    return { testSet, system, n, positives, ...one, ...accuracy, p: mcnemar(one.tp, one.fp) };
  })));
}

/**
 * Each system over all test sets that have one reading, then "always negative" and the more frequent class of each test set: scores of
 * all items together (micro), accuracy with Wilson's interval, the mean of F1 over test sets (as printed) with its bootstrap interval, and
 * McNemar's exact test against "always negative", `holm` corrected for the number of systems; NaN for the two baselines.
 */
export function systemRows(table: PublishedTable, readings: readonly Reading[]) {
  const sets = decoded(readings);
  if (sets.length === 0) return [];
  const alwaysPositive = ({ n, positives }: Read): Counts => ({ tp: positives, fp: n - positives, fn: 0, tn: 0 });
  const alwaysNegative = ({ n, positives }: Read): Counts => ({ tp: 0, fp: 0, fn: positives, tn: n - positives });
  const frequent = (set: Read) => (2 * set.positives > set.n ? alwaysPositive(set) : alwaysNegative(set));
  const row = ({ system, counts }: Decoded) => {
    const all = total(counts), { n, accuracy, precision, recall, f1 } = scores(all), { low, high } = wilson(right(all), n);
    const f1Of = ({ gold, predicted }: Predictions) => metricsOf(confusionOf(gold, predicted, 2)).f1;
    const drawn = seedsAndItems(counts.map((one) => [predictionsOf(one)]), f1Of);
    const meanF1 = { meanF1: meanMetrics(counts.map(scores)).f1, meanF1Low: drawn.low, meanF1High: drawn.high };
    const called = { right: right(all), calledPositive: all.tp + all.fp };
    return { system, n, ...all, ...called, accuracy, low, high, precision, recall, f1, ...meanF1 };
  };
  const tested = holm(rowsOf(table, readings).map(row).map((one) => ({ ...one, p: mcnemar(one.tp, one.fp) })));
  const untested = [
    { system: "always negative", counts: sets.map(alwaysNegative) },
    { system: "more frequent class", counts: sets.map(frequent) },
  ];
  return [...tested, ...untested.map((one) => ({ ...row(one), p: Number.NaN, holm: Number.NaN }))];
}

/**
 * Two systems against each other. A table does not say on which items both were right, so McNemar's test cannot be made; but the counts
 * bound how often just one was, and so its p, here corrected by Holm for all pairs. `decided` is null where the bounds lie around .05.
 */
export function pairRows(table: PublishedTable, readings: readonly Reading[]) {
  const rows = rowsOf(table, readings);
  if (decoded(readings).length === 0) return [];
  const pairs = rows.flatMap((one, i) => rows.slice(i + 1).map((other) => {
    let least = 0, most = 0, ahead = 0;
    // Within the items of one test set and one gold class, the two sets of right answers may overlap as far as their sizes allow.
    one.counts.forEach((a, set) => {
      const b = other.counts[set];
      for (const [first, second, n] of [[a.tp, b.tp, a.tp + a.fn], [a.tn, b.tn, a.tn + a.fp]]) {
        least += Math.max(0, first - second);
        most += Math.min(first, n - second);
        ahead += first - second;
      }
    });
    const ps = Array.from({ length: most - least + 1 }, (_, more) => mcnemar(least + more, least + more - ahead));
    return { one: one.system, other: other.system, ahead, low: Math.min(...ps), high: Math.max(...ps) };
  }));
  const highest = holm(pairs.map(({ high }) => ({ p: high })));
  return holm(pairs.map(({ low }) => ({ p: low }))).map(({ holm: pLow }, i) => {
    const { one, other, ahead } = pairs[i], pHigh = highest[i].holm;
    return { one, other, ahead, pLow, pHigh, decided: pHigh < 0.05 ? true : pLow >= 0.05 ? false : null };
  });
}

const decimal = (x: number) => x.toFixed(3).replace(/^0/, "");
const pValue = (p: number) => (p < 0.001 ? "p < .001" : `p = ${decimal(p)}`);
const names = (systems: readonly string[]) => (systems.length === 0 ? "none" : systems.join("; "));

/** What can be claimed from a published table, and what cannot, in sentences. */
export function claims(table: PublishedTable, readings: readonly Reading[]): string[] {
  const sets = decoded(readings), sentences = readings.map(({ sentence }) => sentence);
  if (sets.length === 0) return [...sentences, "No comparison can be made: no test set has counts that are certain."];
  const all = systemRows(table, readings), [negative, frequent] = all.slice(-2), systems = all.slice(0, -2);
  const pairs = pairRows(table, readings);
  const tested = (keep: (row: (typeof all)[number]) => boolean) =>
    names(systems.filter(keep).map((row) => `${row.system} (${row.right} right, ${pValue(row.holm)})`));
  const pairNames = (decision: boolean | null) => pairs.filter(({ decided }) => decided === decision);
  const differ = pairNames(true).map(({ one, other, ahead }) => (ahead > 0 ? `${one} over ${other}` : `${other} over ${one}`));
  const odd = sets.filter(({ n, positives }) => 2 * positives > n).map(({ testSet }) => testSet);
  const best = [...systems].sort((a, b) => b.meanF1 - a.meanF1)[0];
  const within = systems.filter((row) => row !== best && row.meanF1 >= best.meanF1Low).length;
  return [
    ...sentences,
    `"Always negative" is right on ${negative.right} of ${negative.n} items (${decimal(negative.accuracy)}). ` +
      `Against it, by McNemar's exact test with Holm's correction for ${systems.length} systems:`,
    `More accurate: ${tested((row) => row.holm < 0.05 && row.right > negative.right)}.`,
    `Less accurate: ${tested((row) => row.holm < 0.05 && row.right < negative.right)}.`,
    `Not told apart: ${tested((row) => row.holm >= 0.05)}.`,
    ...(odd.length === 0 ? [] : [
      `"Always negative" is not the majority class of ${odd.join(", ")}. Answering the more frequent class of each test set is right ` +
        `${frequent.right} times (${decimal(frequent.accuracy)}); more often right than that: ` +
        `${names(systems.filter((row) => row.right > frequent.right).map(({ system }) => system))}.`]),
    `The best mean F1, ${decimal(best.meanF1)} of ${best.system}, has a 95 % interval of ` +
      `${decimal(best.meanF1Low)}–${decimal(best.meanF1High)} over test items alone; ` +
      `it holds the means of ${within} of the other ${systems.length - 1} systems.`,
    `Which items two systems share is not in a table. Of ${pairs.length} pairs, ${differ.length} differ in accuracy however their answers ` +
      `overlap (${names(differ)}), ${pairNames(false).length} differ in no case, and ${pairNames(null).length} cannot be decided.`,
    "These tests take the smallest reading, items as independent and each row as one fixed system: lines of one story, and " +
      "training again with another seed, make all of it less certain than the numbers say.",
  ];
}
