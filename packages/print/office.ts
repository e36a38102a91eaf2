/** Pages → DOCX, PPTX and LaTeX through pandoc. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { columnsOf } from "../../lib/support/width";
import { type Drawn, drawPng } from "../chart-picture";
import { Html, html, type Language, type Part } from "../page";
import { pythonProgram } from "../python-package";
import { pandoc } from "./pandoc";
import { type DrawChart, drawnFor, onPaper } from "./paper";
import { chartPdf } from "./pdf";
import { withColumnWidths } from "./widths";

/** One slide: what was found, and its picture. */
export interface Slide {
  readonly title: string;
  /** Where all is too much for a slide, this is in its notes alone. */
  readonly question?: string;
  /** The answer in a few words. */
  readonly key?: string;
  /** Paragraphs. */
  readonly answer: readonly string[];
  readonly chart?: Drawn;
}

const document = (title: string, body: string, language: Language = "ja"): string =>
  html`<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title></head><body>${new Html(body)}</body></html>`
    .text;

/** The first heading is the document's title, which none shall say twice. */
function titled(title: string, { text }: Html, language?: Language): string {
  const [heading = "", words = title] = /<h1\b[^<>]*>(.*?)<\/h1>/s.exec(text) ?? [];
  return document(words.replace(/<[^<>]*>/g, ""), withColumnWidths(text.replace(heading, "")), language);
}

/** A chart in the document itself. */
const inDocument: DrawChart = async (spec, alt) =>
  `<img src="data:image/png;base64,${(await drawPng(spec)).toString("base64")}" alt="${alt}">`;

/** Charts as files beside the document, each by the function that draws one. */
function intoFiles(folder: string, ending: string, draw: (spec: Drawn) => Promise<Buffer>): DrawChart {
  let count = 0;
  return async (spec, alt) => {
    const name = `figure-${++count}.${ending}`;
    writeFileSync(join(folder, name), await draw(spec));
    return `<img src="${name}" alt="${alt}">`;
  };
}

/** Pictures that stand in a page as files beside it. */
function picturesIntoFiles(text: string, folder: string): string {
  let count = 0;
  return text.replace(
    /<img src="data:image\/(\w+)(?:\+xml)?;base64,([^"]*)"/g,
    (_, type: string, data: string) => {
      const name = `picture-${++count}.${type}`;
      writeFileSync(join(folder, name), Buffer.from(data, "base64"));
      return `<img src="${name}"`;
    },
  );
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

const run = promisify(execFile);

/** The option that names how a document looks. */
async function look(kind: "docx" | "pptx", folder: string): Promise<string> {
  const [plain, own] = ["plain", "reference"].map((name) => join(folder, `${name}.${kind}`)) as [
    string,
    string,
  ];
  await pandoc(["-o", plain, "--print-default-data-file", `reference.${kind}`], folder);
  await run(pythonProgram(), [join(__dirname, "reference.py"), plain, own]);
  return `--reference-doc=${own}`;
}

/** What a notebook's output names, a picture or a frame, is no reason to read a file or to ask a network. */
const SANDBOX = "--sandbox";
const FROM = ["--from=html-native_divs-native_spans", SANDBOX];

/** A Word document. */
export const writeDocx = (title: string, parts: readonly Part[], file: string): Promise<void> =>
  aside(async (folder) => {
    const body = await onPaper(parts, inDocument);
    writeFileSync(join(folder, "page.html"), titled(title, body, parts[0]?.language));
    await pandoc(
      [
        ...FROM,
        "page.html",
        `--metadata=lang:${parts[0]?.language ?? "ja"}`,
        await look("docx", folder),
        "-o",
        file,
      ],
      folder,
    );
  });

/** What fits on a slide beside a picture, in letters of half width. */
const SLIDE = 560;

const paragraphs = ({ question, key, answer }: Slide): Html => html`${question && html`<p>${question}</p>`}
${key && html`<p><strong>${key}</strong></p>`}${answer.map((one) => html`<p>${one}</p>`)}`;

/** The slide, without its question where there is no room for it. */
function fitting(slide: Slide): Slide {
  const { question = "", key = "", answer } = slide;
  const size = [question, key, ...answer].reduce((sum, one) => sum + columnsOf(one) + 20, 0);
  return size <= SLIDE ? slide : { ...slide, question: undefined };
}

/** Slides, one an answer. */
export const writePptx = (title: string, slides: readonly Slide[], file: string): Promise<void> =>
  aside(async (folder) => {
    const made: Html[] = [];
    for (const slide of slides) {
      const picture = slide.chart && (await drawnFor(slide.title, () => inDocument(slide.chart!, "")));
      const text = paragraphs(fitting(slide));
      made.push(
        html`<h2>${slide.title}</h2>${
          picture === undefined
            ? text
            : html`<div class="columns"><div class="column">${text}</div><div class="column"><p>${new Html(picture)}</p></div></div>`
        }<div class="notes">${paragraphs(slide)}</div>`,
      );
    }
    writeFileSync(join(folder, "page.html"), document(title, html`${made}`.text));
    const reference = await look("pptx", folder);
    await pandoc(
      ["--from=html", SANDBOX, "page.html", "--slide-level=2", "--metadata=lang:ja", reference, "-o", file],
      folder,
    );
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
  writeFileSync(
    page,
    picturesIntoFiles(titled(title, await onPaper(parts, draw), parts[0]?.language), folder),
  );
  const variables = [
    "documentclass=ltjsarticle",
    "geometry=a4paper,margin=20mm",
    "graphics=true",
    // the widths of columns are those of small print
    "header-includes=\\AddToHook{env/longtable/begin}{\\footnotesize}",
    // a minus sign is as wide as Latin letters, not as Japanese ones
    'header-includes=\\ltjdefcharrange{9}{"2212}\\ltjsetparameter{jacharrange={-9}}',
  ];
  await pandoc(
    [
      ...FROM,
      "page.html",
      "--standalone",
      "--to=latex",
      ...variables.flatMap((one) => ["-V", one]),
      "-o",
      "report.tex",
    ],
    folder,
  ).finally(() => rmSync(page, { force: true }));
}
