import assert from "node:assert/strict";
import { test } from "node:test";
import { readItems } from "../../lib/data/items";
import type { DataError } from "../../packages/table-file/data-error";
import { openTable, readTable } from "../../packages/table-file/table";
import { ownFiles, said } from "./files";

const file = ownFiles();
const FIELDS = { text: ["text", "台詞", "セリフ"], label: ["label", "感情"], note: ["note"] };
const read = (path: string, names: Readonly<Record<string, string>> = {}) =>
  readItems(readTable(path), FIELDS, {
    names,
    optional: ["note"],
    read: (cell) => [cell.name("label"), cell.text("text"), cell.text("note", { mayBeEmpty: true })],
  });

test("every bad row is reported with file, line, column and value", () => {
  const path = file("bad.tsv", "label\ttext\n\tあ\n1\t\n0\tう\n");
  assert.throws(
    () => read(path),
    (error: DataError) => {
      assert.deepEqual(
        error.problems.map(({ line, column, value }) => ({ line, column, value })),
        [
          { line: 2, column: "label", value: "" },
          { line: 3, column: "text", value: "" },
        ],
      );
      return error.message.includes("bad.tsv, line 2, column label");
    },
  );
});

for (const word of ["NaN", "nan", "null", "NULL", "None", "NA", "N/A", "#N/A", "<NA>", "undefined"]) {
  test(`${word} in a CSV is a missing value, not a text`, () => {
    assert.throws(() => read(file("nan.csv", `label,text\n1,${word}\n`)), {
      message: new RegExp(`nan\\.csv, line 2, column text: "${word}": a missing value`),
    });
  });
}

test("a missing value where nothing is needed is nothing", () => {
  assert.deepEqual(read(file("note.csv", "label,text,note\n1,あ,NaN\n")), [["1", "あ", ""]]);
});

test("a JSON text that says null is the word, and a JSON null no text", () => {
  assert.deepEqual(read(file("word.jsonl", '{"label":1,"text":"null"}\n')), [["1", "null", ""]]);
  assert.throws(
    () => read(file("null.jsonl", '{"label":1,"text":null}\n')),
    /line 1, column text: "": empty/,
  );
});

test("an absent key is missing, though other rows have it", () => {
  assert.throws(
    () => read(file("key.jsonl", '{"label":1,"text":"あ"}\n{"label":1}\n')),
    /line 2, column text: ""/,
  );
});

test("a list or object of JSON is no text", () => {
  assert.throws(
    () => read(file("list.jsonl", '{"label":1,"text":["あ"]}\n')),
    /column text: "\["あ"\]": not a text/,
  );
});

test("a list of JSON in a column that nobody reads is left alone", () => {
  assert.equal(read(file("votes.jsonl", '{"label":1,"text":"あ","votes":[1,2]}\n')).length, 1);
});

test("a number of JSON that loses digits is refused", () => {
  assert.throws(
    () => read(file("id.jsonl", '{"label":12345678901234567890,"text":"あ"}\n')),
    /column label: .*put it in quotes/,
  );
});

test("an error value of Excel is refused", () => {
  assert.throws(
    () => read(file("excel.csv", "label,text\n1,#NAME?\n")),
    /column text: "#NAME\?": an error of Excel/,
  );
});

test("a missing column is named beside those there are", () => {
  assert.throws(
    () => read(file("none.tsv", "label\t吹き出し\n1\tあ\n")),
    /no column "text" or "台詞" or "セリフ"\. Its columns are label, 吹き出し: name yours in the setting columns=\{"text":"…"\}$/,
  );
});

test("a known column by another name is taken, and it is said which", () => {
  const path = file("known.csv", "感情,台詞\n喜び,あ\n");
  assert.deepEqual(
    said(() => assert.deepEqual(read(path), [["喜び", "あ", ""]])),
    [`${path}: 台詞 is read as text, 感情 is read as label`],
  );
});

test("a column by its own name is taken without a word", () => {
  assert.deepEqual(
    said(() => read(file("own.csv", "label,text\n1,あ\n"))),
    [],
  );
});

test("two columns that may both be one field are refused", () => {
  assert.throws(
    () => read(file("two.csv", "label,台詞,セリフ\n1,あ,い\n")),
    /台詞 and セリフ can both be text: name yours in the setting columns=\{"text"/,
  );
});

test("beside a column by its own name a known one is left alone, and it is said", () => {
  const path = file("beside.csv", "label,text,台詞\n1,あ,い\n");
  assert.deepEqual(
    said(() => assert.deepEqual(read(path), [["1", "あ", ""]])),
    [`${path}: text is read as text and 台詞 left alone`],
  );
});

test("two columns of one name are refused if they are read", () => {
  assert.throws(
    () => read(file("twice.csv", "label,text,text\n1,あ,い\n")),
    /several columns are called text/,
  );
  assert.equal(read(file("other.csv", "label,text,x,x\n1,あ,い,う\n")).length, 1);
});

test("column names in settings are compared whatever their width", () => {
  assert.equal(read(file("named.csv", "ﾗﾍﾞﾙ,感想\n1,あ\n"), { label: "ラベル", text: " 感想" })[0][1], "あ");
});

test("a column that a setting names for one field is not taken for another", () => {
  assert.deepEqual(read(file("taken.csv", "感情,台詞,セリフ\n1,あ,い\n"), { note: "セリフ" }), [
    ["1", "あ", "い"],
  ]);
});

test("spellings of a name that differ in width and outer spaces are one, the first, and it is said", () => {
  const path = file("names.csv", "label,text\n喜楽,あ\n喜楽 ,い\nｷﾞｬｸﾞ,う\nギャグ,え\n");
  assert.deepEqual(
    said(() =>
      assert.deepEqual(
        read(path).map(([label]) => label),
        ["喜楽", "喜楽", "ｷﾞｬｸﾞ", "ｷﾞｬｸﾞ"],
      ),
    ),
    [`${path}: "喜楽" and "喜楽 " are one label, 喜楽`, `${path}: "ｷﾞｬｸﾞ" and "ギャグ" are one label, ｷﾞｬｸﾞ`],
  );
});

for (const [value, remedy] of [
  ["二", "not a number from 1"],
  ["0", "not a number from 1"],
  ["1.5", "not a whole number from 1"],
  ["", "empty: fill it in or take the row out"],
])
  test(`of the number ${JSON.stringify(value)} one thing is wrong: ${remedy}`, () => {
    const table = readTable(file("numbers.csv", `n,m\n${value},x\n`));
    assert.throws(
      () => readItems(table, { n: ["n"] }, { read: (cell) => cell.integer("n") }),
      ({ problems }: DataError) => problems.length === 1 && problems[0].remedy === remedy,
    );
  });

test("a column may be called as what every object has, and be empty in a row", () => {
  const path = file("own.jsonl", '{"label":"1","text":"あ"}\n{"label":"0","text":"い","constructor":"x"}\n');
  assert.deepEqual(read(path, { note: "constructor" }), [
    ["1", "あ", ""],
    ["0", "い", "x"],
  ]);
});

test("what is said of a file's columns and names holds no control character", () => {
  const path = file("control.csv", "セリフ,感情\u001b[2J\nあ,\u202eA\nい,\u202eＡ\n");
  const names = { label: "感情\u001b[2J" };
  assert.deepEqual(
    said(() => read(path, names)).map((line) => line.slice(path.length)),
    [": セリフ is read as text", ': "\ufffdA" and "\ufffdＡ" are one label, \ufffdA'],
  );
});

test("a row is read before a bad one after it", () => {
  const rows = openTable(file("later.csv", "text\nあ\nい,う\n")).rows[Symbol.iterator]();
  assert.equal(rows.next().value.cells.text, "あ");
  assert.throws(() => rows.next(), /later\.csv, line 3/);
});
