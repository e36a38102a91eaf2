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
        summary: { title: "A", question: {}, answer: { en: "It is.", ja: "そうです。" } },
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
