/** What changed from one report to the next, and what must not be compared. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRecords } from "..";
import { notebook, record, run } from "./sample";

const better = [run({ predicted: "01010101" }), run({ seed: 2, predicted: "01010101" })];

test("equal predictions are no change, whatever the seconds", () => {
  const { cells, unchanged, timings } = compareRecords(
    record(),
    record({ runs: [run({ seconds: 12, finished: "2026-11-29T10:00:00.000Z" }), run({ seed: 2 })] }),
  );
  assert.deepEqual([cells, unchanged], [[], 1]);
  assert.deepEqual(timings[0]?.after, { runs: 2, mean: 11, min: 10, max: 12 });
});

test("the difference of a changed score is paired on the same test items, with its interval", () => {
  const [cell] = compareRecords(record(), record({ runs: better })).cells;
  const [accuracy] = cell!.differences;
  assert.equal(cell!.paired, true);
  assert.deepEqual([accuracy!.before, accuracy!.after, accuracy!.difference], [0.875, 1, 0.125]);
  assert.ok(accuracy!.low >= 0 && accuracy!.low <= 0.125 && accuracy!.high >= 0.125 && accuracy!.high <= 0.5);
});

test("on other test items each side is drawn by itself, and the interval is wider", () => {
  const paired = compareRecords(record(), record({ runs: better })).cells[0]!.differences[0]!;
  const tests = [{ sha256: "t2", gold: "01010101" }];
  const [cell] = compareRecords(record(), record({ runs: better, tests })).cells;
  assert.equal(cell!.paired, false);
  assert.equal(cell!.differences[0]!.difference, 0.125);
  assert.ok(cell!.differences[0]!.high >= paired.high);
});

test("a quick notebook is not compared with a full one", () => {
  const { cells, notebooks } = compareRecords(
    record(),
    record({ runs: better, notebooks: [notebook({ quick: true })] }),
  );
  assert.deepEqual([cells, notebooks[0]!.incomparable], [[], "quick"]);
});

test("a notebook whose settings changed is not compared, and the change is told", () => {
  const { cells, notebooks } = compareRecords(
    record(),
    record({ runs: better, notebooks: [notebook({ settings: { epochs: "4", seeds: "2" } })] }),
  );
  assert.deepEqual(
    [cells, notebooks[0]!.incomparable, notebooks[0]!.settings],
    [[], "settings", [{ name: "epochs", before: "2", after: "4" }]],
  );
});

test("runs of equal names with other settings are not compared", () => {
  const other = better.map((one) => ({ ...one, settings: { ...one.settings, learningRate: 1 } }));
  assert.deepEqual(compareRecords(record(), record({ runs: other })).cells, []);
});

test("the order in which settings are written does not matter", () => {
  const turned = better.map((one) => ({
    ...one,
    settings: Object.fromEntries(Object.entries(one.settings).reverse()),
  }));
  assert.equal(compareRecords(record(), record({ runs: turned })).cells.length, 1);
});

test("more seeds are compared on those that both have", () => {
  const [cell] = compareRecords(
    record(),
    record({ runs: [run(), run({ seed: 2 }), run({ seed: 3, predicted: "00000000" })] }),
  ).cells;
  const { before, after, difference } = cell!.differences[0]!;
  assert.deepEqual([cell!.seeds, before, after, difference], [[2, 3], 0.875, 0.875, 0]);
});

test("data, versions and notebooks that changed are named", () => {
  const { notebooks, versions, added, absent } = compareRecords(
    record({ notebooks: [notebook(), notebook({ name: "03-old" })] }),
    record({
      versions: { training: 3 },
      notebooks: [
        notebook({ data: [{ name: "data/reviews.tsv", sha256: "bbbbbbbbbbbb" }] }),
        notebook({ name: "04-new" }),
      ],
    }),
  );
  assert.deepEqual(notebooks[0]!.data, [{ name: "data/reviews.tsv", before: "aaaaaaaa", after: "bbbbbbbb" }]);
  assert.deepEqual(versions, [{ name: "training", before: "2", after: "3" }]);
  assert.deepEqual([added, absent], [["04-new"], ["03-old"]]);
});
