/** An executed notebook as one HTML page: words, tables and charts in the open, code folded. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import MarkdownIt from "markdown-it";
import { type Translate, translator } from "../japanese";
import {
  ANSWER_MIME,
  bothTitles,
  type Cell,
  type Failure,
  hasTag,
  LINES_MIME,
  type Notebook,
  type Output,
  type Resolved,
  type Summary,
  summarise,
  textOf,
  VEGALITE_MIME,
  withoutOpening,
} from "../notebook";
import { Html, html } from "./html";
import { bilingual, japaneseChart, type Language, markLanguages, parted, translated } from "./languages";
import { renderPage } from "./page";

const PICTURES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};

/** Where % begins no letter it stands for itself. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/**
 * The picture that a notebook's markdown names, as a data URL; what lies in a network or nowhere is
 * undefined.
 */
function pictureData(source: string, attachments: Cell["attachments"], folder: string): string | undefined {
  const attached = source.startsWith("attachment:") && attachments?.[decoded(source.slice(11))];
  if (attached) return Object.entries(attached).map(([type, data]) => `data:${type};base64,${data}`)[0];
  if (source.startsWith("data:")) return source;
  const path = resolve(folder, decoded(source));
  const type = PICTURES[extname(path).toLowerCase()];
  if (!type || /^\w+:/.test(source) || !existsSync(path) || !statSync(path).isFile()) return undefined;
  return `data:${type};base64,${readFileSync(path).toString("base64")}`;
}

/** Markdown as HTML; HTML in it is shown as text, links to other notebooks lead to their pages. */
export function renderMarkdown(
  source: string,
  { attachments }: Pick<Cell, "attachments">,
  folder: string,
): Html {
  const markdown = new MarkdownIt({ html: false });
  markLanguages(markdown);
  markdown.renderer.rules.image = (tokens, index) => {
    const { content, attrs } = tokens[index]!;
    const address = String(new Map(attrs ?? []).get("src") ?? "");
    const data = pictureData(address, attachments, folder);
    return (
      data ? html`<img src="${data}" alt="${content}">` : html`<a href="${address}">${content || address}</a>`
    ).text;
  };
  markdown.core.ruler.push("notebook links", ({ tokens }) => {
    for (const token of tokens
      .flatMap(({ children }) => children ?? [])
      .filter(({ type }) => type === "link_open"))
      token.attrSet(
        "href",
        String(token.attrGet("href") ?? "").replace(/^(?:\.\/)?([^:/]+)\.ipynb(?=$|#)/, "$1.html"),
      );
  });
  return new Html(
    markdown.render(source).replaceAll("<table>", `${TABLE}<table>`).replaceAll("</table>", "</table></div>"),
  );
}

/** What a wide table scrolls in; the keyboard reaches it too. */
const TABLE = '<div class="table" tabindex="0">';

/** Text of a terminal without its colours. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").trimEnd();
}

/** HTML that does not lead the page elsewhere (<meta http-equiv="refresh">), which no policy forbids. */
const staying = (markup: string): string => markup.replace(/<(?=meta\b)/gi, "&lt;");

/** Marks long names of rows, which break into many lines beside columns that cannot (page.css has room). */
const withRoom = (markup: string): string =>
  markup.replace(/<th scope="row"(?=[^>]*>[^<]{25})/g, '$& class="long"');

/** JSON that no `</script>` in it can end. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

interface Spec {
  readonly description?: string;
  readonly data?: unknown;
}

/** A picture with its caption; in `chart`, the drawing program finds the specification that replaces it. */
export function renderFigure(
  { data = {}, metadata = {} }: Output,
  {
    chart,
    picture = true,
    translate = translator(),
  }: { readonly chart: boolean; readonly picture?: boolean; readonly translate?: Translate },
): Html {
  const spec = chart ? (data[VEGALITE_MIME] as Spec | undefined) : undefined;
  const { caption } = metadata.komalab ?? {};
  const { alt = textOf(spec?.description ?? data["text/plain"]), width } = metadata["image/png"] ?? {};
  const [type, bytes] =
    data["image/png"] !== undefined
      ? ["png", textOf(data["image/png"]).replace(/\s/g, "")]
      : ["svg+xml", Buffer.from(textOf(data["image/svg+xml"])).toString("base64")];
  return html`<figure${spec && html` class="chart" data-alt="${alt}"`}>
${bytes !== "" && (picture || !spec) && html`<img src="data:image/${type};base64,${bytes}" alt="${alt}"${width !== undefined && html` width="${width}"`}>`}
${spec && new Html(`<script type="application/json">${json(spec)}</script>`)}
${spec && new Html(`<script type="application/json" class="japanese">${json({ ...japaneseChart(spec, translate), data: undefined })}</script>`)}
${caption && html`<figcaption>${bilingual(caption)}</figcaption>`}
</figure>\n`;
}

interface Look {
  /** The folder from which the notebook's markdown names pictures. */
  readonly folder: string;
  /** False leaves the picture of a chart out that a program draws. */
  readonly pictures?: boolean;
  readonly translate?: Translate;
}

/** One output, by the richest form that the page can show. */
function renderOutput(output: Output, cell: Cell, { folder, pictures = true, translate }: Look): Html {
  if (output.output_type === "stream") {
    const text = plain(textOf(output.text));
    return text ? html`<pre class="${output.name ?? "stdout"}">${text}</pre>\n` : html``;
  }
  if (output.output_type === "error") {
    const lines = plain(output.traceback?.join("\n") || `${output.ename}: ${output.evalue}`);
    return html`<div class="box failure"><pre>${lines}</pre></div>\n`;
  }
  const { data = {} } = output;
  if (data[ANSWER_MIME] !== undefined) return html``; // it stands at the top of the page
  if (data[LINES_MIME] !== undefined)
    return new Html(`<script type="application/json" class="lines">${json(data[LINES_MIME])}</script>\n`);
  if ([VEGALITE_MIME, "image/png", "image/svg+xml"].some((type) => data[type] !== undefined))
    return renderFigure(output, { chart: true, picture: pictures, translate });
  if (data["text/html"] !== undefined)
    return html`${new Html(TABLE)}${new Html(withRoom(staying(textOf(data["text/html"]))))}</div>\n`;
  if (data["text/markdown"] !== undefined) return renderMarkdown(textOf(data["text/markdown"]), cell, folder);
  return data["text/plain"] === undefined ? html`` : html`<pre>${plain(textOf(data["text/plain"]))}</pre>\n`;
}

function renderCell(cell: Cell, look: Look): Html {
  const source = textOf(cell.source).trim();
  if (cell.cell_type === "markdown") return renderMarkdown(withoutOpening(source), cell, look.folder);
  if (cell.cell_type === "raw" || source === "") return html``;
  const lines = source.split("\n").length;
  const failed = cell.outputs?.some(({ output_type }) => output_type === "error");
  const name = hasTag(cell, "parameters")
    ? "Settings in the notebook"
    : hasTag(cell, "injected-parameters")
      ? "Settings of this run"
      : "Code";
  const summary = `${name} · ${lines} ${lines === 1 ? "line" : "lines"}`;
  return html`<details class="code"${failed && html` open`}><summary>${summary}</summary><pre><code>${source}</code></pre></details>
${(cell.outputs ?? []).map((output) => renderOutput(output, cell, look))}`;
}

/** The settings that are not the notebook's own, as a table; nothing if there are none. */
export function renderSettings(settings: readonly Resolved[]): Html {
  const changed = settings.filter(({ from }) => from !== "notebook");
  if (changed.length === 0) return html`<p class="quiet">Ran with the notebook's own settings.</p>`;
  const row = ({ name, value, own, from, reason }: Resolved): Html =>
    html`<tr><td><code>${name}</code></td><td>${value}</td><td>${own}</td><td>${from}</td><td>${reason}</td></tr>`;
  const title = changed.some(({ from }) => from === "quick")
    ? { en: "Quick run", ja: "短縮版" }
    : { en: "Settings of this run", ja: "今回の設定" };
  const headings = ["setting", "this run", "the notebook's own", "from", "why the notebook's own"];
  return html`<details><summary>${bilingual({
    en: `${title.en}: ${changed.map(({ name, value, own }) => `${name} ${value} instead of ${own}`).join(", ")}`,
    ja: `${title.ja}: ${changed.map(({ name, value, own }) => `${name} = ${value}（本来は ${own}）`).join("、")}`,
  })}</summary>
${new Html(TABLE)}<table><thead><tr>${headings.map((heading) => html`<th>${heading}</th>`)}</tr></thead>
<tbody>${changed.map(row)}</tbody></table></div></details>`;
}

/** Marks what came of the quick settings: fewer seeds and epochs, to see that everything works. */
export const quickBadge = (settings: readonly Resolved[]): Html =>
  settings.some(({ from }) => from === "quick")
    ? html` <span class="state quick">${bilingual({ en: "quick run", ja: "短縮版" })}</span>`
    : html``;

/** Question and answer as both pages show them. */
export function renderWords({ question, answer }: Summary, settings: readonly Resolved[]): Html {
  const asked = (question.en ?? question.ja) !== undefined;
  return html`${asked && html`<div class="box"><h2>${bilingual({ en: "Question", ja: "問い" })}</h2>${bilingual(question, "p")}</div>`}
${
  answer &&
  html`<div class="box answer"><h2>${bilingual({ en: "Answer", ja: "答え" })}${quickBadge(settings)}</h2>
${answer.short ? html`<p class="short">${answer.short}</p>` : undefined}${answer.scale && html`<p class="facts">${answer.scale}</p>`}${bilingual(answer, "p")}</div>\n`
}`;
}

/** Where and with what a notebook failed, in words. */
export function renderFailure({ cell, ename, evalue, traceback }: Failure): Html {
  const place =
    cell === null ? "after the last cell" : cell === 0 ? "before its first cell" : `in code cell ${cell}`;
  const trace = plain(traceback.join("\n"));
  return html`<div class="box failure"><p><strong>Failed ${place}.</strong> ${ename}: ${evalue}</p>
${trace !== "" && html`<details><summary>Trace</summary><pre>${trace}</pre></details>`}</div>`;
}

interface RenderOptions extends Look {
  readonly name: string;
  readonly settings: readonly Resolved[];
  readonly failure: Failure | undefined;
  /** Words such as "2026-11-22 · 3.2 minutes". */
  readonly facts: string;
  /** The file beside it in which its model can be tried. */
  readonly demo?: string;
}

// Patterns of a page end where another of their kind begins: of many that nothing closes, each would else be
// looked for up to the page's end.

/** Sections of a page with an id each, and the links to them; none where there are few. */
function withContents(main: Html): { readonly contents: Html; readonly main: Html } {
  const headings: Html[] = [];
  const text = main.text.replace(/<h2>\s*((?:(?!<h2>).)*?)<\/h2>/gs, (_, words: string) => {
    const id = `section-${headings.length + 1}`;
    headings.push(new Html(`<li><a href="#${id}">${words.replace(/<\/?a\b[^<>]*>/g, "")}</a></li>`));
    return `<h2 id="${id}">${words}</h2>`;
  });
  if (headings.length < 3) return { contents: html``, main };
  return {
    contents: html`<nav class="contents quiet" aria-label="Contents 目次"><ol>${headings}</ol></nav>`,
    main: new Html(text),
  };
}

/** A page without what stands around it, which others share. */
export interface Part {
  /** Of its file, without .html. */
  readonly name: string;
  readonly title: string;
  readonly body: Html;
  /** The one in which it is; without it, both are in it. */
  readonly language?: Language;
}

/** A title in its languages. */
export const renderTitle = (title: string): Html => html`${bilingual(bothTitles(title) ?? { en: title })}`;

/** What is said in one paragraph in both languages. */
export const renderRemark = (remark: string): Html => bilingual(parted(remark) ?? { en: remark });

/** The link to a notebook's demo, which lies beside the page. */
export const renderDemo = (file: string, size?: string): Html =>
  html`<p class="demo"><a href="${file}">${bilingual({ en: "Try its model with a line of your own", ja: "このモデルを自分の文で試してみる" })}</a>${size && ` (${size})`}</p>`;

/** The body of an executed notebook's page. */
export function notebookPart(
  notebook: Notebook,
  { name, settings, failure, facts, demo, ...given }: RenderOptions,
): Part {
  const summary = summarise(notebook, name),
    translate = translator(notebook.metadata.komalab?.japanese),
    look = { ...given, translate };
  const { contents, main } = withContents(html`${notebook.cells.map((cell) => renderCell(cell, look))}`);
  const body = html`<nav class="quiet" aria-label="Report 報告"><a href="index.html">← ${bilingual({ en: "all notebooks", ja: "すべてのノート" })}</a></nav>
<main><h1>${renderTitle(summary.title)}</h1><p class="facts">${facts}</p>${demo !== undefined && renderDemo(demo)}${renderSettings(settings)}
${failure && renderFailure(failure)}
${renderWords(summary, settings)}
${contents}
${main}</main>`;
  return { name, title: summary.title, body: translated(body, translate) };
}

/** A title in one of its languages. */
export const titleIn = (title: string, language: Language): string => bothTitles(title)?.[language] ?? title;

/**
 * Several pages as one file, the first of them shown first: links between them lead to parts of it, and links
 * to files that are not in it are plain words.
 */
export function mailPage(title: string, parts: readonly Part[], language: Language = "ja"): string {
  const names = new Set(parts.map(({ name }) => name));
  const linked = ({ name: own, body: { text } }: Part): Html =>
    new Html(
      text
        .replace(/<span class="files">(?:(?!<span).)*?<\/span>|<p class="demo">(?:(?!<p\b).)*?<\/p>/gs, "")
        .replace(/(id="|href="#)(?=section-)/g, `$1${own}-`)
        .replace(/<a href="([^"]*)">((?:(?!<a ).)*?)<\/a>/gs, (whole, address: string, words: string) => {
          const [, name] = /^([^/:#]+)\.html(?:#.*)?$/.exec(address) ?? [];
          if (name !== undefined && names.has(name)) return `<a href="#${name}">${words}</a>`;
          return /^(?:\w+:|#)/.test(address) ? whole : words;
        }),
    );
  const body = html`${parts.map((part) => html`<section data-page="${part.name}" id="${part.name}">${linked(part)}</section>\n`)}`;
  return renderPage({ title, body, language });
}
