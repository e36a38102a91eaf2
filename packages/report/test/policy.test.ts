/** What a page may do in the browser of whoever opens it: nothing that an output or a comment brings along. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { demoPage } from "../../demo";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { mailPage, notebookPart, renderPage } from "../../page";
import { onPaper, paperPage } from "../../print/paper";
import { weeklyPart } from "../../weekly";
import { record } from "../../weekly/test/sample";
import { renderIndex } from "../index-page";

const HOSTILE =
  '<base href="https://example.invalid/"><form action="https://example.invalid/"><script>alert(1)</script><MEta http-equiv="refresh" content="0; url=https://example.invalid/">';
const shown = notebook([
  markdown(`# 01 ${HOSTILE}\n\n**Question.** ${HOSTILE}`),
  {
    ...code("show();"),
    outputs: [
      { output_type: "display_data", data: { "text/html": `<table>${HOSTILE}</table>` }, metadata: {} },
    ],
  },
]);
const look = { name: "01", folder: ".", settings: [], failure: undefined, facts: HOSTILE };
const part = notebookPart(shown, look);
const weekly = weeklyPart({
  record: record(),
  comments: {
    path: "weekly.md",
    sections: { summary: HOSTILE, progress: "", results: "", plans: "", machine: "" },
    others: [],
    notebooks: new Map(),
    plans: [],
    references: [],
  },
  plans: { plans: [], withdrawn: [], kept: [] },
  troubles: [],
  english: true,
  folder: ".",
});
const entry = {
  name: "01",
  state: "ok",
  summary: { title: HOSTILE, question: {} },
  settings: [],
  size: 1,
} as const;

/** The one that computes: its own WebAssembly may run in it too. */
const DEMO = "the demo";
const forms: Readonly<Record<string, () => Promise<string> | string>> = {
  "a notebook's page": () => renderPage(part),
  "the index": () => renderIndex({ date: HOSTILE, command: HOSTILE, commit: "", entries: [entry] }),
  "the weekly report": async () => renderPage(await weekly),
  "the mail": async () => mailPage(HOSTILE, [await weekly, part]),
  [DEMO]: () =>
    demoPage({
      ...{ title: HOSTILE, remark: HOSTILE, examples: [HOSTILE], isPrivate: false, bytes: {} },
      about: [{ en: HOSTILE, ja: HOSTILE }],
      contents: { tokenizer: { pieces: [HOSTILE] }, classes: [{ en: HOSTILE, ja: HOSTILE }] } as never,
    }),
  "the page for paper": async () => paperPage(HOSTILE, await onPaper([part], async () => "")),
};
for (const [name, form] of Object.entries(forms))
  test(`${name} asks no network, sends no form, moves no address and runs its own scripts alone`, async () => {
    const page = await form(),
      [head, body] = page.split("</head>") as [string, string];
    assert.doesNotMatch(body, /<meta/i);
    const policies = [...head.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
    assert.equal(policies.length, 1);
    const rules = new Map(
      policies[0]![1]!
        .replaceAll("&#39;", "'")
        .split("; ")
        .map((rule) => rule.split(/ (.*)/, 2) as [string, string]),
    );
    for (const key of ["default-src", "base-uri", "form-action"]) assert.equal(rules.get(key), "'none'", key);
    assert.deepEqual([rules.get("img-src"), rules.get("font-src")], ["data:", "data:"]);
    const scripts =
      name === DEMO
        ? /^('sha256-[\w+/=]+' )+'wasm-unsafe-eval'$/
        : /^'none'$|^'sha256-[\w+/=]+'( 'sha256-[\w+/=]+')*$/;
    assert.match(rules.get("script-src")!, scripts);
    assert.match(
      head,
      /^<!DOCTYPE html>\n<html lang="\w\w"[^>]*>\n<head>\n<meta charset="utf-8">\n<meta http-equiv="C/,
    );
  });
