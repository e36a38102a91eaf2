/** Whether a page is wholly in one language: what the committed notebooks say, and what is known of it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { readNotebook, textOf } from "../../notebook";
import { renderMarkdown } from "../../page";
import { translator } from "..";
import { phrasesOf } from "./phrases";

const folder = join(projectRoot, "notebooks");
const notebooks = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => ({ name, notebook: readNotebook(join(folder, name)) }));

for (const { name, notebook } of notebooks)
  test(`${name}: every phrase of its outputs is known in Japanese`, () => {
    const translate = translator(notebook.metadata.komalab?.japanese);
    const unknown = phrasesOf(notebook)
      .filter(({ kind, text }) => kind !== "name" && kind !== "data" && translate(text) === undefined)
      .map(({ kind, text }) => `${kind}: ${text}`);
    assert.deepEqual(unknown, []);
  });

/** Blocks of a cell in each language. */
const blocks = (html: string, language: string) =>
  html.match(new RegExp(`<(?:p|ul|ol|blockquote)[^>]* data-in="${language}"`, "g"))?.length ?? 0;

for (const { name, notebook } of notebooks)
  test(`${name}: every block of its prose is in both languages`, () => {
    const alone = notebook.cells
      .filter((cell) => cell.cell_type === "markdown")
      .flatMap((cell) => {
        const { text } = renderMarkdown(textOf(cell.source), cell, folder);
        const isProse = /<(?:p|ul|ol|blockquote)\b/.test(text);
        return isProse && (blocks(text, "en") === 0 || blocks(text, "en") !== blocks(text, "ja"))
          ? [textOf(cell.source)]
          : [];
      });
    assert.deepEqual(alone, []);
  });
