import assert from "node:assert/strict";
import { test } from "node:test";
import { table, tableHtml, tableText } from "../../lib/show/tables";
import { frame } from "../../packages/danfojs-frame";

const rows = [
  { touch: "ギャグ", n: 66, accuracy: 0.8484848 },
  { touch: "萌え系", n: 64, accuracy: Number.NaN },
];

test("HTML has a caption, scopes, the language of Japanese cells, numbers on the right", () => {
  assert.equal(
    tableHtml(rows, { caption: "表1: accuracy < 1", columns: { touch: "タッチ", accuracy: "accuracy" } }),
    [
      "<table>",
      '<caption lang="ja">表1: accuracy &lt; 1</caption>',
      '<thead><tr><th scope="col" lang="ja" style="text-align: left; white-space: nowrap">タッチ</th><th scope="col" style="text-align: right">accuracy</th></tr></thead>',
      "<tbody>",
      '<tr><th scope="row" lang="ja" style="text-align: left; white-space: nowrap">ギャグ</th><td style="text-align: right; white-space: nowrap">0.848</td></tr>',
      '<tr><th scope="row" lang="ja" style="text-align: left; white-space: nowrap">萌え系</th><td style="text-align: right; white-space: nowrap">–</td></tr>',
      "</tbody>",
      "</table>",
    ].join("\n"),
  );
});

test("text is Markdown whose columns line up, Japanese letters counted as two", () => {
  assert.equal(
    tableText(rows, { caption: "Touches", digits: 2 }),
    [
      "Touches",
      "",
      "| touch  |   n | accuracy |",
      "|--------|----:|---------:|",
      "| ギャグ |  66 |     0.85 |",
      "| 萌え系 |  64 |        – |",
    ].join("\n"),
  );
});

test("a bar or a line break in a cell does not break the Markdown", () => {
  assert.match(tableText([{ text: "a|b\nc" }]), /\| a\\\|b c \|/);
});

test("rows that lack a column have a dash there", () => {
  assert.match(tableText([{ a: 1 }, { a: 2, b: "x" }]), /\| +1 \| – +\|/);
});

test("a misspelt column is named with those there are", () => {
  assert.throws(() => table(rows, { columns: { acuracy: "" } }), /"acuracy"; there are touch, n, accuracy/);
});

test("means with their spread and ranges stand on the right", () => {
  const markup = tableHtml([{ name: "last", score: "0.75 ± 0.07", wide: "0.708–0.747" }]);
  assert.equal(markup.match(/<td style="text-align: right;/g)?.length, 2);
});

test("a danfojs frame gives the same table as its rows", async () => {
  const wanted = rows.slice(0, 1);
  const made = await frame(wanted);
  assert.equal(made.constructor.name, "DataFrame");
  assert.deepEqual(table(made), table(wanted));
});
