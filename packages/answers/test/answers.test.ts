/** The index of notebooks tells what was answered, from what, and whether it still holds. */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type CountedRun, type Origin, originOf } from "../../../lib/show/origin";
import { projectRoot } from "../../../lib/support/files";
import { changesSinceMade } from "../../../lib/versions";
import { ANSWER_MIME, type Cell } from "../../notebook";
import { answersList, notebookAnswers } from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-answers-")),
  notebooks = join(folder, "notebooks"),
  reports = join(folder, "reports");
mkdirSync(join(folder, "notebooks"));
for (const day of ["2026-11-22-9", "2026-11-22-10"]) mkdirSync(join(reports, day), { recursive: true });
after(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly en?: string;
  readonly origin?: Origin;
  readonly quick?: string;
  readonly error?: string;
  readonly source?: string;
}

/** Writes an executed notebook. */
function write(path: string, { en, origin, quick, error, source = "answer(…)" }: Written): void {
  const code = (text: string, more: Partial<Cell> = {}): Cell => ({
    cell_type: "code",
    source: text,
    metadata: {},
    outputs: [],
    ...more,
  });
  const outputs = [
    ...(en === undefined
      ? []
      : [
          {
            output_type: "display_data" as const,
            data: { [ANSWER_MIME]: { en, ja: "答え", short: "F1", origin } },
          },
        ]),
    ...(error === undefined ? [] : [{ output_type: "error" as const, ename: "Error", evalue: error }]),
  ];
  writeFileSync(
    path,
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [
        { cell_type: "markdown", source: "# 01 · Modes / 方法", metadata: {} },
        ...(quick === undefined ? [] : [code(quick, { metadata: { tags: ["injected-parameters"] } })]),
        code(source, { outputs }),
      ],
    }),
  );
}

const own = join(notebooks, "01-modes.ipynb");
const list = () => String(answersList(notebookAnswers({ notebooks, reports }))["text/markdown"]);
const run = (
  initSeed: number,
  ending?: "failed" | "diverged",
  changes: CountedRun["changes"] = [],
): CountedRun => ({
  changes,
  result: {
    failed: ending === "failed",
    ...(ending === "diverged" && { diverged: "at step 1" }),
    seconds: 90,
  },
  trial: { settings: { initSeed } },
});
const origin = (change: Partial<Origin> = {}): Origin => ({
  ...originOf({
    files: [join(projectRoot, "data/manga.tsv")],
    runs: [run(1), run(2, "failed"), run(2, "diverged")],
  }),
  ...change,
});

test("an answer says how long its runs take, and one from before that was kept says nothing of it", () => {
  write(own, { en: "Last is best.", origin: origin() });
  assert.match(list(), /1 diverged · 4\.5 minutes of one process ·/);
  write(own, { en: "Last is best.", origin: origin({ minutes: undefined }) });
  assert.doesNotMatch(list(), /minutes/);
});

test("an answer stands with its link, its time, data, runs, failed and diverged ones, in both languages", () => {
  process.env.TZ = "Asia/Tokyo"; // the time is that of the machine
  write(own, { en: "Last is best.", origin: origin({ at: "2026-11-22T15:04:05Z" }) });
  const text = list();
  assert.match(
    text,
    /^- \*\*\[01 · Modes\]\(01-modes\.ipynb\)\*\*\n\n {2}\*\*\[01 · 方法\]\(01-modes\.ipynb\)\*\*\n\n {2}\*\*F1\*\* · Last is best\.\n\n {2}答え/,
  );
  assert.match(
    text,
    /2026-11-23 00:04 · the notebook's own settings · practice data: `data\/manga\.tsv` · 3 runs, 2 seeds, 1 failed, 1 diverged · 4\.5 minutes of one process · code and data are the same now/,
  );
  assert.match(
    text,
    /ノート自身の設定 · 練習用データ（`data\/manga\.tsv`） · 学習 3 回、シード 2 個、失敗 1 回、発散 1 回 · 1 プロセスで計 4\.5 分 · コードとデータは現在と同じ/,
  );
});

test("a notebook that was not run says so", () => {
  write(own, {});
  assert.match(list(), /\n\n {2}\*No answer: it has not been run here/);
});

test("other versions, changed data and runs of other versions are told", () => {
  const mine = join(projectRoot, "data/manga.tsv");
  const origin = originOf({ files: [mine], runs: [run(1, undefined, changesSinceMade(undefined))] });
  write(own, {
    en: "a",
    origin: {
      ...origin,
      madeWith: { ...origin.madeWith, metrics: 0 },
      files: [{ name: "data/manga.tsv", sha256: "0" }],
    },
  });
  assert.match(
    list(),
    /\*\*note:\*\* the code's numbers have changed since: metrics 0 → \d+; data\/manga\.tsv has changed since; 1 of the runs were made with other versions/,
  );
});

test("an answer from before versions were declared is of an unknown version", () => {
  const { madeWith: _, ...before } = origin();
  write(own, { en: "a", origin: before });
  assert.match(list(), /\*\*note:\*\* version of the code unknown/);
});

test("a file outside the project is named without its folder, and cannot be compared", () => {
  const mine = join(folder, "台詞.csv");
  appendFileSync(mine, "a");
  const { files } = originOf({ files: [mine, "", "cl-tohoku/bert-base-japanese"] });
  assert.deepEqual(
    files.map(({ name, sha256 }) => [name, sha256 !== null]),
    [
      ["台詞.csv", true],
      ["cl-tohoku/bert-base-japanese", false],
    ],
  );
  write(own, { en: "a", origin: origin({ files }) });
  assert.match(list(), / data: `台詞\.csv`, .*台詞\.csv is not here to be compared/);
});

test("an answer without an origin is not taken for a current one", () => {
  write(own, { en: "old" });
  assert.match(list(), /\*\*from what it was made is not stored\*\*/);
  write(own, { en: "no data", origin: originOf({}) });
  assert.match(list(), /\*\*note:\*\* which data was read is not stored/);
});

test("the latest report's newer answer stands below the notebook's own, with its settings", () => {
  write(own, { en: "full", origin: origin({ at: "2026-11-22T01:00:00Z" }) });
  write(join(reports, "2026-11-22-9", "01-modes.ipynb"), {
    en: "ninth",
    origin: origin({ at: "2026-11-22T02:00:00Z" }),
  });
  const quick =
    '{\n  seeds = 2; // quick; the notebook\'s own: 6\n  manga = "a.tsv"; // --set; the notebook\'s own: "data/manga.tsv"\n}';
  write(join(reports, "2026-11-22-10", "01-modes.ipynb"), {
    en: "tenth",
    quick,
    origin: origin({ at: "2026-11-22T03:00:00Z" }),
  });
  assert.match(
    list(),
    /full[\s\S]*own settings[\s\S]*tenth[\s\S]*report 2026-11-22-10 · .* · quick settings: seeds 2, manga "a\.tsv"/,
  );
  assert.doesNotMatch(list(), /ninth/);
  write(own, { en: "full", origin: origin({ at: "2026-11-22T04:00:00Z" }) });
  assert.doesNotMatch(list(), /tenth/);
});

test("cells that differ from the notebook's, and an execution that failed, are told", () => {
  write(join(reports, "2026-11-22-10", "01-modes.ipynb"), {
    en: "tenth",
    error: "x is 1",
    source: "answer()",
    origin: origin(),
  });
  assert.match(
    list(),
    /\*\*it did not run to its end:\*\* Error: x is 1 · \*\*note:\*\* the notebook's cells have changed since/,
  );
});
