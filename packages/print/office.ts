/** Pages → DOCX, PPTX and LaTeX through pandoc. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Drawn, drawPng } from "../chart-picture";
import { Html, html, type Part } from "../page";
import { pandoc } from "./pandoc";
import { type DrawChart, onPaper } from "./paper";
import { chartPdf } from "./pdf";

/** One slide: what was found, and its picture. */
export interface Slide {
  readonly title: string;
  /** Paragraphs. */
  readonly words: readonly string[];
  readonly chart?: Drawn;
}

const document = (title: string, body: Html): string =>
  html`<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`.text;

/** Charts as files beside the document, each by the function that draws one. */
function intoFiles(folder: string, ending: string, draw: (spec: Drawn) => Promise<Buffer>): DrawChart {
  let count = 0;
  return async (spec, alt) => {
    const name = `figure-${++count}.${ending}`;
    writeFileSync(join(folder, name), await draw(spec));
    return `<img src="${name}" alt="${alt}">`;
  };
}

/** Work in a folder that is removed after it. */
async function aside<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "komalab-pandoc-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The address of a picture is no reason to ask a network. */
const FROM = ["--from=html-native_divs-native_spans", "--sandbox=false"];

/** A Word document. */
export const writeDocx = (title: string, parts: readonly Part[], file: string): Promise<void> =>
  aside(async (folder) => {
    const body = await onPaper(parts, intoFiles(folder, "png", drawPng));
    writeFileSync(join(folder, "page.html"), document(title, body));
    await pandoc([...FROM, "page.html", "--metadata=lang:ja", "-o", file], folder);
  });

/** Slides, one an answer. */
export const writePptx = (title: string, slides: readonly Slide[], file: string): Promise<void> =>
  aside(async (folder) => {
    const draw = intoFiles(folder, "png", drawPng);
    const made: Html[] = [];
    for (const { title: heading, words, chart } of slides) {
      const picture = chart && (await draw(chart, ""));
      const text = html`${words.map((one) => html`<p>${one}</p>`)}`;
      made.push(
        picture === undefined
          ? html`<h2>${heading}</h2>${text}`
          : html`<h2>${heading}</h2><div class="columns"><div class="column" width="45%">${text}</div><div class="column" width="55%"><p>${new Html(picture)}</p></div></div>`,
      );
    }
    writeFileSync(join(folder, "page.html"), document(title, html`${made}`));
    await pandoc(["--from=html", "page.html", "--slide-level=2", "--metadata=lang:ja", "-o", file], folder);
  });

/**
 * A folder with report.tex for LuaLaTeX with luatexja, and its charts: as PDF through a browser, as PNG where
 * there is none.
 */
export async function writeLatex(
  title: string,
  parts: readonly Part[],
  { folder, browser }: { readonly folder: string; readonly browser: Browser | undefined },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const draw = browser
    ? intoFiles(folder, "pdf", (spec) => chartPdf(browser, spec))
    : intoFiles(folder, "png", drawPng);
  const page = join(folder, "page.html");
  writeFileSync(page, document(title, await onPaper(parts, draw)));
  const variables = ["documentclass=ltjsarticle", "geometry=a4paper,margin=20mm", "graphics=true"];
  await pandoc(
    [
      ...FROM,
      "page.html",
      "--standalone",
      "--to=latex",
      ...variables.flatMap((one) => ["-V", one]),
      "--extract-media=.",
      "-o",
      "report.tex",
    ],
    folder,
  ).finally(() => rmSync(page, { force: true }));
}
