/** The runs that a committed notebook's outputs hold, and with what a later report compares them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { storeDataset } from "../../../lib/experiment/dataset";
import { keyOf } from "../../../lib/experiment/key";
import { runFolder } from "../../../lib/experiment/run";
import { CLASSIFICATION_DEFAULTS, type Trial } from "../../../lib/experiment/spec";
import { projectRoot, readJson, writeBeside } from "../../../lib/support/files";
import { ANSWER_MIME, LINES_MIME, type Notebook, PREDICTED_MIME, RUNS_MIME } from "../../notebook";
import { code, notebook } from "../../notebook/test/sample";
import { ready } from "../../tfjs-graph";
import { answersIn, committedRuns, compareRecords, nameOfRun, type Ran, recordOf } from "..";
import { otherRows } from "../outputs";
import { faultsOf } from "../schema";

const folder = mkdtempSync(join(tmpdir(), "komalab-outputs-"));
process.env.KOMALAB_RUNS = folder;
after(() => rmSync(folder, { recursive: true }));
before(ready);

const texts = ["良い品です。", "すぐ壊れた。", "また買いたい。", "返品した。"],
  classes = ["bad", "good"];
const dataset = storeDataset(texts.map((text, i) => ({ id: `r${i}`, text, label: i % 2 })));
const trial = (initSeed: number, settings: Partial<Trial["settings"]> = {}): Trial => ({
  experiment: "02-reviews",
  system: "BERT last",
  testSet: "test",
  settings: { ...CLASSIFICATION_DEFAULTS, freeze: "last", ...settings, initSeed, orderSeed: initSeed },
  classes,
  dataset,
  split: { name: "test", train: [], validation: [], test: [2, 3, 0, 1] },
  model: { folder: "bert", sha256: "m" },
});
const nameOf = (one: Trial) => nameOfRun(runFolder(keyOf(one)));

const display = (data: Readonly<Record<string, unknown>>) => ({
  output_type: "display_data" as const,
  data,
  metadata: {},
});
const showing = (data: Readonly<Record<string, unknown>>, source = "run();"): Notebook =>
  notebook([{ ...code(source), outputs: [display(data)] }]);
/** As `show(chart, { runs })` leaves it. */
const named = (said: readonly (readonly [Trial, string])[]): Notebook =>
  showing({
    [RUNS_MIME]: said.map(([one]) => nameOf(one)),
    [PREDICTED_MIME]: Object.fromEntries(said.map(([one, word]) => [nameOf(one), word])),
  });
type Spoken = readonly [system: string, seed: number | null, predicted: string];
/** The lines behind charts, in the order of the split. */
const lines = (...runs: readonly Spoken[]) => ({
  labels: classes,
  texts: [2, 3, 0, 1].map((place) => texts[place]),
  tests: [{ name: "test", items: [0, 1, 2, 3], gold: "0101" }],
  runs: runs.map(([system, seed, predicted]) => ({ system, seed, predicted, test: 0 })),
});

/** A run as training stores it. */
function store(one: Trial, predicted: readonly number[]): void {
  const place = runFolder(keyOf(one)),
    { system, testSet } = one;
  writeBeside(
    join(place, "config.json"),
    JSON.stringify({ ...keyOf(one), about: { system, testSet, seed: one.settings.initSeed } }),
  );
  const result = {
    items: ["r2", "r3", "r0", "r1"],
    gold: [0, 1, 0, 1],
    predicted,
    failed: false,
    seconds: 3,
  };
  writeBeside(join(place, "result.json"), JSON.stringify({ finished: "2026-12-06T00:00:00Z", result }));
}
const check = { anew: 1, compared: 1, equal: 1 };
const recorded = (shown: Notebook, change: Partial<Ran> = {}) =>
  recordOf(
    {
      ...{ report: "2026-11-29", made: "2026-11-29T01:00:00.000Z", command: "", commit: "", weekly: true },
      ...{ versions: {}, plans: [] },
    },
    [
      {
        ...{
          name: "02-reviews",
          notebook: shown,
          shown,
          settings: [],
          state: "ok",
          minutes: 1,
          reused: false,
        },
        at: new Date("2026-11-29T00:30:00Z"),
        ...change,
      },
    ],
  );
const committed = async (shown: Notebook, trials: readonly Trial[]) =>
  recorded(shown, { committed: { runs: await committedRuns(shown, trials), ...check } });

test("a committed run has the answers of the outputs, and the settings and test items of a stored one", async () => {
  const one = trial(7),
    { runs, tests } = await committed(named([[one, "0100"]]), [one]);
  store(one, [0, 1, 0, 0]);
  const stored = recorded(showing({ [RUNS_MIME]: [nameOf(one)] }));
  const { madeWith: _, finished, ending, seconds, ...same } = stored.runs[0]!;
  assert.deepEqual([runs, tests], [[same], stored.tests]);
  assert.deepEqual([finished, ending, seconds], ["2026-12-06T00:00:00Z", "successful", 3]);
});

test("a later run with equal settings is compared with a committed one, paired; one with others is not", async () => {
  const one = trial(1),
    before = await committed(named([[one, "0100"]]), [one]);
  store(one, [0, 1, 0, 1]);
  const [cell] = compareRecords(before, recorded(showing({ [RUNS_MIME]: [nameOf(one)] }))).cells;
  assert.deepEqual([cell!.system, cell!.paired, cell!.differences[0]!.difference], ["BERT last", true, 0.25]);
  const other = trial(1, { learningRate: 1 });
  store(other, [0, 1, 0, 1]);
  assert.deepEqual(compareRecords(before, recorded(showing({ [RUNS_MIME]: [nameOf(other)] }))).cells, []);
});

test("answers are those of the lines behind charts where a run's name has none; two of one name are none", async () => {
  const one = trial(2),
    of = { name: nameOf(one), trial: one },
    row = ["BERT last", 2, "0001"] as const;
  const shown = showing({ [RUNS_MIME]: [of.name], [LINES_MIME]: lines(row) });
  assert.deepEqual(
    (await committed(shown, [one])).runs.map(({ run, predicted }) => [run, predicted]),
    [[of.name, "0001"]],
  );
  assert.equal(answersIn(showing({ [LINES_MIME]: lines(row, row) }))(of), undefined);
});

test("left out is a run of unknown settings, and one with another number of answers than texts", async () => {
  const [one, two] = [trial(3), trial(4)];
  const shown = named([
    [one, "0101"],
    [two, "010"],
  ]);
  assert.deepEqual((await committed(shown, [two])).runs, []);
});

test("what is no run is compared where the cells are equal, a baseline always", () => {
  const of = (word: string, source?: string) =>
    recorded(showing({ [LINES_MIME]: lines(["mean", 1, word], ["TF-IDF", null, word]) }, source));
  const systems = (source?: string) =>
    compareRecords(of("0100"), of("0101", source)).cells.map(({ system }) => system);
  assert.deepEqual([systems(), systems("other();")], [["mean", "TF-IDF"], ["TF-IDF"]]);
});

test("a row of the lines that a run says already stands once, also where a chart names its system otherwise", async () => {
  const trials = [trial(5), trial(6)],
    known = await committedRuns(named(trials.map((one) => [one, "0100"] as const)), trials);
  const others = (...rows: readonly Spoken[]) =>
    otherRows(showing({ [LINES_MIME]: lines(...rows) }), known).map(({ system, seed }) => [system, seed]);
  assert.deepEqual(others(["BERT last", 5, "0100"], ["BERT last", 6, "0100"]), []);
  assert.deepEqual(others(["as it is", 5, "0100"], ["as it is", 6, "0100"]), []);
  const differs = [["mean", 5, "0100"] as const, ["mean", 6, "0101"] as const];
  assert.deepEqual(others(...differs, ["BERT last", 5, "0100"]), [
    ["mean", 5],
    ["mean", 6],
  ]);
  const converted = ["converted", 5, "0100"] as const;
  assert.deepEqual(others(["BERT last", 5, "0100"], converted), [["converted", 5]]);
});

test("a record says of how many trainings a committed notebook's answer is, and what the check gave", async () => {
  const one = trial(6),
    answer = { en: "Yes.", ja: "はい。", origin: { files: [], runs: 18 } };
  const shown = named([[one, "0100"]]),
    told = { ...code("answer();"), outputs: [display({ [ANSWER_MIME]: answer })] };
  const made = await committed({ ...shown, cells: [...shown.cells, told] }, [one]);
  assert.deepEqual(made.notebooks[0]!.committed, { runs: 18, ...check });
  const schema = readJson<object>(join(projectRoot, "docs", "report.schema.json"))!;
  assert.deepEqual(faultsOf(JSON.parse(JSON.stringify(made)), schema), []);
});
