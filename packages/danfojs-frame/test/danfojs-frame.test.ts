/** Where danfojs-node 1.2.0 goes its own way without a word; right values are those of pandas 3.1.1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tableText } from "../../../lib/show/tables";
import { csv, unguarded } from "../csv";
import { frame } from "../index";

const { NaN: none } = Number;
const scores = [5, none, 0, 7].map((score) => ({ system: "a", score })).concat({ system: "b", score: 2 });
const byScore = async () => (await frame([{ v: 3 }, { v: none }, { v: 1 }, { v: 2 }])).sortValues("v");

test("rows are read by name, whatever the order of their keys", async () => {
  const made = await frame([
    { run: "r1", accuracy: 0.8, f1: 0.7 },
    { run: "r2", f1: 0.6, accuracy: 0.9 },
  ]);
  assert.deepEqual(made.column("accuracy").values, [0.8, 0.9]);
});

test("a key that a row lacks, null and undefined are missing cells, and move no other", async () => {
  const made = await frame([
    { a: 1, b: 2 },
    { a: 3, c: 4 },
    { a: null, b: undefined, c: 5 },
  ]);
  assert.deepEqual(made.columns, ["a", "b", "c"]);
  assert.deepEqual(made.values, [
    [1, 2, none],
    [3, none, 4],
    [none, none, 5],
  ]);
  assert.match(tableText(made), /\| +3 \| +– \| +4 \|/);
});

test("a column's type is that of all its cells, and digits in quotes are text", async () => {
  const rows = [
    ...Array.from({ length: 20 }, () => ({ n: 1, id: "1", mixed: 1 })),
    { n: 1.5, id: "2", mixed: "x" },
  ];
  const made = await frame(rows.map((row) => ({ ...row, at: new Date(0), yes: true })));
  assert.deepEqual(made.dtypes, ["float32", "string", "string", "datetime", "boolean"]);
  assert.throws(() => made.groupby(["yes"]).col(["id"]).mean(), /math operation on column id/);
});

test("a date is shown and saved in one way, wherever the computer stands", async () => {
  const made = await frame([{ at: new Date(0) }]);
  assert.match(tableText(made), /1970-01-01T00:00:00.000Z/);
  assert.match(csv(made), /1970-01-01T00:00:00.000Z/);
});

test("a column that danfojs would take for its own data is refused by name", async () => {
  await assert.rejects(frame([{ a: 1, values: 2 }]), /column "values"/);
});

for (const [statistic, expected] of Object.entries({
  mean: [4, 2],
  sum: [12, 2],
  min: [0, 2],
  max: [7, 2],
  std: [3.605551275463989, none],
  var: [13, none],
  count: [3, 1],
} as const))
  test(`${statistic} of a group leaves missing cells out`, async () => {
    const groups = (await frame(scores)).groupby(["system"]).col(["score"]);
    const made = groups[statistic as "mean"]();
    assert.deepEqual(made.column(`score_${statistic}`).values, expected);
  });

test("a running sum over a missing cell is refused", async () => {
  const groups = (await frame(scores)).groupby(["system"]).col(["score"]);
  assert.throws(() => groups.cumSum(), /cumsum: some cells are missing/);
});

test("groups differ where their keys do", async () => {
  const made = await frame([
    { g: "a-b", h: "c", v: 1 },
    { g: "a", h: "b-c", v: 2 },
    { g: "1", h: "x", v: 4 },
    { g: "1", h: "x", v: 6 },
  ]);
  const groups = made.groupby(["g", "h"]);
  assert.deepEqual(groups.col(["v"]).mean().values, [
    ["a-b", "c", 1],
    ["a", "b-c", 2],
    ["1", "x", 5],
  ]);
  assert.deepEqual(groups.getGroup(["a", "b-c"]).values, [["a", "b-c", 2]]);
});

test("a column that is not there groups nothing", async () => {
  const made = await frame(scores);
  assert.throws(() => made.groupby(["sytem"]), /"sytem" to group by; there are system, score/);
});

test("describe leaves missing cells out, and text columns", async () => {
  const made = (await frame([4, none, 3, 10, 11].map((v) => ({ v, name: "x" })))).describe();
  assert.deepEqual(made.columns, ["v"]);
  assert.deepEqual(made.column("v").values, [4, 7, 4.08248290463863, 3, 7, 11, 16.666666666666668]);
});

test("the spread of one number is unknown, not 0", async () => {
  const made = await frame([
    { v: 7, w: 1 },
    { v: none, w: 2 },
  ]);
  assert.ok(Number.isNaN(made.column("v").std()));
  assert.deepEqual(made.var({ axis: 0 }).values, [none, 0.5]);
});

test("missing cells stand last in either direction", async () => {
  const made = await frame([10, none, 9, -1].map((v) => ({ v })));
  assert.deepEqual(made.sortValues("v").values, [[-1], [9], [10], [none]]);
  assert.deepEqual(made.sortValues("v", { ascending: false }).values, [[10], [9], [-1], [none]]);
});

test("a series of text rises where it shall rise", async () => {
  const { values } = (await frame([{ v: "b" }, { v: "a" }, { v: "c" }])).column("v").sortValues() ?? {};
  assert.deepEqual(values, ["a", "b", "c"]);
});

test("numbers and text in one column have no order", async () => {
  const made = await frame([{ v: 10 }, { v: "b" }, { v: 9 }]);
  assert.throws(() => made.sortValues("v"), /number and string has no order/);
});

test("rows that a condition picks are those of the sorted frame", async () => {
  const sorted = await byScore();
  assert.deepEqual(sorted.query(sorted.column("v").gt(1)).values, [[2], [3]]);
  assert.deepEqual(sorted.column("v").iloc(sorted.column("v").gt(1).values as never).values, [2, 3]);
});

test("a condition that nothing meets leaves no row, and the columns", async () => {
  const sorted = await byScore();
  assert.deepEqual(sorted.query(sorted.column("v").gt(9)).values, []);
});

test("a frame made of another keeps its own cells", async () => {
  const made = await frame([{ a: none, b: 1 }]);
  const filled = made.fillNa(0, { columns: ["a"] });
  assert.deepEqual([made.values, filled.values], [[[none, 1]], [[0, 1]]]);
});

test("a frame is appended by the names of its columns", async () => {
  const made = await frame([{ a: 1, b: 2 }]);
  assert.deepEqual(made.append(await frame([{ b: 3, a: 4 }]), [1]).values, [
    [1, 2],
    [4, 3],
  ]);
  assert.throws(() => made.append({ ...made } as never, [1]));
  await assert.rejects(
    async () => made.append(await frame([{ a: 1, c: 2 }]), [1]),
    /columns a, c are not a, b/,
  );
});

test("a function of rows never sees one whose cells moved up", async () => {
  const made = await frame([{ a: 1, b: none, c: 3 }]);
  assert.throws(() => made.apply((row: number[]) => row[1]), /fill them first/);
  assert.deepEqual(made.fillNa(0).apply((row: number[]) => row[1]).values, [0]);
});

test("a frame is saved with quotes where a cell needs them, and a missing cell is empty", async () => {
  const made = await frame([{ text: "x,y", n: 1 }, { text: 'q"r', n: none }, { text: "l\nm" }]);
  assert.equal(csv(made), '\ufefftext,n\r\n"x,y",1\r\n"q""r",\r\n"l\nm",\r\n');
});

test("a text that looks like a formula stays a text in a spreadsheet, a negative number a number", () =>
  assert.equal(
    csv([{ text: "=1+1", n: -0.5 }, { text: "＋1", n: 1 }, { text: "\t@x", n: ["=2"] }, { text: "\tx" }]),
    "\ufefftext,n\r\n'=1+1,-0.5\r\n'＋1,1\r\n'\t@x,'=2\r\n'\tx,\r\n",
  ));

test("a guarded text is had again, and a text that begins with ' for itself stays", () => {
  const texts = ["=1+1", "＋1", "\t@x", "-1", "'quoted'", "'s", "plain"];
  const guarded = texts.map((text) => csv([{ text }]).split("\r\n")[1]);
  assert.deepEqual(guarded.map(unguarded), texts);
});
