/** report.json: what a report keeps of its notebooks and of the stored runs behind them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot, readJson } from "../../../lib/support/files";
import { ANSWER_MIME, LINES_MIME, type Notebook, RUNS_MIME } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { readRecord, recordOf } from "..";
import { faultsOf } from "../schema";

const texts = ["良い品です。", "すぐ壊れた。", "また買いたい。", "返品した。"];
const folder = mkdtempSync(join(tmpdir(), "komalab-record-"));
process.env.KOMALAB_RUNS = folder;
after(() => rmSync(folder, { recursive: true }));

const data = "d".repeat(64);
function store(name: string, seed: number, predicted: readonly number[]): void {
  const run = join(folder, "02-reviews", name);
  mkdirSync(run, { recursive: true });
  mkdirSync(join(folder, "datasets"), { recursive: true });
  const rows = texts.map((text, i) => JSON.stringify({ id: `r${i}`, text, label: i % 2 }));
  writeFileSync(join(folder, "datasets", `${data.slice(0, 12)}.jsonl`), rows.join("\n"));
  const settings = { epochs: 1, initSeed: seed, orderSeed: seed, classes: ["bad", "good"], items: "x" };
  const about = { system: "BERT last", testSet: "test" };
  writeFileSync(join(run, "config.json"), JSON.stringify({ settings, about, data, model: "m" }));
  const result = {
    items: ["r0", "r1", "r2", "r3"],
    gold: [0, 1, 0, 1],
    predicted,
    failed: false,
    seconds: 3,
  };
  writeFileSync(
    join(run, "result.json"),
    JSON.stringify({ madeWith: { training: 2, tensorflow: null }, finished: "2026-11-29T00:00:00Z", result }),
  );
}
store("a".repeat(12), 1, [0, 1, 0, 1]);
store("b".repeat(12), 2, [0, 0, 0, 1]);

const output = (data: Readonly<Record<string, unknown>>) => ({
  output_type: "display_data" as const,
  data,
  metadata: {},
});
const lines = {
  labels: ["bad", "good"],
  texts,
  tests: [{ name: "test", items: [0, 1, 2, 3], gold: "0101" }],
  runs: [{ system: "TF-IDF + logistic", test: 0, seed: null, predicted: "0001" }],
};
const executed: Notebook = notebook([
  markdown("# 02 Reviews"),
  {
    ...code("run();"),
    outputs: [
      output({ [ANSWER_MIME]: { en: "Yes.", ja: "はい。", short: null, origin: { files: [] } } }),
      output({ [RUNS_MIME]: [`02-reviews/${"a".repeat(12)}`, `02-reviews/${"b".repeat(12)}`] }),
      output({ [LINES_MIME]: lines }),
    ],
  },
]);
const made = recordOf(
  {
    report: "2026-11-29",
    made: "2026-11-29T01:00:00.000Z",
    command: "npm run report",
    commit: "",
    weekly: true,
    versions: { training: 2 },
    plans: [{ text: "次", done: false, since: "2026-11-29" }],
  },
  [
    {
      name: "02-reviews",
      notebook: executed,
      shown: executed,
      settings: [{ name: "epochs", type: "number", value: "1", own: "5", from: "quick", reason: "" }],
      state: "ok",
      at: new Date("2026-11-29T00:30:00Z"),
      minutes: 0.5,
      reused: false,
      failure: { cell: 2, ename: "Error", evalue: "late", traceback: [] },
    },
  ],
);

test("a record is as docs/report.schema.json says", () => {
  const schema = readJson<object>(join(projectRoot, "docs", "report.schema.json"))!;
  assert.deepEqual(faultsOf(JSON.parse(JSON.stringify(made)), schema), []);
  assert.deepEqual(faultsOf({ ...made, runs: [{ run: 1 }] }, schema).length, 9);
});

test("it keeps every run with its predictions, and baselines of the lines behind charts", () =>
  assert.deepEqual(
    made.runs.map(({ system, seed, predicted, test: place }) => [system, seed, predicted, place]),
    [
      ["BERT last", 1, "0101", 0],
      ["BERT last", 2, "0001", 0],
      ["TF-IDF + logistic", null, "0001", 0],
    ],
  ));

test("a cell is the mean over seeds with an interval", () => {
  const [cell] = made.notebooks[0]!.cells;
  const { mean, low, high } = cell!.scores.accuracy;
  assert.deepEqual([cell!.seeds, cell!.items, mean], [2, 4, 0.875]);
  assert.ok(low < mean && mean < high);
});

test("it holds no text of the data", () => {
  for (const text of texts) assert.ok(!JSON.stringify(made).includes(text));
});

test("a keyword that the check of schemas does not know is an error", () =>
  assert.throws(() => faultsOf(1, { minimum: 2 } as object), /keyword minimum/));

test("a record that is damaged or of another format is refused with the place and the remedy", () => {
  const path = join(folder, "report"),
    write = (text: string) => writeFileSync(join(path, "report.json"), text);
  mkdirSync(path);
  assert.equal(readRecord(path), undefined);
  const whole = JSON.parse(JSON.stringify(made));
  write(JSON.stringify(whole));
  assert.deepEqual(readRecord(path), whole);
  for (const [damaged, told] of [
    [{ ...whole, format: 9 }, /\/format: not 1/],
    [{ ...whole, runs: [{ ...whole.runs[0], seconds: "3" }] }, /\/runs\/0\/seconds: no number/],
    [{ ...whole, runs: [{ ...whole.runs[0], test: 7 }] }, /\/runs\/0\/test: there is no such test set/],
    [{ ...whole, runs: [{ ...whole.runs[0], predicted: "01" }] }, /\/runs\/0\/predicted: 2 of 4 items/],
    [{ ...whole, runs: [{ ...whole.runs[0], predicted: "\uffff101" }] }, /\/runs\/0\/predicted: a letter/],
  ] as const) {
    write(JSON.stringify(damaged));
    assert.throws(() => readRecord(path), told);
  }
  write(JSON.stringify(whole).slice(0, 500));
  assert.throws(() => readRecord(path), /report\.json is damaged.*: choose another report by --since/);
});
