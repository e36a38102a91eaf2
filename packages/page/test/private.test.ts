import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, DATA_MIME, LINES_MIME, type LinesTable, type Output } from "../../notebook";
import { code, notebook } from "../../notebook/test/sample";
import { namesItsLines, withoutLines } from "..";

const shown = (data: Output["data"], ...tags: string[]): Cell => ({
  ...code("show();", ...tags),
  outputs: [{ output_type: "display_data", data }],
});
const table: LinesTable = {
  labels: ["0"],
  texts: ["なんでやねん！"],
  tests: [{ name: "t", items: [0], gold: "0" }],
  runs: [{ system: "a", test: 0, seed: 1, predicted: "0" }],
};
/** What a cell still shows, below the table of lines, in a private report. */
const left = (data: Output["data"], ...tags: string[]): string =>
  JSON.stringify(
    withoutLines(notebook([shown({ [LINES_MIME]: table }), shown(data, ...tags)])).cells[1]!.outputs,
  );
const PART = { "text/plain": "な ん で" };

test("the table of lines is left out", () =>
  assert.deepEqual(withoutLines(notebook([shown({ [LINES_MIME]: table })])).cells[0]!.outputs, []));

test("a cell without the tag that shows a line of the table is left out", () => {
  const words = left({ "text/html": "<td>なんでやねん！</td>" });
  assert.match(words, /left out/);
  assert.doesNotMatch(words, /やねん/);
});

test("a line whose words are marked is left out", () =>
  assert.match(
    left({ "text/html": "<td>なん<mark title='+1'><em>でやねん</em></mark>！</td>" }),
    /left out/,
  ));

test("a line between signs that are no markup is left out", () =>
  assert.match(left({ "text/plain": "1 < なんでやねん！ > 0" }), /left out/));

test("what says itself that it shows lines is left out, whole lines or not", () => {
  const words = left({ ...PART, [DATA_MIME]: true });
  assert.match(words, /left out/);
  assert.doesNotMatch(words, /な ん で/);
});

test("a part of a line is left out by the tag alone", () => {
  assert.match(left(PART), /な ん で/);
  assert.doesNotMatch(left(PART, "lines"), /な ん で/);
});

test("a notebook that names no lines is told apart: nothing but its reader can say what it shows", () => {
  assert.deepEqual(
    [[shown({ "text/plain": "x" })], [shown({ [LINES_MIME]: table })], [code("", "lines")]].map((own) =>
      namesItsLines(notebook(own)),
    ),
    [false, true, true],
  );
});
