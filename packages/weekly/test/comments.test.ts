/** The student's own words: sections, plans from week to week, works cited. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { beginComments, carryPlans, readComments } from "..";
import { readBibliography } from "../bibliography";

const folder = mkdtempSync(join(tmpdir(), "komalab-comments-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "weekly.md");
const read = (text: string) => {
  writeFileSync(path, text);
  return readComments(path);
};

test("a form is written once, and what is there is never changed", () => {
  const own = join(folder, "own.md");
  assert.equal(beginComments(own), true);
  assert.deepEqual(readComments(own).sections.summary, "");
  writeFileSync(own, "## あらすじ\n自分の文");
  assert.equal(beginComments(own), false);
  assert.equal(readFileSync(own, "utf8"), "## あらすじ\n自分の文");
});

test("sections are found by Japanese or English names, others are kept in their order", () => {
  const { sections, others, notebooks } = read(
    "## 1 あらすじ\n\nダメだった。\n\n## Results\n全体。\n\n### 01\n最終層が良い。\n\n## 岡田先生の課題\n```\n## no heading\n```\n",
  );
  assert.deepEqual([sections.summary, sections.results], ["ダメだった。", "全体。"]);
  assert.deepEqual([...notebooks], [["01", "最終層が良い。"]]);
  assert.deepEqual(others, [{ heading: "岡田先生の課題", text: "```\n## no heading\n```" }]);
});

test("plans are tasks; the rest of the section stays text", () => {
  const { plans, sections } = read(
    "## 今後の実験予定\n- [ ] ラベルを変える\n* [X] 追加データ\n- 森先生に相談\n",
  );
  assert.deepEqual(plans, [
    { text: "ラベルを変える", done: false },
    { text: "追加データ", done: true },
  ]);
  assert.equal(sections.plans, "- 森先生に相談");
});

test("a plan keeps its first day, is struck once when it is done, and is told when it is gone", () => {
  const last = [
    { text: "a", done: false, since: "2026-11-15" },
    { text: "b", done: true, since: "2026-11-15" },
    { text: "c", done: false, since: "2026-11-22" },
  ];
  const own = [
    { text: "a", done: true },
    { text: "b", done: true },
    { text: "d", done: false },
  ];
  const { plans, withdrawn } = carryPlans(own, { last, date: "2026-11-29" });
  assert.deepEqual(plans, [
    { text: "a", done: true, since: "2026-11-15" },
    { text: "d", done: false, since: "2026-11-29" },
  ]);
  assert.deepEqual(withdrawn, [last[2]]);
});

test("works are numbered in the order in which they are cited, those not cited are left out", () => {
  writeFileSync(
    join(folder, "references.bib"),
    "@article{a, title={A}, year=2001}\n@article{b, title={B}}\n@misc{c, title={C}}",
  );
  const { sections, references } = read("## あらすじ\nBERT[@c]、d2v[@a; @c]。");
  assert.equal(sections.summary, "BERT\\[1\\]、d2v\\[2, 1\\]。");
  assert.deepEqual(
    references.map(({ key }) => key),
    ["c", "a"],
  );
});

test("a citation that references.bib lacks is an error with file, line and the keys that there are", () =>
  assert.throws(
    () => read("## あらすじ\n\n[@x]"),
    /weekly\.md:3: \[@x\] is not in .*references\.bib; there are a, b, c/,
  ));

/** Sections of a file that have a text. */
const filled = (text: string) =>
  Object.fromEntries(Object.entries(read(text).sections).filter(([, words]) => words !== ""));

test("headings are found however Markdown or a Japanese keyboard writes them", () => {
  for (const text of [
    "あらすじ\n===\n一\n\n結果\n---\n二",
    "# あらすじ\n一\n# 結果\n二",
    "##あらすじ\n一\n##結果\n二",
    "## あらすじ ##\n一\n  ## ３．結果：\n二",
  ])
    assert.deepEqual(filled(text), { summary: "一", results: "二" }, text);
});

test("nothing is lost: what stands before the first section, below a title, twice, or under an own heading", () => {
  assert.deepEqual(filled("一\n## あらすじ\n二\n## 概要\n三"), { summary: "一\n\n二\n\n三" });
  assert.deepEqual(filled("# 進捗報告 11 月\n一\n## あらすじ\n二"), { summary: "一\n\n二" });
  const { sections, notebooks } = read("## 結果\na\n### 01\nx\n## 結果\nb\n### 01\ny\n### 考察\nz");
  assert.equal(sections.results, "a\n\nb");
  assert.deepEqual(
    [...notebooks],
    [
      ["01", "x\n\ny"],
      ["考察", "z"],
    ],
  );
});

test("code is code: no comment, no citation and no task begins in it", () => {
  const code = "`<!--` と `[@x]`\n```\n[@y]\n- [ ] 例\n```";
  assert.deepEqual(filled(`## あらすじ\n${code}`), { summary: code });
  assert.deepEqual(read(`## 予定\n${code}`).plans, []);
});

test("a comment that is not closed is an error with its line, as it would hide all that follows", () =>
  assert.throws(
    () => read("## あらすじ\n\n一 <!-- 二\n## 進捗\n三"),
    /weekly\.md:3: the comment <!-- .* has no -->/,
  ));

test("a task goes on in the lines below it; numbers, wide brackets and empty boxes are read", () =>
  assert.deepEqual(
    read("## 予定\n- [ ] 一\n  続き\n1. [x] 二\n- ［　］ 三\n- [ ]\n- [ ] 一\n  続き\n").plans,
    [
      { text: "一 続き", done: false },
      { text: "二", done: true },
      { text: "三", done: false },
    ],
  ));

test("a file in Shift_JIS is read as such", () => {
  writeFileSync(path, Buffer.from([0x23, 0x23, 0x20, 0x8c, 0x8b, 0x89, 0xca, 0x0a, 0x97, 0xc7, 0x82, 0xa2]));
  assert.equal(readComments(path).sections.results, "良い");
});

test("a page may be named in a citation; a link is none", () => {
  writeFileSync(join(folder, "references.bib"), "@misc{a, title={A}}");
  assert.equal(
    read("## あらすじ\n[@a, p. 3] [@a](http://x.y)").sections.summary,
    "\\[1, p. 3\\] [@a](http://x.y)",
  );
});

test("20,000 open brackets are text, and 100,000 references are read", () => {
  writeFileSync(join(folder, "references.bib"), "@misc{a, year = 1}\n");
  assert.match(read(`## 結果\n\n${"[@".repeat(20_000)}\n`).sections.results, /^\[@.*\[@$/s);
  const many = Array.from({ length: 100_000 }, (_, i) => `@misc{a${i}, year = 1}\n`).join("");
  assert.equal(readBibliography(many, "x.bib").length, 100_000);
});
