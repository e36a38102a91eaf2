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

test("an entry of BibTeX is read with its braces, accents and names", () => {
  const [one, two] = readBibliography(
    '@InProceedings{devlin, author = {Devlin, Jacob and Chang, Ming-Wei}, title = "{BERT}: Pre-training", booktitle = {NAACL}, pages={1--2}, year = {2019}}\n@comment{x}\n@book{ja, author={上野, 未貴 and G{\\"o}del, Kurt}, title={四コマ}}',
    "r.bib",
  );
  assert.equal(one!.words, "Jacob Devlin, Ming-Wei Chang. BERT: Pre-training. NAACL. pp. 1–2. 2019.");
  assert.equal(two!.words, "上野 未貴, Kurt Gödel. 四コマ.");
});

test("an entry that is not closed is an error with its line", () =>
  assert.throws(
    () => readBibliography("\n@article{a, title={A}", "r.bib"),
    /r\.bib:2: @article has no closing brace/,
  ));

test("100,000 brackets and remarks that nothing closes are text", () => {
  const path = join(folder, "open.md");
  writeFileSync(path, `## 結果\n\n${"[@".repeat(100_000)}\n${"<!--".repeat(100_000)}\n`);
  assert.match(readComments(path).sections.results, /^\[@.*<!--$/s);
});

test("100,000 references are read, and one without a key is named by its line", () => {
  const text = "@misc{a, year = 1}\n".repeat(100_000);
  assert.equal(readBibliography(text, "x.bib").length, 100_000);
  assert.throws(() => readBibliography(`${text}@misc{}`, "x.bib"), /x\.bib:100001: @misc has no key/);
});
