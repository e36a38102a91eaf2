import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsOf } from "../../../lib/evaluate/confusion";
import { table1 } from "../../../test/reference/table1";
import { numerators, type PublishedTable, printed, readPublished, SCORE } from "../published";

const testSets = ["ギャグ", "少女漫画", "少年漫画", "青年漫画", "萌え系"];
const published: PublishedTable = {
  metrics: ["accuracy", "recall", "f1"],
  testSets,
  systems: table1.map(({ system, published }) => ({
    system,
    cells: published.map((cell) => cell.map((score) => printed(score.toFixed(3)))),
  })),
  alwaysNegative: [".85", ".43", ".81", ".78", ".66"].map((score) => printed(score)),
};
/** Table 4 of the same report: two systems, each with accuracy and macro F1. */
const reviews: PublishedTable = {
  metrics: ["accuracy", "macroF1"],
  testSets: ["reviews"],
  systems: [
    { system: "BERT fixed", cells: [[printed("0.728"), printed("0.722")]] },
    { system: "BERT last layer", cells: [[printed("0.793"), printed("0.793")]] },
  ],
  sizes: [{ n: 1968, positives: 995 }],
};
const changed = (system: number, set: number, cell: readonly number[]): PublishedTable => ({
  ...published,
  systems: published.systems.map((row, s) =>
    s === system
      ? {
          ...row,
          cells: row.cells.map((old, c) =>
            c === set ? cell.map((score) => printed(score.toFixed(3))) : old,
          ),
        }
      : row,
  ),
});

const readings = readPublished(published);

table1.forEach(({ system, counts }, row) => {
  test(`table 1 has one reading: the counts of "${system}"`, () => {
    const read = readings.map((reading) => (reading.verdict === "one" ? reading.counts[row] : undefined));
    assert.deepEqual(
      read,
      counts.map(([tp, fp, fn, tn]) => ({ tp, fp, fn, tn })),
    );
  });
});

test("the test sets of table 1 have 66, 67, 64, 65 and 64 lines", () => {
  const sizes = readings.map((reading) =>
    reading.verdict === "one" ? [reading.n, reading.positives] : undefined,
  );
  assert.deepEqual(sizes, [
    [66, 10],
    [67, 38],
    [64, 12],
    [65, 14],
    [64, 22],
  ]);
});

test("the same counts twice over are a multiple, not another reading", () => {
  for (const reading of readings) assert.deepEqual(reading.verdict === "one" && reading.multiples, [2]);
});

test("table 1 has one reading without its baseline too", () => {
  assert.deepEqual(readPublished({ ...published, alwaysNegative: undefined }), readings);
});

// 50 and 173 by a search over all counts with half a unit of the last decimal; .00051 instead of .0005 gives
// 50 and 175
test("table 4 has many readings, and one of its systems leans to either class", () => {
  const [reading] = readPublished(reviews);
  assert.ok(reading.verdict === "ambiguous");
  assert.deepEqual(
    reading.possible.map(({ solutions }) => solutions),
    [50, 173],
  );
  const recalls = reading.possible.map(({ groups }) =>
    groups.map(({ recall }) => [recall.low.toFixed(3), recall.high.toFixed(3)]),
  );
  assert.deepEqual(recalls, [
    [
      ["0.568", "0.585"],
      ["0.854", "0.872"],
    ],
    [["0.728", "0.841"]],
  ]);
  assert.equal(reading.solutions, 50 * 173);
  assert.match(reading.sentence, /BERT fixed has 50 with recall \.568–\.585 or \.854–\.872/);
});

test("a cell that no counts give is named", () => {
  const [first, second] = readPublished(changed(4, 0, [0.833, 0.4, 0.43]));
  assert.ok(first.verdict === "impossible" && second.verdict === "one");
  assert.deepEqual(first.cells, ["BERT (Last Layer) + 3MLP"]);
  assert.match(
    first.sentence,
    /by itself, the cell of "BERT \(Last Layer\) \+ 3MLP" is the score of no counts/,
  );
});

test("a cell that contradicts the others is named", () => {
  // 少女漫画's own cell in the place of 萌え系's
  const reading = readPublished(changed(0, 4, [0.537, 0.632, 0.608]))[4];
  assert.deepEqual(reading.verdict === "impossible" && reading.cells, ["d2v (manga109) + 3MLP"]);
});

test("a baseline that contradicts the table is named", () => {
  const wrong = [".80", ".43", ".81", ".78", ".66"].map((score) => printed(score));
  const [reading] = readPublished({ ...published, alwaysNegative: wrong });
  assert.deepEqual(reading.verdict === "impossible" && reading.cells, ["always negative"]);
});

// 13 of 20 is .65 and 6 of 29 is .207
test("each cell is read by its own number of decimals", () => {
  const cells = [[printed(".65"), printed(".207")]];
  const [reading] = readPublished({
    ...reviews,
    metrics: ["accuracy", "f1"],
    systems: [{ system: "BERT", cells }],
    sizes: [{ n: 66 }],
  });
  assert.notEqual(reading.verdict, "impossible");
});

test("a half may be rounded up or to the even digit", () => {
  for (const [up, even] of [[".313", ".312"]])
    assert.deepEqual(
      [up, even].map((text) => numerators(printed(text), 16)),
      [
        { from: 5, to: 5 },
        { from: 5, to: 5 },
      ],
    ); // 5 / 16 = .3125
});

test("a percentage has two decimals more as a share", () => {
  const { value, low, high } = printed("65.2", true);
  assert.deepEqual([value, low.toFixed(4), high.toFixed(4)], [0.652, "0.6515", "0.6525"]);
});

// 2 of 3 is .667 rounded and .666 cut off; n of 9 gives neither
test("scores that are cut off are not called impossible without a word", () => {
  const cells = [[printed(".666")]];
  const [reading] = readPublished({
    metrics: ["accuracy"],
    testSets: ["x"],
    systems: [{ system: "s", cells }],
    sizes: [{ n: 9 }],
  });
  assert.match(
    reading.sentence,
    /no counts of 9 items can give these scores, rounded as printed: but cut off/,
  );
});

test("a metric of another name is refused", () => {
  assert.throws(
    () => readPublished({ ...published, metrics: ["acc" as "accuracy", "recall", "f1"] }),
    /"acc" is none of/,
  );
});

test("a score that is not printed is not used", () => {
  const [reading] = readPublished({
    ...reviews,
    systems: [{ system: "BERT fixed", cells: [[printed("0.728"), null]] }],
  });
  assert.ok(reading.verdict === "ambiguous" && reading.solutions > 1000);
});

test("a row with a cell too few is refused", () => {
  assert.throws(
    () => readPublished({ ...published, testSets: [...testSets, "平均"] }),
    /"d2v \(manga109\) \+ 3MLP" has 5 cells for 6 test sets/,
  );
});

const open = (cell: string, more: Partial<PublishedTable> = {}): PublishedTable => ({
  metrics: ["accuracy"],
  testSets: ["lines"],
  systems: Array.from({ length: 8 }, (_, i) => ({ system: `system ${i}`, cells: [[printed(cell)]] })),
  ...more,
});
test("scores that leave too much open are refused within seconds, with what would leave less open", () => {
  const started = performance.now();
  assert.throws(() => readPublished(open(".9")), /"lines": its scores leave too much open.*number of items/);
  assert.throws(
    () => readPublished(open(".9", { sizes: [{ n: 5000 }] })),
    /"lines": .*give its number of positives too/,
  );
  assert.throws(
    () => readPublished(open(".9", { sizes: [{ n: 5000, positives: 2500 }] })),
    /"lines": .*more decimals, are needed/,
  );
  assert.throws(() => readPublished(open(".9", { metrics: ["f1"], below: 1e6 })), /"lines": .*"below" under/);
  assert.ok(performance.now() - started < 20_000); // 40 s and a RangeError for the first alone, before
});
test("the quick scores are those of metricsOf", () => {
  for (const [tp, fp, fn, tn] of [
    [3, 2, 1, 7],
    [0, 0, 5, 9],
    [0, 4, 0, 0],
    [17, 3, 29, 111],
  ]) {
    const counts = { tp, fp, fn, tn },
      all = metricsOf(
        [
          [tn, fp],
          [fn, tp],
        ],
        1,
      );
    for (const [name, of] of Object.entries(SCORE)) assert.equal(of(counts), all[name as keyof typeof all]);
  }
});
