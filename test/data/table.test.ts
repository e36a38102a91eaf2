import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readManga } from "../../lib/data/manga";
import { readReviews } from "../../lib/data/reviews";
import { type DataError, readTable } from "../../lib/data/table";

const folder = mkdtempSync(join(tmpdir(), "table-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** "label,text\n1,良い" in Shift_JIS. */
const SHIFT_JIS = Uint8Array.from([...Buffer.from("label,text\n1,"), 0x97, 0xc7, 0x82, 0xa2]);

test("a Shift_JIS file is read as such", () => {
  assert.deepEqual(readReviews(file("sjis.csv", SHIFT_JIS))[0], {
    id: "line 2",
    category: "",
    label: 1,
    text: "良い",
  });
});

test("BOM and CRLF leave no trace", () => {
  const table = readTable(file("bom.tsv", "\ufefflabel\ttext\r\n0\tだめ\r\n"));
  assert.deepEqual(table, {
    path: join(folder, "bom.tsv"),
    columns: ["label", "text"],
    rows: [{ line: 2, cells: { label: "0", text: "だめ" } }],
  });
});

test("a quoted CSV cell may hold commas, quotes and line breaks, and the next row still has its line", () => {
  const { rows } = readTable(file("quoted.csv", 'label,text\n1,"一行目,\n""二行目"""\n0,次\n'));
  assert.deepEqual(rows, [
    { line: 2, cells: { label: "1", text: '一行目,\n"二行目"' } },
    { line: 4, cells: { label: "0", text: "次" } },
  ]);
});

test("TSV knows no quotes", () => {
  assert.equal(
    readTable(file("plain.tsv", 'label\ttext\n1\t"引用" と言った\n')).rows[0].cells.text,
    '"引用" と言った',
  );
});

test("JSON lines are rows", () => {
  assert.deepEqual(
    readReviews(file("a.jsonl", '{"label": 1, "text": "良い"}\n\n{"label": "不評", "text": "悪い"}\n')).map(
      (r) => r.label,
    ),
    [1, 0],
  );
});

test("a broken JSON line is named", () => {
  assert.throws(
    () => readTable(file("b.jsonl", '{"label": 1}\n{label}\n')),
    /b\.jsonl, line 2, column all: "\{label\}"/,
  );
});

test("full-width labels and digits are read", () => {
  assert.equal(readReviews(file("wide.csv", "label,text\n１,良い\n"))[0].label, 1);
});

test("half-width touch names are read as the full-width ones", () => {
  const [line] = readManga(file("half.csv", "story,touch,text,emotion\ns,ｷﾞｬｸﾞ,あ,喜楽\n"));
  assert.deepEqual([line.touch, line.page, line.line], ["ギャグ", 1, 2]);
});

test("every bad row is reported with file, line, column and value", () => {
  const path = file("bad.tsv", "label\ttext\n2\tあ\n1\t\n0\tう\n");
  assert.throws(
    () => readReviews(path),
    (error: DataError) => {
      assert.deepEqual(
        error.problems.map(({ line, column, value }) => ({ line, column, value })),
        [
          { line: 2, column: "label", value: "2" },
          { line: 3, column: "text", value: "" },
        ],
      );
      return error.message.includes("bad.tsv, line 2, column label");
    },
  );
});

test("bad rows are left out only if somebody listens", () => {
  const heard: number[] = [];
  const kept = readReviews(file("bad2.tsv", "label\ttext\n2\tあ\n0\tう\n"), {
    onProblem: ({ line }) => heard.push(line),
  });
  assert.deepEqual([kept.length, heard], [1, [2]]);
});

test("a row with a cell too many is named", () => {
  assert.throws(
    () => readTable(file("cells.tsv", "label\ttext\n1\tあ\tい\n")),
    /cells\.tsv, line 2.*3 cells, but 2 columns/,
  );
});

test("a missing column is named beside those there are", () => {
  assert.throws(
    () => readReviews(file("columns.tsv", "label\t感想\n1\tあ\n")),
    /no column "text"\. Its columns are label, 感想/,
  );
});

test("column names are settings", () => {
  assert.equal(
    readReviews(file("named.tsv", "評価\t感想\n1\tあ\n"), { names: { label: "評価", text: "感想" } })[0].text,
    "あ",
  );
});

test("bytes that are neither UTF-8 nor Shift_JIS are refused", () => {
  assert.throws(
    () => readTable(file("noise.csv", Uint8Array.from([0x61, 0x0a, 0xff, 0xfe, 0x80]))),
    /neither UTF-8 nor Shift_JIS/,
  );
});

test("two rows for one line are refused", () => {
  const path = file("twice.csv", "story,touch,line,text,emotion\ns,ギャグ,1,あ,喜楽\ns,ギャグ,1,い,喜楽\n");
  assert.throws(() => readManga(path), /two rows have story\/touch\/line s\/ギャグ\/1/);
});
