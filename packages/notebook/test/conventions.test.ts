import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MIME, type Cell, classesOf, letters, type Output, summarise, withoutOpening } from "..";
import { code, markdown, notebook } from "./sample";

const display = (data: Output["data"], komalab = {}): Output => ({
  output_type: "display_data",
  data,
  metadata: { komalab },
});
const chart = display({ "image/png": "" });
const answer = display({ [ANSWER_MIME]: { en: "It is.", ja: "そうです。", short: ".80" } });
const executed = (...outputs: readonly Output[]): Cell => ({ ...code("show();"), outputs });

test("title, question and answer are found where a notebook says them", () => {
  const cells = [
    markdown(
      "# Bars\n**Question.** Which\nis easier?\n**問い。** どちらか。\n\n> **Practice data.** Not\n> real.\n\nWords.",
    ),
    executed(chart, answer),
  ];
  const { title, question, remark, answer: found, figure } = summarise(notebook(cells), "01-test");
  assert.deepEqual(
    [title, question, found?.short],
    ["Bars", { en: "Which is easier?", ja: "どちらか。" }, ".80"],
  );
  assert.deepEqual([remark, figure], ["Practice data. Not real.", chart]);
  assert.match(withoutOpening(cells[0]!.source as string).trim(), /^> \*\*Practice/);
});

test("the key figure is the marked one, not the first", () => {
  const marked = display({ "image/png": "" }, { key: true });
  assert.equal(summarise(notebook([executed(chart, marked)]), "").figure, marked);
});

test("classes come back from their letters, also those above nine", () =>
  assert.deepEqual(classesOf(letters([0, 1, 9, 10, 42])), [0, 1, 9, 10, 42]));
