/**
 * What a reader of a notebook's page sees of its outputs in English words: what the dictionary is to know.
 * What is said in both languages already is left out: answers, captions of charts, the list of all answers.
 */
import { unescapeHtml } from "../../../lib/support/html";
import { isObject } from "../../hf-files";
import {
  ANSWER_MIME,
  type Answer,
  LINES_MIME,
  type Notebook,
  outputsOf,
  textOf,
  VEGALITE_MIME,
} from "../../notebook";

/**
 * - of an answer `short` and `scale`;
 * - of tables `caption`, `heading`, `row` (the first cell of a row), `cell`, `note`, `summary` and `item`;
 * - of charts `title`, `subtitle`, `axis` (also of a legend or a panel), `mark` (a text in the drawing),
 *   `label` (a value that names a bar, a line or a panel), `tooltip` (the name of a field) and `description`;
 * - of lists in Markdown `key` (their bold beginning) and `finding`, and `prose`, other Markdown;
 * - `printed`: a line of console.log;
 * - `name` and `data`, which stay as they are: systems; texts, tensors, facts of a machine.
 */
export type Kind =
  | "short"
  | "scale"
  | "caption"
  | "heading"
  | "row"
  | "cell"
  | "note"
  | "summary"
  | "item"
  | "title"
  | "subtitle"
  | "axis"
  | "mark"
  | "label"
  | "tooltip"
  | "description"
  | "key"
  | "finding"
  | "prose"
  | "printed"
  | "name"
  | "data";

export interface Phrase {
  readonly kind: Kind;
  /** Of HTML what stands between two tags, on one line, its entities decoded. */
  readonly text: string;
}

/** The texts of some markup, each between two tags, as a page translates them; code is none. */
const textsOf = (markup: string): string[] =>
  markup
    .split(/<code>.*?<\/code>|<[^>]*>/s)
    .map((text) => unescapeHtml(text).replace(/\s+/g, " ").trim())
    .filter((text) => text !== "");

/** Headings of columns whose cells are names. */
const NAMING_COLUMNS = new Set(["system", "against", "read by", "one", "other"]);

/** Headings of columns whose cells are data. */
const DATA_COLUMNS = new Set([
  ...["id", "text", "line", "before", "found", "its tensors in the lowest layer"],
  ...["word", "pieces", "marks", "nearest training lines"],
  ...["stories", "setting", "its value", "setting or function"],
]);

/** Rows of the table that walks from a text to its numbers. */
const DATA_ROWS = new Set(["text", "words", "pieces", "read before"]);

function* ofTable(markup: string): Generator<Phrase> {
  function* all(kind: Kind, inner: string): Generator<Phrase> {
    for (const text of textsOf(inner)) yield { kind, text };
  }
  for (const [, caption] of markup.matchAll(/<caption[^>]*>(.*?)<\/caption>/gs))
    yield* all("caption", caption!);
  const headings = [...markup.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/gs)].map(([, inner]) => inner!);
  for (const inner of headings) yield* all("heading", inner);
  const [, body = ""] = /<tbody>(.*)<\/tbody>/s.exec(markup) ?? [];
  for (const [, row] of body.matchAll(/<tr>(.*?)<\/tr>/gs)) {
    const cells = [...row!.matchAll(/<(th|td)[^>]*>(.*?)<\/\1>/gs)].map(([, , inner]) => inner!);
    const walked = headings.join() === "step,value" && DATA_ROWS.has(cells[0]!),
      parts = ["found", "what to do"].some((heading) => headings.includes(heading));
    for (const [column, inner] of cells.entries()) {
      const heading = headings[column] ?? "";
      const kind = NAMING_COLUMNS.has(heading)
        ? "name"
        : DATA_COLUMNS.has(heading) || (column === 0 ? parts : walked)
          ? "data"
          : column === 0
            ? "row"
            : "cell";
      yield* all(kind, inner);
    }
  }
}

function* ofHtml(markup: string): Generator<Phrase> {
  for (const [table] of markup.matchAll(/<table>.*?<\/table>/gs)) yield* ofTable(table);
  const around = markup.replace(/<table>.*?<\/table>/gs, "");
  const runs = around.includes("<li><code>"); // of a list of runs the paragraphs are names of folders
  for (const [, tag, inner] of around.matchAll(/<(p|summary|li|div)\b[^>]*>(.*?)<\/\1>/gs)) {
    const kind = tag === "li" ? "item" : tag === "summary" ? "summary" : runs ? "data" : "note";
    for (const text of textsOf(inner!)) yield { kind, text };
  }
}

/** A Japanese sentence, not only a Japanese name. */
const SENTENCE = /[ぁ-ん].*。/;

function* ofMarkdown(markdown: string): Generator<Phrase> {
  if (SENTENCE.test(markdown)) return;
  for (const line of markdown.split("\n")) {
    const [, key, rest] = /^- \*\*(.+?):\*\* (.*)$/.exec(line) ?? [];
    if (key !== undefined && rest !== undefined) {
      yield { kind: "key", text: key };
      yield { kind: "finding", text: rest };
    } else if (line.startsWith("- ")) yield { kind: "finding", text: line.slice(2) };
    else yield { kind: "prose", text: line.trim() };
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Every row that a chart draws. */
function rowsOf(part: unknown): readonly Row[] {
  if (Array.isArray(part)) return part.flatMap(rowsOf);
  if (!isObject(part)) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name !== "data" || !isObject(value) || !Array.isArray(value.values)
      ? rowsOf(value)
      : (value.values as readonly unknown[]).filter(isObject),
  );
}

/** Text of a specification: one string or its lines. */
const lineOf = (text: unknown): string => (Array.isArray(text) ? text.join(" ") : textOf(text));

/** What one encoding shows by the values of its field. */
function* ofEncoding(channel: string, { field, type, title }: Row, rows: readonly Row[]): Generator<Phrase> {
  if (typeof field !== "string") return;
  if (channel === "tooltip") yield { kind: "tooltip", text: lineOf(title ?? field) };
  else if (channel === "text" || type === "nominal" || type === "ordinal") {
    const kind = channel === "text" ? "mark" : field === "system" ? "name" : "label";
    for (const { [field]: value } of rows) if (typeof value === "string") yield { kind, text: value };
  }
}

/** The parts of a specification, outermost first. */
function* ofChart(part: unknown, rows: readonly Row[]): Generator<Phrase> {
  if (Array.isArray(part)) for (const one of part) yield* ofChart(one, rows);
  if (!isObject(part)) return;
  for (const [name, value] of Object.entries(part)) {
    if (["config", "data", "usermeta", "params"].includes(name)) continue;
    if (name === "title" && isObject(value) && "text" in value) {
      yield { kind: "title", text: lineOf(value.text) };
      if (value.subtitle !== undefined) yield { kind: "subtitle", text: lineOf(value.subtitle) };
    } else if (name === "title") yield { kind: "axis", text: lineOf(value ?? "") };
    else if (name === "description") yield { kind: "description", text: lineOf(value) };
    else {
      for (const one of [value].flat()) if (isObject(one)) yield* ofEncoding(name, one, rows);
      if (name === "text")
        yield { kind: "mark", text: lineOf(isObject(value) ? (value.value ?? "") : value) };
      else if (name !== "tooltip") yield* ofChart(value, rows);
    }
  }
}

function* ofOutputs(notebook: Notebook): Generator<Phrase> {
  for (const { output_type, text, data = {} } of outputsOf(notebook)) {
    if (output_type === "error" || data[LINES_MIME] !== undefined) continue;
    if (data[ANSWER_MIME] !== undefined) {
      const { short, scale } = data[ANSWER_MIME] as Answer;
      yield { kind: "short", text: short ?? "" };
      yield { kind: "scale", text: scale ?? "" };
    } else if (data[VEGALITE_MIME] !== undefined)
      yield* ofChart(data[VEGALITE_MIME], rowsOf(data[VEGALITE_MIME]));
    else if (data["text/html"] !== undefined) yield* ofHtml(textOf(data["text/html"]));
    else if (data["text/markdown"] !== undefined) yield* ofMarkdown(textOf(data["text/markdown"]));
    else
      for (const line of textOf(text ?? data["text/plain"]).split("\n"))
        yield { kind: "printed", text: line.trim() };
  }
}

/** Whether a text has English words: two letters in a row. */
const isEnglish = ({ text }: Phrase): boolean => /[A-Za-z]{2}/.test(text);

/** Every English phrase of a notebook's outputs, each kind's once, in their order. */
export function phrasesOf(notebook: Notebook): readonly Phrase[] {
  const all = [...ofOutputs(notebook)].filter(isEnglish);
  const names = all.filter(({ kind }) => kind === "name").map(({ text }) => text);
  /** Also the beginning of one: "BERT fixed" of "BERT fixed, n = 3". */
  const isName = (text: string) => names.some((name) => name === text || name.startsWith(`${text}, `));
  const named = all.map(
    ({ kind, text }): Phrase =>
      ["heading", "row", "cell", "label"].includes(kind) && isName(text)
        ? { kind: "name", text }
        : { kind, text },
  );
  return [...new Map(named.map((phrase) => [`${phrase.kind}\n${phrase.text}`, phrase])).values()];
}
