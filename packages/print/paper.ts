/**
 * Pages as one document for paper and for pandoc: nothing to click on, folded tables written out, code left
 * out, charts drawn.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { type Drawn, drawSvg } from "../chart-picture";
import { Html, html, type Language, type Part, renderPage } from "../page";

const fonts = join(projectRoot, "node_modules", "@expo-google-fonts", "biz-udpgothic");
const NAME = "BIZ UDPGothic";

/**
 * The font of a printed page: TrueType with one letter a glyph, so that what is copied out of a PDF is what
 * was written. (Of the static Noto Sans JP common kanji come back as radicals, of the variable one with
 * spaces.)
 */
export const fontFaces = (): string =>
  (
    [
      ["400Regular/BIZUDPGothic_400Regular.ttf", 400],
      ["700Bold/BIZUDPGothic_700Bold.ttf", 700],
    ] as const
  )
    .map(([file, weight]) => {
      const data = readFileSync(join(fonts, file)).toString("base64");
      return `@font-face{font-family:"${NAME}";font-weight:${weight};src:url(data:font/ttf;base64,${data})}`;
    })
    .join("\n");

const CHART =
  /<figure class="chart" data-alt="([^"]*)">(?:(?!<figure).)*?<script type="application\/json">([^<]*)<\/script>((?:(?!<figure).)*?)<\/figure>/gs;

/** What stands in the place of a chart: its drawing, from its specification. */
export type DrawChart = (spec: Drawn, alt: string) => Promise<string>;

/** What is drawn for a page. @throws with its name what a chart lacks */
export const drawnFor = async <T>(name: string, draw: () => Promise<T>): Promise<T> => {
  try {
    return await draw();
  } catch (error) {
    throw new Error(`${name}: a chart cannot be drawn: ${(error as Error).message}`);
  }
};

/** Charts replaced one after the other. */
async function withCharts(text: string, draw: DrawChart): Promise<string> {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(CHART)) {
    const [whole, alt, spec, rest] = match,
      { index = 0 } = match;
    const drawn = await draw(JSON.parse(spec!) as Drawn, alt!);
    pieces.push(text.slice(at, index), `<figure>${drawn}${rest}</figure>`);
    at = index + whole.length;
  }
  return pieces.join("") + text.slice(at);
}

/** An inline SVG that readers of a tagged PDF are told of; its ids are its own on the page. */
export function inlineSvg(): DrawChart {
  let count = 0;
  return async (spec, alt) => {
    const prefix = `chart${++count}-`;
    const svg = (await drawSvg(spec))
      .replace(/<title>.*?<\/title><desc>.*?<\/desc>/s, "")
      .replace(/\bid="/g, `id="${prefix}`)
      .replace(/url\(#/g, `url(#${prefix}`)
      .replace(/(xlink:)?href="#/g, (whole) => `${whole}${prefix}`);
    return svg.replace('<svg role="img"', `<svg role="img" aria-label="${alt}"`);
  };
}

/** The parts of a document as HTML without what only a screen can do. */
export async function onPaper(parts: readonly Part[], draw: DrawChart): Promise<Html> {
  const names = new Set(parts.map(({ name }) => name));
  const flat = (text: string): string =>
    text
      .replace(
        /<nav\b(?:(?!<nav\b).)*?<\/nav>|<span class="files">(?:(?!<span).)*?<\/span>|<p class="demo">(?:(?!<p\b).)*?<\/p>/gs,
        "",
      )
      .replace(/<h2 id="section-\d+">/g, "<h2>")
      .replace(/<details class="code"(?:(?!<details).)*?<\/details>/gs, "")
      .replace(/<script\b(?:(?!<script\b).)*?<\/script>/gs, "")
      .replace(/<details\b[^<>]*>/g, '<div class="unfolded">')
      .replaceAll("</details>", "</div>")
      .replace(/<summary>((?:(?!<summary>).)*?)<\/summary>/gs, "<p><em>$1</em></p>")
      .replace(/<a href="([^"]*)">((?:(?!<a ).)*?)<\/a>/gs, (whole, address: string, words: string) => {
        const [, name] = /^([^/:#]+)\.html(?:#.*)?$/.exec(address) ?? [];
        if (name !== undefined && names.has(name)) return `<a href="#${name}">${words}</a>`;
        return /^\w+:/.test(address) ? whole : words;
      });
  const sections: Html[] = [];
  for (const { name, body } of parts)
    sections.push(
      html`<section class="part" id="${name}">${new Html(flat(await drawnFor(name, () => withCharts(body.text, draw))))}</section>\n`,
    );
  return html`${sections}`;
}

const STYLE = `
body, code, pre { font-family: "${NAME}"; }
.part + .part { break-before: page; }
h1, h2, h3, caption { break-after: avoid; }
tr, figure, .box { break-inside: avoid; }
thead { display: table-header-group; }
pre { white-space: pre-wrap; }
.unfolded { display: block; }
figure svg { max-width: 100%; height: auto; }
@page { size: A4; margin: 18mm 15mm 20mm; }
`;

/** A whole page for printing, with its font. */
export const paperPage = (title: string, body: Html, language?: Language): string =>
  renderPage({ title, body, language, print: `${fontFaces()}\n${STYLE}` });
