import assert from "node:assert/strict";
import { test } from "node:test";
import { type RowResult, summary } from "../../bench/row";
import { chosenRows, rows, SETTINGS } from "../../bench/rows";
import { markdownTable, merged, type Results } from "../../bench/table";

const all = rows(SETTINGS);
const result = (name: string, ratio: number): RowResult => ({
  name,
  what: "",
  unit: "s",
  komalab: 1,
  pytorch: ratio,
  peer: "PyTorch",
  ratio,
  means: "faster",
  spread: [ratio, ratio],
  repeats: 1,
  date: "",
  code: "",
});
const results = (...list: RowResult[]): Results => ({
  machine: { processor: "", cores: 2, threads: 2, memory: "", system: "" },
  versions: { [list[0].name]: "1" },
  rows: list,
});

test("a ratio is that of the medians, a spread that of the pairs", () => {
  assert.deepEqual(summary("faster", [1, 2, 3], [4, 2, 9]), {
    komalab: 2,
    pytorch: 4,
    ratio: 2,
    spread: [1, 4],
  });
  assert.deepEqual(summary("more", [8, 8], [2, 4]), { komalab: 8, pytorch: 3, ratio: 2.667, spread: [2, 4] });
  assert.deepEqual(summary("share", [5], [4]), { komalab: 5, pytorch: 4, ratio: 1.25, spread: [1.25, 1.25] });
  assert.deepEqual(summary("value", [12, 10], [90, 80]), {
    komalab: 11,
    pytorch: 85,
    ratio: 11,
    spread: [10, 12],
  });
});

test("a row that is measured again replaces the old one, in the order of the table", () => {
  const old = results(result("tokenize", 3), result("step-all", 2));
  const { rows: now, versions } = merged(old, results(result("step-all", 2.3)), all);
  assert.deepEqual(
    now.map(({ name, ratio }) => [name, ratio]),
    [
      ["step-all", 2.3],
      ["tokenize", 3],
    ],
  );
  assert.deepEqual(versions, { tokenize: "1", "step-all": "1" });
});

test("every row has a name of its own and both programs", () => {
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { komalab, peer } of all) {
    assert.match(komalab.program, /\.ts$/);
    assert.match(peer.program, /\.(py|ts)$/); // a peer of the same language is another way to compute
  }
});

test("the table is Markdown with columns of one width", () => {
  const lines = markdownTable([result("step-all", 2.345), result("step-fixed", 1234)]).split("\n");
  assert.equal(lines[2], "| step-all   |     1 s |  2.35 s |  2.35 × |   2.35–2.35 |       1 |");
  assert.equal(new Set(lines.map((line) => line.length)).size, 1);
});

const named = (only?: string, against?: string) =>
  chosenRows(rows({ ...SETTINGS, against }), { only, against }).map(({ name }) => name);

test("a star in a name stands for anything", () =>
  assert.deepEqual(named("run-la*,tokenize"), ["run-last", "tokenize"]));

test("a name that no row has is refused with the nearest", () =>
  assert.throws(() => named("run-lats"), /there is no row run-lats: .*run-last/));

test("against another commit both sides are komalab, in rows of their own", () => {
  const chosen = chosenRows(rows({ ...SETTINGS, against: "abc" }), { only: "run-last", against: "abc" });
  assert.deepEqual(
    chosen.map(({ name, komalab, peer }) => [name, komalab.commit, peer.program, peer.commit]),
    [["run-last@abc", undefined, "fit.ts", "abc"]],
  );
});

test("a row against another commit stays beside its own when others are measured", () => {
  const old = results(result("step-all", 2), result("run-last", 3), result("run-last@abc", 4));
  const { rows: now } = merged(old, results(result("step-all", 2.3)), all);
  assert.deepEqual(
    now.map(({ name }) => name),
    ["step-all", "run-last", "run-last@abc"],
  );
});
