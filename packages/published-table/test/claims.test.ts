import assert from "node:assert/strict";
import { test } from "node:test";
import { table1 } from "../../../test/reference/table1";
import { claims, countRows, openRows, pairRows, systemRows } from "../claims";
import { type PublishedTable, printed, readPublished } from "../published";

const published: PublishedTable = {
  metrics: ["accuracy", "recall", "f1"],
  testSets: ["ギャグ", "少女漫画", "少年漫画", "青年漫画", "萌え系"],
  systems: table1.map(({ system, published }) => ({
    system,
    cells: published.map((cell) => cell.map((score) => printed(score.toFixed(3)))),
  })),
  alwaysNegative: [".85", ".43", ".81", ".78", ".66"].map((score) => printed(score)),
};
const readings = readPublished(published);
const systems = systemRows(published, readings),
  pairs = pairRows(published, readings),
  sentences = claims(published, readings).join("\n");
const round = (x: number) => Math.round(x * 1000) / 1000;
const pair = (one: string, other: string) =>
  pairs.find((row) => row.one.startsWith(one) && row.other.startsWith(other));

test("micro F1 puts the last layer first and all layers last", () => {
  assert.deepEqual(
    systems.slice(0, 6).map(({ f1 }) => round(f1)),
    [0.429, 0.424, 0.426, 0.329, 0.488, 0.414],
  );
});

test("the means of F1 are the printed ones", () => {
  assert.deepEqual(
    systems.slice(0, 6).map(({ meanF1 }) => round(meanF1)),
    table1.map(({ mean }) => mean[2]),
  );
});

test("always negative is right 230 times, the oracle majority 239 times", () => {
  assert.deepEqual(
    systems.slice(6).map(({ system, right, p }) => [system, right, p]),
    [
      ["always negative", 230, Number.NaN],
      ["oracle majority", 239, Number.NaN],
    ],
  );
});

// statsmodels 0.15.0: mcnemar([[0, 42], [34, 0]], exact=True).pvalue
test("against always negative a system is right alone on its TP and wrong alone on its FP", () => {
  assert.equal(systems[4].p.toFixed(12), "0.422191104992");
});

test("only two systems differ from always negative, and both are worse", () => {
  assert.deepEqual(
    systems.filter(({ holm }) => holm < 0.05).map(({ system }) => system),
    ["d2v (manga109) + 3MLP", "BERT (All Layers) + Linear"],
  );
  assert.match(sentences, /More accurate: none\./);
});

test("each cell comes with its counts and interval", () => {
  const { testSet, n, tp, fp, fn, tn, low, high } = countRows(published, readings)[23];
  assert.deepEqual(
    [testSet, n, tp, fp, fn, tn, round(low), round(high)],
    ["青年漫画", 65, 5, 4, 9, 47, 0.687, 0.879],
  );
});

test("whether the last layer beats the fixed encoder cannot be decided from the table", () => {
  const row = pair("BERT (Last", "BERT (Fixed");
  assert.deepEqual([row?.ahead, row?.decided], [14, null]);
  assert.ok(row !== undefined && row.pLow < 0.05 && row.pHigh > 0.05);
});

test("that all layers lose to the last layer holds however their answers overlap", () => {
  assert.equal(pair("BERT (All", "BERT (Last")?.decided, true);
});

test("that two doc2vec systems do not differ holds however their answers overlap", () => {
  assert.equal(pair("d2v (wiki", "d2v (manga109 + wiki")?.decided, false);
});

// two systems, 4 items, 2 positive: A right on 2 + 1, B right on 1 + 1. One alone right: A on 1 or 2, B on 0
// or 1
test("the bounds of a pair come from the overlaps that its counts allow", () => {
  const table: PublishedTable = {
    metrics: ["accuracy"],
    testSets: ["x"],
    systems: ["A", "B"].map((system) => ({ system, cells: [[printed("0")]] })),
  };
  const counts = [
    { tp: 2, fp: 1, fn: 0, tn: 1 },
    { tp: 1, fp: 1, fn: 1, tn: 1 },
  ];
  const [row] = pairRows(table, [
    { testSet: "x", sentence: "", verdict: "one", n: 4, positives: 2, counts, multiples: [] },
  ]);
  assert.deepEqual(row, { one: "A", other: "B", ahead: 1, pLow: 1, pHigh: 1, decided: false });
});

test("the touch whose oracle majority is positive is named", () => {
  assert.match(
    sentences,
    /not the oracle majority, the test set's own, of 少女漫画\. .* is right 239 times \(\.733\); more often right than that: none\./,
  );
});

test("the readings of all test sets are one sentence", () => {
  assert.match(
    claims(published, readings)[0],
    /^Each test set has just one reading below 140 items, but for multiples of it: ギャグ 66 items, 10 of them positive; /,
  );
});

test("without certain counts nothing is compared", () => {
  const open = {
    ...published,
    metrics: ["accuracy"] as const,
    systems: published.systems.map((row) => ({ ...row, cells: row.cells.map(([a]) => [a]) })),
  };
  const read = readPublished(open);
  assert.equal(
    read.find(({ verdict }) => verdict === "one"),
    undefined,
  );
  assert.match(claims(open, read).join("\n"), /^No comparison with a baseline/m);
});

test("what is claimed says that it takes scores as rounded", () => {
  assert.match(sentences, /rounded to its decimals, half up or half to even/);
});

test("systems whose scores are means over runs are named as left out", () => {
  assert.match(claims({ ...published, means: ["BERT"] }, readings).at(-1) ?? "", /^Left out, .*: BERT\.$/);
});

/** Table 4 of the same report. */
const reviews: PublishedTable = {
  metrics: ["accuracy", "macroF1"],
  testSets: ["reviews"],
  systems: [
    { system: "fixed", cells: [[printed("0.728"), printed("0.722")]] },
    { system: "last", cells: [[printed("0.793"), printed("0.793")]] },
  ],
  sizes: [{ n: 1968, positives: 995 }],
};
const open = readPublished(reviews);

test("where counts are open, accuracy still has its interval", () => {
  assert.deepEqual(
    openRows(reviews, open).map(({ system, right, low, high, solutions }) => [
      system,
      right.from,
      right.to,
      round(low),
      round(high),
      solutions,
    ]),
    [
      ["fixed", 1432, 1433, 0.708, 0.747, 50],
      ["last", 1560, 1561, 0.774, 0.811, 173],
    ],
  );
});

// statsmodels 0.15.0: mcnemar([[0, 534], [407, 0]]), exact, is the highest p: 1560 and 1433 of 1968 right, no
// item wrong with both
test("two accuracies of one large test set can differ whatever their answers share", () => {
  assert.match(claims(reviews, open)[1], /^last is right more often than fixed .* p < \.001 at most\.$/);
});

test("two near accuracies cannot be told apart without their answers", () => {
  const near = {
    ...reviews,
    systems: [reviews.systems[0], { system: "near", cells: [[printed("0.735"), printed("0.73")]] }],
  };
  assert.match(
    claims(near, readPublished(near))[1],
    /^Whether near or fixed is right more often cannot be decided/,
  );
});
