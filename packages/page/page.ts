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

/**
 * The inline scripts of a page. Their source maps are left out: they would be asked for over the network.
 */
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
  return programs.map((path) =>
    read(path)
      .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
      .replaceAll("</script", "<\\/script"),
  );
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

/**
 * @param charts whether the page draws charts, which adds 0.8 MB of programs
 * @returns the text of the page; only the scripts named here may run in it, whatever an output contains
 */
export function page({
  title,
  body,
  charts,
  language = "ja",
  print,
}: {
  /** "Data / データ": in both languages. */
  readonly title: string;
  readonly body: Html;
  readonly charts: boolean;
  /** In which it opens, or is, where it is said in one alone. */
  readonly language?: Language;
  /** Style and fonts of a page for paper, in the place of the inline fonts; nothing runs in it. */
  readonly print?: string;
}): string {
  const pages = body.text.includes("<section data-page=");
  const several = body.text.includes(" data-in="),
    names = bothTitles(title);
  const runs = print === undefined && (several || charts || pages || body.text.includes("<table"));
  const scripts = runs ? scriptsOf({ charts, pages }) : [];
  const hashes = scripts
    .map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`)
    .join(" ");
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src ${hashes || "'none'"}`;
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
${new Html(print ?? fontFaces(title + body.text))}
</style>
</head>
<body>
${several && runs && languages(language)}
${body}
${scripts.map((script) => new Html(`<script>${script}</script>\n`))}</body>
</html>
`.text;
}
