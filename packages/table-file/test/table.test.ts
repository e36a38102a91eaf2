/** Cells as pandas 2.3.3 and Python 3.11's csv read the same files, where nothing else is said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownFiles, said } from "../../../test/data/files";
import { type Row, readTable, type Table } from "../table";

const file = ownFiles();
const read = (name: string, content: string): Table => readTable(file(name, content));
const cellsOf = ({ columns, rows }: Table) =>
  rows.map(({ cells }: Row) => columns.map((column) => cells[column] ?? ""));
const linesOf = (table: Table) => table.rows.map(({ line }) => line);

test("BOM and CRLF leave no trace", () => {
  const table = read("bom.tsv", "\ufefflabel\ttext\r\n0\tだめ\r\n");
  assert.deepEqual(table.columns, ["label", "text"]);
  assert.deepEqual(table.rows, [{ line: 2, cells: { label: "0", text: "だめ" } }]);
});

test("a quoted CSV cell may hold commas, quotes and line breaks", () => {
  assert.deepEqual(cellsOf(read("quoted.csv", 'label,text\n1,"一行目,\n""二行目"""\n0,次\n')), [
    ["1", '一行目,\n"二行目"'],
    ["0", "次"],
  ]);
});

for (const [name, end] of Object.entries({ LF: "\n", CRLF: "\r\n", CR: "\r" })) {
  const rows = ["", "label,text", "", '1,"一', '二"', "", "", '0,"三', '四"', "1,五"];
  test(`a row's line is its first as an editor counts them, with ${name}`, () => {
    assert.deepEqual(linesOf(read("lines.csv", rows.join(end))), [4, 8, 10]);
  });

  test(`an error names the first line of its row, with ${name}`, () => {
    assert.throws(
      () => read("wide.csv", [...rows, '1,"六', '七",八'].join(end)),
      /wide\.csv, line 11: .*3 cells/,
    );
  });

  test(`an error of quotes names the first line of its row, with ${name}`, () => {
    assert.throws(
      () => read("closed.csv", [...rows, "", '1,"六', '七" と'].join(end)),
      /closed\.csv, line 12: "1,"六": a cell goes on after its closing quote/,
    );
  });
}

test("a quote that nothing closes is named with the line where it opens", () => {
  assert.throws(() => read("open.csv", 'a,b\n1,"x\n2,y\n'), /line 2: "1,"x": .* nothing closes/);
});

test("a quote inside a CSV cell without quotes is refused", () => {
  assert.throws(
    () => read("inside.csv", 'a,b\n1,と "言った"\n'),
    /line 2: .*a quote inside a cell without quotes/,
  );
});

test("a row with a cell too many is named", () => {
  assert.throws(
    () => read("cells.tsv", "label\ttext\n1\tあ\tい\n"),
    /cells\.tsv, line 2: "1 \| あ \| い": 3 cells, but 2 columns/,
  );
});

test("TSV as pandas quotes it is read as pandas reads it", () => {
  const table = read(
    "pandas.tsv",
    '話\t台詞\ns1\t"""引用"" と言った"\ns1\t"一行目\n二\t行目"\ns2\t"あ\r\nい"\ns2\tう\n',
  );
  assert.deepEqual(cellsOf(table), [
    ["s1", '"引用" と言った'],
    ["s1", "一行目\n二\t行目"],
    ["s2", "あ\r\nい"],
    ["s2", "う"],
  ]);
  assert.deepEqual(linesOf(table), [2, 3, 5, 7]);
});

test("a bare quote in TSV is a character like others", () => {
  const table = read("plain.tsv", 'label\ttext\n1\t"引用" と言った\n0\tと "言った"\n1\t"次\n0\t{"a": 3}\n');
  assert.deepEqual(
    cellsOf(table).map(([, text]) => text),
    ['"引用" と言った', 'と "言った"', '"次', '{"a": 3}'],
  );
});

test("quotes around a whole TSV cell are taken away, as pandas does, and it is said", () => {
  const path = file("whole.tsv", 'label\ttext\n1\t"引用"\n');
  assert.match(
    said(() => assert.deepEqual(cellsOf(readTable(path)), [["1", "引用"]])).join(),
    /whole\.tsv: quotes around whole cells are taken away/,
  );
});

test("TSV whose quotes are one cell over two lines or two cells of two rows is refused", () => {
  assert.throws(
    () => read("two.tsv", 'a\tb\n1\t"こんにちは\n0\tさようなら"\n'),
    /two\.tsv, line 2: .*read in two ways/,
  );
});

test("TSV with cells that are quoted and cells that cannot be is refused with both lines", () => {
  assert.throws(
    () => read("both.tsv", 'a\tb\n1\t"と ""言った"""\n0\t"引用" と言った\n'),
    /both\.tsv, line 2: .*read in two ways: .*in line 3: a cell goes on after its closing quote/,
  );
});

test("Excel's line sep= says what stands between cells", () => {
  const table = read("sep.csv", "sep=;\r\nlabel;text\r\n1;あ,い\r\n");
  assert.deepEqual(
    [table.columns, cellsOf(table), linesOf(table)],
    [["label", "text"], [["1", "あ,い"]], [3]],
  );
});

for (const [name, sign] of [
  ["semicolons", ";"],
  ["tabs", "\t"],
] as const) {
  test(`a CSV whose header has ${name} is read with them, and it is said`, () => {
    const path = file(`${name}.csv`, `label${sign}text\n1${sign}あ,い\n`);
    assert.deepEqual(
      said(() => assert.deepEqual(cellsOf(readTable(path)), [["1", "あ,い"]])),
      [`${path} is read with ${name} between cells, as in its header`],
    );
  });
}

test("what pandas writes as JSON is read, whatever the form of its rows", () => {
  const rows = ['{"話":"s1","台詞":"あ\\"い\\"","n":1.0}', '{"話":"s1","台詞":"一行目\\n二","n":null}'];
  const expected = [
    ["s1", 'あ"い"', "1"],
    ["s1", "一行目\n二", ""],
  ];
  for (const [name, content] of [
    ["lines.jsonl", `${rows.join("\n")}\n`],
    ["lines.json", rows.join("\n")],
    ["records.json", `[${rows.join(",")}]`],
  ])
    assert.deepEqual(cellsOf(read(name, content)), expected);
});

test("rows of a JSON array have the lines on which they begin", () => {
  const table = read("indent.json", '[\n {\n  "a":"x, {"\n },\r\n\n {\n  "a":"]"},{"a":"z"}\n]\n');
  assert.deepEqual(
    [cellsOf(table).flat(), linesOf(table)],
    [
      ["x, {", "]", "z"],
      [2, 6, 7],
    ],
  );
});

test("null, Python's NaN and an absent key are missing", () => {
  const table = read("missing.jsonl", '{"a":null,"b":NaN}\n{"a":"null"}\n{"b":"NaN, \\"NaN\\""}\n');
  assert.deepEqual(cellsOf(table), [
    ["", ""],
    ["null", ""],
    ["", 'NaN, "NaN"'],
  ]);
});

test("what is no JSON object is named", () => {
  assert.throws(() => read("b.jsonl", '{"label": 1}\n{label}\n'), /b\.jsonl, line 2: "\{label\}"/);
  assert.throws(() => read("values.json", '[["s1",\n"あ"]]'), /values\.json, line 1: .*not an object/);
  assert.throws(() => read("cut.json", '[{"a":1},\n{"a":'), /cut\.json, line 2: /);
});

test("a table without rows and an unknown kind of file are refused", () => {
  assert.throws(() => read("empty.csv", "label,text\n"), /empty\.csv holds no row/);
  assert.throws(() => read("lines.xlsx", "x"), /"xlsx" is none of tsv, csv, jsonl, json/);
});

test("a wide table with many short rows is refused in a short message", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",");
  assert.throws(
    () => read("ragged.csv", `${names}\n${"1\n".repeat(10_000)}`),
    ({ message }: Error) => message.length < 10_000 && /1 cells, but 10000 columns: c0, c1/.test(message),
  );
});

test("JSON lines of which each has a key of its own cost no cell where nothing is written", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `{"key${i}": "x"}\n`).join("");
  const table = read("keys.jsonl", lines);
  assert.deepEqual(table.rows[9999], { line: 10_000, cells: { key9999: "x" } });
});

test("a message holds no control character of a cell", () =>
  assert.throws(
    () => read("escape.csv", "label,text\n1,\u001b[31mred,x\n"),
    ({ message }: Error) => message.includes('"1 | \ufffd[31mred | x"'),
  ));

test("a cell whose quotes hold a hundred thousand lines is one cell, and the lines after it keep their numbers", () => {
  const lines = "い\n".repeat(100_000);
  const { rows } = readTable(file("long.csv", `text,label\n"${lines}",1\nう,2\n`));
  assert.deepEqual(
    rows.map(({ line, cells }) => [line, cells.text === lines, cells.label]),
    [
      [2, true, "1"],
      [100_003, false, "2"],
    ],
  );
});
