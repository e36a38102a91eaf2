/** What a weekly report says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRecords, weeklyPart } from "..";
import { cellsOf } from "../cells";
import type { Comments } from "../comments";
import type { ReportRecord } from "../format";
import { notebook, record, run } from "./sample";

const comments: Comments = {
  path: "weekly.md",
  sections: { summary: "", progress: "", results: "", plans: "", machine: "" },
  others: [],
  notebooks: new Map(),
  plans: [],
  references: [],
};
const plans = { plans: [], withdrawn: [], kept: [] };
/** The page's words without its tags, those of two records. */
const page = async (
  now: ReportRecord,
  options: {
    readonly before?: ReportRecord;
    readonly own?: Partial<Comments>;
    readonly english?: boolean;
  } = {},
): Promise<string> => {
  const { before, own, english = false } = options;
  const { body } = await weeklyPart({
    record: now,
    ...(before && { previous: before, comparison: compareRecords(before, now) }),
    comments: { ...comments, ...own },
    folder: ".",
    plans,
    troubles: [],
    english,
  });
  return body.text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
};
const better = [run({ predicted: "01010101" }), run({ seed: 2, predicted: "01010101" })];

test("a score that changed stands beside the old one, with its paired interval", async () => {
  const text = await page(record({ report: "2026-11-29", runs: better }), { before: record() });
  assert.match(text, /テスト項目が同じなので、項目とシードを対応させた/);
  assert.match(text, /BERT last 0\.875 → 1\.000 \+0\.125 \+0\.000 to \+0\.\d+/);
});

test("a notebook that failed is named with its error and the last answer; no data are called changed", async () => {
  const failed = notebook({
    state: "failed",
    answer: undefined,
    data: [],
    failure: { cell: 3, error: "Error: no such column" },
  });
  const text = await page(record({ notebooks: [failed] }), { before: record() });
  assert.match(text, /最後まで実行されなかったノートが 1 件ある（02）。/);
  assert.match(text, /前回: 最終層が良い。 .*今回: 答えなし: Error: no such column/);
  assert.doesNotMatch(text, /データ: |答えが変わった/);
});

test("a notebook that is shown as it is committed says so, with its trainings and the check", async () => {
  const shown = (equal: number) =>
    record({
      notebooks: [notebook({ committed: { runs: 18, anew: 2, compared: 2, equal } })],
      runs: [run({ finished: undefined, seconds: undefined })],
    });
  const text = await page(shown(2));
  assert.match(text, /ノート 1 件のうち 0 件を実行し、学習 0 回/);
  assert.match(
    text,
    /1 件はコミット時の結果（学習 18 回分）を示し、確認のため 2 回を学習し直した（予測を照合できた 2 回はすべて一致）。/,
  );
  assert.match(text, /完了 コミット時 本来 当時 18 確認 2 11\/22 確認 1\.0 分/);
  assert.match(await page(shown(1)), /2 回のうち、すべて一致したのは 1 回/);
  assert.match(
    await page(shown(2), { english: true }),
    /1 are shown as committed, with the results of 18 trainings, of which 2 were trained anew as a check/,
  );
});

test("a table of more than twelve scores is folded, one of changes is not", async () => {
  const many = (predicted: string) =>
    Array.from({ length: 13 }, (_, i) => run({ system: `system ${i}`, predicted }));
  const [before, now] = ["01010100", "01010101"].map((predicted) => {
    const runs = many(predicted),
      tests = record().tests;
    return record({ runs, notebooks: [notebook({ cells: cellsOf(runs, tests) })] });
  }) as [ReportRecord, ReportRecord];
  const { body } = await weeklyPart({
    ...{ record: now, previous: before, comparison: compareRecords(before, now), comments },
    ...{ folder: ".", plans, troubles: [], english: false },
  });
  assert.deepEqual(
    [...body.text.matchAll(/<details><summary>(.*?)<\/summary>/g)].map(([, words]) => words),
    ["今回の値（シードの平均、95 % 区間）、13 行"],
  );
});

test("titles stand in the language of the report, with their number", async () => {
  const titled = record({ notebooks: [notebook({ title: "Reviews / 評判分析" })] });
  assert.match(await page(titled), /02 · 評判分析/);
  assert.match(await page(titled, { english: true }), /02 · Reviews/);
});

test("a comment is shown under its notebook, and where there is none with its own heading", async () => {
  const text = await page(record(), {
    own: {
      notebooks: new Map([
        ["2: 評判", "良い"],
        ["考察", "まだ弱い"],
        ["05", "次週"],
      ]),
    },
  });
  assert.match(text, /考察 まだ弱い 05 次週 02 · Reviews .*良い/);
});

test("the day of an execution is the one on the wall, not that of Greenwich", async () => {
  const before = process.env.TZ;
  try {
    process.env.TZ = "Asia/Tokyo";
    const text = await page(record({ notebooks: [notebook({ executed: "2026-11-22T23:30:00.000Z" })] }));
    assert.match(text, /11\/23/);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});
