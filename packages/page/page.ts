/**
 * One self-contained HTML page: style, fonts and scripts inline; a content security policy keeps it from
 * asking any network.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bothTitles } from "../notebook";
import { FONT, fontFaces } from "./fonts";
import { Html, html } from "./html";
import type { Language } from "./languages";

/** The programs that draw charts; vega-lite and vega-embed need the ones before them. */
const CHART_PROGRAMS = [
  "vega/build/vega.min.js",
  "vega-lite/build/vega-lite.min.js",
  "vega-embed/build/vega-embed.min.js",
] as const;

function read(path: string): string {
  return readFileSync(path, "utf8").replace(/\r\n?/g, "\n");
}

/** The inline scripts of a page. */
function scriptsOf({ charts, pages }: { readonly charts: boolean; readonly pages: boolean }): string[] {
  const modules = dirname(dirname(require.resolve("vega/package.json")));
  const own = (name: string) => join(__dirname, name);
  const programs = [
    ...(charts ? CHART_PROGRAMS.map((path) => join(modules, path)) : []),
    own("language.js"),
    own("copies.js"),
    ...(charts || pages ? [own("lines.js"), own("charts.js")] : []),
    ...(pages ? [own("mail.js")] : []),
  ];
  return programs.map((path) => inline(read(path)));
}

/** The choice between both, each under its own name. */
const languages = (chosen: Language): Html =>
  html`<nav class="languages" aria-label="言語 Language">${(
    [
      ["ja", "日本語"],
      ["en", "English"],
    ] as const
  ).map(
    ([language, name]) =>
      html`<button type="button" lang="${language}" data-language="${language}" aria-pressed="${String(language === chosen)}">${name}</button>`,
  )}</nav>`;

/** A program of a page's own that computes with WebAssembly, and what it reads. */
export interface PageProgram {
  readonly style: string;
  readonly code: string;
  /** Values and bytes (as letters), by the ids of the elements that hold them. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Readonly<Record<string, string>>;
}

/** Scripts without their source maps, which would be asked for over the network. */
const inline = (code: string): string =>
  code.replace(/^\/\/# sourceMappingURL=.*$/gm, "").replaceAll("</script", "<\\/script");

/** What a program reads; a browser runs none of it. */
const holders = ({ json, bytes }: PageProgram): Html =>
  html`${Object.entries(json).map(
    ([id, value]) =>
      html`<script type="application/json" id="${id}">${new Html(JSON.stringify(value).replaceAll("<", "\\u003c"))}</script>\n`,
  )}${Object.entries(bytes).map(
    ([id, letters]) =>
      html`<script type="application/gzip;base64" id="${id}">${new Html(letters)}</script>\n`,
  )}`;

/**
 * The programs that draw charts, 0.8 MB, are in it where it has some.
 * @returns the text of the page; only the scripts named here may run in it, whatever an output contains
 */
export function renderPage({
  title,
  body,
  language = "ja",
  print,
  program,
}: {
  /** "Data / データ": in both languages. */
  readonly title: string;
  readonly body: Html;
  /** In which it opens, or is, where it is said in one alone. */
  readonly language?: Language;
  /** Style and fonts of a page for paper, in the place of the inline fonts; nothing runs in it. */
  readonly print?: string;
  /** Of this page alone; its policy allows WebAssembly. */
  readonly program?: PageProgram;
}): string {
  const pages = body.text.includes("<section data-page="),
    charts = body.text.includes('<figure class="chart"');
  const several = body.text.includes(" data-in="),
    names = bothTitles(title);
  const runs = print === undefined && (several || charts || pages || body.text.includes("<table"));
  const scripts = [...(runs ? scriptsOf({ charts, pages }) : []), ...(program ? [inline(program.code)] : [])];
  const hashes = scripts
    .map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`)
    .join(" ");
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src ${hashes || "'none'"}${program ? " 'wasm-unsafe-eval'" : ""}`;
  const style = read(join(__dirname, "page.css")).replaceAll("$FONT", FONT);
  return html`<!DOCTYPE html>
<html lang="${language}"${names && html` data-title-en="${names.en}" data-title-ja="${names.ja}"`}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${names?.[language] ?? title}</title>
<style>
${new Html(style)}
${program && new Html(program.style)}
${new Html(print ?? fontFaces(title + body.text + (program?.code ?? "")))}
</style>
</head>
<body>
${several && runs && languages(language)}
${body}
${program && holders(program)}
${scripts.map((script) => new Html(`<script>${script}</script>\n`))}</body>
</html>
`.text;
}
