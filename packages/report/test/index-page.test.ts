import assert from "node:assert/strict";
import { test } from "node:test";
import { renderIndex } from "../index-page";

test("the index tells state, minutes, settings, size and why a notebook failed", () => {
  const settings = [
    { name: "epochs", type: "number", value: "2", own: "100", from: "quick", reason: "as in the paper" },
  ] as const;
  const failure = { cell: 3, ename: "RangeError", evalue: "<x>", traceback: [] };
  const page = renderIndex({
    date: "2026-11-22",
    command: "npm run report",
    commit: "abc",
    entries: [
      {
        name: "01-a",
        state: "ok",
        summary: {
          title: "A",
          question: {},
          answer: { en: "It is.", ja: "そうです。", short: "F1 .39", scale: "always negative 0" },
        },
        settings,
        minutes: 2.51,
        how: "executed today",
        size: 1_234_567,
      },
      {
        name: "02-b",
        state: "failed",
        summary: { title: "B", question: {} },
        settings: [],
        minutes: 0.5,
        failure,
        size: 2000,
      },
    ],
  });
  for (const words of [
    "executed today",
    "(1.2 MB)",
    "Quick run: epochs 2 instead of 100",
    "as in the paper",
    "そうです。",
    "1 of 2 did not finish",
    "code cell 3",
    "RangeError: &lt;x&gt;",
    "3.0 min",
    "02-b.ipynb",
  ])
    assert.ok(page.includes(words), words);
});

test("the index opens with all answers and what they are to be measured by, quick ones marked, 00 last", () => {
  const quick = [{ name: "seeds", type: "number", value: "2", own: "6", from: "quick", reason: "" }] as const;
  const entry = (name: string, settings: readonly (typeof quick)[number][] = []) => ({
    name,
    state: "ok" as const,
    summary: {
      title: `${name} / 題`,
      question: {},
      answer: { en: "Yes.", ja: "はい。", short: `short ${name}`, scale: `scale ${name}` },
    },
    settings,
    size: 2000,
  });
  const page = renderIndex({
    date: "2026-11-22",
    command: "npm run report",
    commit: "",
    entries: [entry("00-environment"), entry("01-a", quick)],
  });
  const table = page.slice(page.indexOf('class="answers"'), page.indexOf("</table>"));
  const order = ["short 01-a", "quick run", "scale 01-a", "short 00-environment", "scale 00"];
  const places = order.map((words) => table.indexOf(words));
  assert.ok(
    places.every((place) => place > 0),
    table,
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.equal(table.split("quick run").length, 2);
});

test("the index counts the notebooks that are shown as they are committed, and marks them", () => {
  const entry = { state: "ok" as const, settings: [], minutes: 1, size: 1000 };
  const summary = { title: "A", question: {} };
  const page = renderIndex({
    ...{ date: "2026-11-22", command: "npm run report", commit: "" },
    entries: [
      { ...entry, name: "01-a", summary, committed: true },
      { ...entry, name: "02-b", summary },
    ],
  });
  assert.match(page, /2 notebooks, 1 of them as committed/);
  assert.equal(page.split('class="state"><span lang="en" data-in="en">as committed').length - 1, 1);
});
