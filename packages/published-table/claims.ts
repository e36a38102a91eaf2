/** What a published table lets one claim, once its counts are known: rows for tables, and sentences. */
import { ORACLE_MAJORITY } from "../../lib/evaluate/baselines";
import { scoreBy } from "../../lib/evaluate/comparison";
import { metricsOf } from "../../lib/evaluate/confusion";
import { type Predictions, seedsAndItems, summary, wilson } from "../../lib/evaluate/intervals";
import { holm, mcnemar } from "../../lib/evaluate/paired";
import { probabilityInWords, share } from "../../lib/show/numbers";
import { type Counts, numerators, type PublishedTable, type Reading } from "./published";

/** One row of a decoded table: its counts on every test set that has one reading. */
interface Decoded {
  readonly system: string;
  readonly counts: readonly Counts[];
}

type Read = Extract<Reading, { readonly verdict: "one" }>;
const decoded = (readings: readonly Reading[]) =>
  readings.filter((reading): reading is Read => reading.verdict === "one");
const rowsOf = ({ systems }: PublishedTable, readings: readonly Reading[]): Decoded[] =>
  systems.map(({ system }, s) => ({ system, counts: decoded(readings).map(({ counts }) => counts[s]) }));

const total = (counts: readonly Counts[]): Counts =>
  counts.reduce((a, b) => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn }));
const right = ({ tp, tn }: Counts) => tp + tn;
const scores = ({ tp, fp, fn, tn }: Counts) =>
  metricsOf(
    [
      [tn, fp],
      [fn, tp],
    ],
    1,
  );

/** Predictions with these counts, in any order: which line got which answer is not in a table. */
function predictionsOf({ tp, fp, fn, tn }: Counts): Predictions {
  const runs = (...lengths: readonly number[]) =>
    lengths.flatMap((n, i) => new Array<number>(n).fill((i + 1) % 2));
  return { gold: runs(tp + fn, fp + tn), predicted: runs(tp, fn, fp, tn) };
}

/**
 * Each system on each test set that has one reading: counts, accuracy with Wilson's interval, and McNemar's
 * exact test against "always negative". Those two disagree just where the system says positive: it alone is
 * right on its TP items, and alone wrong on its FP items. `holm` is corrected for all rows.
 */
export function countRows(table: PublishedTable, readings: readonly Reading[]) {
  return holm(
    rowsOf(table, readings).flatMap(({ system, counts }) =>
      counts.map((one, set) => {
        const { testSet, n, positives } = decoded(readings)[set],
          alwaysNegative = 1 - positives / n;
        const accuracy = { accuracy: right(one) / n, ...wilson(right(one), n), alwaysNegative };
        return { testSet, system, n, positives, ...one, ...accuracy, p: mcnemar(one.tp, one.fp) };
      }),
    ),
  );
}

/**
 * Each system over all test sets that have one reading, then "always negative" and the oracle majority, the
 * more frequent class of each test set: scores of all items together (micro), accuracy with Wilson's
 * interval, the mean of F1 over test sets (as printed) with its bootstrap interval, and McNemar's exact test
 * against "always negative", `holm` corrected for the number of systems; NaN for the two baselines.
 */
export function systemRows(table: PublishedTable, readings: readonly Reading[]) {
  const sets = decoded(readings);
  if (sets.length === 0) return [];
  const alwaysPositive = ({ n, positives }: Read): Counts => ({
    tp: positives,
    fp: n - positives,
    fn: 0,
    tn: 0,
  });
  const alwaysNegative = ({ n, positives }: Read): Counts => ({
    tp: 0,
    fp: 0,
    fn: positives,
    tn: n - positives,
  });
  const frequent = (set: Read) => (2 * set.positives > set.n ? alwaysPositive(set) : alwaysNegative(set));
  const row = ({ system, counts }: Decoded) => {
    const all = total(counts),
      { n, accuracy, precision, recall, f1 } = scores(all),
      { low, high } = wilson(right(all), n);
    const drawn = seedsAndItems(
      counts.map((one) => [predictionsOf(one)]),
      scoreBy("f1"),
    );
    const meanF1 = {
      meanF1: summary(counts.map((one) => scores(one).f1)).mean,
      meanF1Low: drawn.low,
      meanF1High: drawn.high,
    };
    const called = { right: right(all), calledPositive: all.tp + all.fp };
    return { system, n, ...all, ...called, accuracy, low, high, precision, recall, f1, ...meanF1 };
  };
  const tested = holm(
    rowsOf(table, readings)
      .map(row)
      .map((one) => ({ ...one, p: mcnemar(one.tp, one.fp) })),
  );
  const untested = [
    { system: "always negative", counts: sets.map(alwaysNegative) },
    { system: ORACLE_MAJORITY, counts: sets.map(frequent) },
  ];
  return [...tested, ...untested.map((one) => ({ ...row(one), p: Number.NaN, holm: Number.NaN }))];
}

/**
 * Two systems against each other. A table does not say on which items both were right, so McNemar's test
 * cannot be made; but the counts bound how often just one was, and so its p, here corrected by Holm for all
 * pairs. `decided` is null where the bounds lie around .05.
 */
export function pairRows(table: PublishedTable, readings: readonly Reading[]) {
  const rows = rowsOf(table, readings);
  if (decoded(readings).length === 0) return [];
  const pairs = rows.flatMap((one, i) =>
    rows.slice(i + 1).map((other) => {
      const strata = one.counts.flatMap((a, set) => {
        const b = other.counts[set];
        return [
          [a.tp, b.tp, a.tp + a.fn],
          [a.tn, b.tn, a.tn + a.fp],
        ] as const;
      });
      return { one: one.system, other: other.system, ...overlaps(strata) };
    }),
  );
  const highest = holm(pairs.map(({ high }) => ({ p: high })));
  return holm(pairs.map(({ low }) => ({ p: low }))).map(({ holm: pLow }, i) => {
    const { one, other, ahead } = pairs[i],
      pHigh = highest[i].holm;
    return { one, other, ahead, pLow, pHigh, decided: pHigh < 0.05 ? true : pLow >= 0.05 ? false : null };
  });
}

/**
 * How McNemar's p lies between the least and the greatest overlap of two sets of right answers; within each
 * stratum (the items of one test set and one gold class) they may overlap as far as their sizes allow.
 * @param strata right answers of either system, and the number of items
 */
function overlaps(strata: readonly (readonly [one: number, other: number, n: number])[]) {
  let least = 0,
    most = 0,
    ahead = 0;
  for (const [one, other, n] of strata) {
    least += Math.max(0, one - other);
    most += Math.min(one, n - other);
    ahead += one - other;
  }
  // p rises with the items on which just one is right, where the difference stays
  return { ahead, low: mcnemar(least, least - ahead), high: mcnemar(most, most - ahead) };
}

type Open = Extract<Reading, { readonly verdict: "ambiguous" }>;

/**
 * What is left of test sets whose counts are open: each system's accuracy where the size is known, with
 * Wilson's interval from the fewest to the most right answers that are printed so (`right`), the number of
 * its readings, and the ranges of recall that they leave.
 */
export function openRows(table: PublishedTable, readings: readonly Reading[]) {
  const at = table.metrics.indexOf("accuracy");
  return readings.flatMap((reading, set) =>
    reading.verdict !== "ambiguous"
      ? []
      : table.systems.map(({ system, cells }, s) => {
          const n = reading.sizes.length === 1 ? reading.sizes[0].n : Number.NaN,
            printed = cells[set][at],
            accuracy = printed?.value ?? Number.NaN;
          const known = !Number.isNaN(n * accuracy);
          const right = known ? numerators(printed, n) : { from: Number.NaN, to: Number.NaN };
          const low = known ? wilson(right.from, n).low : Number.NaN,
            high = known ? wilson(right.to, n).high : Number.NaN;
          const { solutions, groups } = (reading as Open).possible[s];
          const recall = groups
            .map((group) => `${share(group.recall.low)}–${share(group.recall.high)}`)
            .join(" or ");
          return { testSet: reading.testSet, system, n, right, accuracy, low, high, solutions, recall };
        }),
  );
}

/**
 * Two systems whose accuracies alone are known: `p` is McNemar's highest, whatever their answers share and
 * the print rounded.
 */
function openPairs(table: PublishedTable, readings: readonly Reading[]) {
  const rows = openRows(table, readings).filter(({ n, accuracy }) => !Number.isNaN(n * accuracy));
  const pairs = rows.flatMap((one, i) =>
    rows
      .slice(i + 1)
      .filter(({ testSet }) => testSet === one.testSet)
      .map((other) => {
        const [better, worse] = one.accuracy > other.accuracy ? [one, other] : [other, one];
        const [few, many] = [better.right.from, worse.right.to]; // of all that are printed so, the nearest
        return { better, worse, p: few <= many ? 1 : overlaps([[few, many, one.n]]).high };
      }),
  );
  return holm(pairs);
}

const names = (systems: readonly string[]) => (systems.length === 0 ? "none" : systems.join("; "));

const ROUNDED =
  "All of this takes each score as computed from whole counts and rounded to its decimals, half up or half to even. Scores cut off after " +
  "their last decimal, or F1 computed of rounded precision and recall, may stand for other counts.";

/** What can be claimed from a published table, and what cannot, in sentences. */
export function claims(table: PublishedTable, readings: readonly Reading[]): string[] {
  const sets = decoded(readings),
    whole = sets.length === readings.length && table.sizes === undefined;
  const sentences = !whole
    ? readings.map(({ sentence }) => sentence)
    : [
        `Each test set has just one reading below ${table.below ?? 140} items${sets.some(({ multiples }) => multiples.length > 0) ? ", but for multiples of it" : ""}: ` +
          `${sets.map(({ testSet, n, positives }) => `${testSet} ${n} items, ${positives} of them positive`).join("; ")}.`,
      ];
  const means =
    table.means === undefined || table.means.length === 0
      ? []
      : [
          `Left out, since the mean of several runs (±) is the score of no counts: ${table.means.join("; ")}.`,
        ];
  if (sets.length === 0) {
    const open = openPairs(table, readings).map(({ better, worse, holm: p }) =>
      p < 0.05
        ? `${better.system} is right more often than ${worse.system} (${share(better.accuracy)} and ${share(worse.accuracy)} of ${better.n} items) ` +
          `however their answers overlap: McNemar's exact test with Holm's correction gives ${probabilityInWords(p)} at most.`
        : `Whether ${better.system} or ${worse.system} is right more often cannot be decided: p may be as high as ${share(p)}.`,
    );
    const none =
      "No comparison with a baseline, and none of precision and recall, can be made: no test set has counts that are certain.";
    return [...sentences, ...open, none, ROUNDED, ...means];
  }
  const all = systemRows(table, readings),
    [negative, frequent] = all.slice(-2),
    systems = all.slice(0, -2);
  const pairs = pairRows(table, readings);
  const tested = (keep: (row: (typeof all)[number]) => boolean) =>
    names(
      systems
        .filter(keep)
        .map((row) => `${row.system} (${row.right} right, ${probabilityInWords(row.holm)})`),
    );
  const pairNames = (decision: boolean | null) => pairs.filter(({ decided }) => decided === decision);
  const differ = pairNames(true).map(({ one, other, ahead }) =>
    ahead > 0 ? `${one} over ${other}` : `${other} over ${one}`,
  );
  const odd = sets.filter(({ n, positives }) => 2 * positives > n).map(({ testSet }) => testSet);
  const best = [...systems].sort((a, b) => b.meanF1 - a.meanF1)[0];
  const within = systems.filter((row) => row !== best && row.meanF1 >= best.meanF1Low).length;
  return [
    ...sentences,
    `"Always negative" is right on ${negative.right} of ${negative.n} items (${share(negative.accuracy)}). ` +
      `Against it, by McNemar's exact test with Holm's correction for ${systems.length} systems:`,
    `More accurate: ${tested((row) => row.holm < 0.05 && row.right > negative.right)}.`,
    `Less accurate: ${tested((row) => row.holm < 0.05 && row.right < negative.right)}.`,
    `Not told apart: ${tested((row) => row.holm >= 0.05)}.`,
    ...(odd.length === 0
      ? []
      : [
          `"Always negative" is not the oracle majority, the test set's own, of ${odd.join(", ")}. Answering that one is right ` +
            `${frequent.right} times (${share(frequent.accuracy)}); more often right than that: ` +
            `${names(systems.filter((row) => row.right > frequent.right).map(({ system }) => system))}.`,
        ]),
    `The best mean F1, ${share(best.meanF1)} of ${best.system}, has a 95 % interval of ` +
      `${share(best.meanF1Low)}–${share(best.meanF1High)} over test items alone; ` +
      `it holds the means of ${within} of the other ${systems.length - 1} systems.`,
    `Which items two systems share is not in a table. Of ${pairs.length} pairs, ${differ.length} differ in accuracy however their answers ` +
      `overlap (${names(differ)}), ${pairNames(false).length} differ in no case, and ${pairNames(null).length} cannot be decided.`,
    "These tests take the smallest reading, items as independent and each row as one fixed system: lines of one story, and " +
      "training again with another seed, make all of it less certain than the numbers say.",
    ROUNDED,
    ...means,
  ];
}
