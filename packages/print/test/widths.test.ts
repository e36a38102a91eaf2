/** Widths of columns for pandoc. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { columnWidths, withColumnWidths } from "../widths";

test("a small table is as wide as what it holds, a long one fills the page", () => {
  const small = columnWidths([
    ["system", "F1"],
    ["last", "0.50"],
  ]);
  assert.ok(small[0]! > small[1]! && small[0]! + small[1]! < 0.3, small.join());
  const sentence = "a sentence that needs a good part of the width of the page ".repeat(3);
  const long = columnWidths([
    ["setting", "why", "why not"],
    ["epochs", sentence, sentence],
  ]);
  assert.ok(Math.abs(long.reduce((sum, one) => sum + one) - 1) < 1e-9, long.join());
  assert.ok(long[0]! < 0.2 && long[1] === long[2], long.join());
});

test("a date and a number with its interval are not torn, of two lines the longer counts", () => {
  const many = Array.from({ length: 8 }, () => "some words here");
  const [date] = columnWidths([["2026-11-29", ...many]]);
  assert.ok(date! >= 0.1, String(date));
  const [interval] = columnWidths([["−0.300 to −0.227", ...many]]);
  assert.ok(interval! > date!);
  const [one, two] = columnWidths([["0.75<br>0.70–0.81", "0.75 0.70–0.81"]]);
  assert.ok(one! < two!);
});

test("a table of no rows, and rows of unequal length, are no fault", () => {
  assert.deepEqual(columnWidths([]), []);
  assert.equal(columnWidths([["a"], ["a", "b"]]).length, 2);
});

test("the widths stand where HTML has them, after the caption", () =>
  assert.match(
    withColumnWidths("<table><caption>c</caption><thead><tr><th>ab</th></tr></thead></table>"),
    /<caption>c<\/caption><colgroup><col style="width: 6\.0%"><\/colgroup><thead>/,
  ));
