/** Pages → PDF through Chromium: A4, bookmarks from headings, page numbers, tags, text to be searched. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { drawSvg } from "../chart-picture";
import { html, type Part } from "../page";
import { type DrawChart, fontFaces, inlineSvg, onPaper, paperPage } from "./paper";

/** One a browser: a Chromium of a single process ends with its first page. */
const pages = new WeakMap<Browser, Page>();

/** Opens a page from the disk, where it may be of any size. */
async function withPage<T>(browser: Browser, text: string, work: (page: Page) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "komalab-print-"));
  const page = pages.get(browser) ?? (await browser.newPage());
  pages.set(browser, page);
  try {
    const file = join(folder, "page.html");
    writeFileSync(file, text);
    await page.goto(pathToFileURL(file).href);
    await page.evaluate("document.fonts.ready.then(() => undefined)");
    return await work(page);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A document of several parts, each beginning on a page of its own. */
export async function printPdf(browser: Browser, title: string, parts: readonly Part[]): Promise<Buffer> {
  const text = paperPage(title, await onPaper(parts, inlineSvg()), parts[0]?.language);
  const footer = html`<div style="font: 7pt BIZ UDPGothic, sans-serif; width: 100%; padding: 0 15mm; color: #5f6773; display: flex; justify-content: space-between"><span>${title}</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`;
  return withPage(browser, text, (page) =>
    page.pdf({
      format: "A4",
      preferCSSPageSize: true,
      printBackground: true,
      tagged: true,
      outline: true,
      displayHeaderFooter: true,
      headerTemplate: "<span></span>",
      footerTemplate: footer.text,
    }),
  );
}

/** A chart as a PDF of its own size, its text as text. */
export async function chartPdf(browser: Browser, spec: Parameters<DrawChart>[0]): Promise<Buffer> {
  const svg = await drawSvg(spec);
  const [, width, height] = /<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? ["", "680", "400"];
  const [w, h] = [width!, height!].map((size) => Math.ceil(Number(size)));
  const text = `<!DOCTYPE html><meta charset="utf-8"><style>${fontFaces()}
@page{margin:0;size:${w}px ${h}px}body{margin:0}svg{display:block}</style>${svg}`;
  return withPage(browser, text, (page) =>
    page.pdf({ width: `${w}px`, height: `${h}px`, printBackground: true, pageRanges: "1" }),
  );
}
