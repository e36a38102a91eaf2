/** Records for tests: two systems, two seeds, one test set of eight items. */
import type { RecordedNotebook, RecordedRun, ReportRecord } from "../format";

export const GOLD = "01010101";

export const run = (change: Partial<RecordedRun> = {}): RecordedRun => ({
  run: `02-reviews/${"0".repeat(11)}${change.seed ?? 1}`,
  notebook: "02-reviews",
  system: "BERT last",
  testSet: "test",
  seed: 1,
  settings: { epochs: 2, freeze: "last", classes: ["bad", "good"], initSeed: change.seed ?? 1 },
  classes: ["bad", "good"],
  data: "d1",
  model: "m1",
  finished: "2026-11-22T10:00:00.000Z",
  ending: "successful",
  seconds: 10,
  test: 0,
  predicted: "01010100",
  ...change,
});

export const notebook = (change: Partial<RecordedNotebook> = {}): RecordedNotebook => ({
  name: "02-reviews",
  title: "Reviews",
  state: "ok",
  executed: "2026-11-22T10:00:00.000Z",
  minutes: 1,
  reused: false,
  quick: false,
  settings: { epochs: "2", seeds: "2" },
  data: [{ name: "data/reviews.tsv", sha256: "aaaaaaaaaaaa" }],
  answer: { en: "Last is better.", ja: "最終層が良い。" },
  cells: [],
  ...change,
});

export const record = (change: Partial<ReportRecord> = {}): ReportRecord => ({
  format: 1,
  report: "2026-11-22",
  made: "2026-11-22T11:00:00.000Z",
  command: "npm run report -- --weekly",
  commit: "abc",
  weekly: true,
  versions: { training: 2 },
  notebooks: [notebook()],
  tests: [{ sha256: "t1", gold: GOLD }],
  runs: [run(), run({ seed: 2 })],
  plans: [],
  ...change,
});
