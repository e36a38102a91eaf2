/**
 * What komalab reads in an .ipynb file, and the few conventions that let a notebook speak to the report:
 *
 * - the file is `notebooks/NN-name.ipynb`; its title is the first `# ` heading;
 * - a paragraph that starts with `**Question.**` asks in English, one that starts with `**問い。**` in Japanese;
 * - the answer depends on the results, so a cell shows it: an output of the type ANSWER_MIME whose value is an `Answer`;
 * - a chart output may carry `metadata.komalab` = `FigureNote`: its caption, and whether it is the picture on the index page;
 * - the cell tagged `parameters` declares settings, `let epochs = 100; // as in the paper` (see parameters.ts);
 *   the notebook's metadata `komalab.quick` = { epochs: 2 } are the settings of a quick run.
 */
import { readFileSync } from "node:fs";

/** The same words in English and Japanese. */
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}

/** The answer to a notebook's question; `short` is the number or word that a reader remembers ("last + linear: .81"). */
export interface Answer extends Bilingual {
  readonly short?: string;
}

export interface FigureNote {
  readonly caption?: Bilingual;
  /** What a reader who cannot see the chart should know; without it the output's text/plain. */
  readonly alt?: string;
  /** The picture of the index page; without any, the notebook's first chart. */
  readonly key?: boolean;
}

export const ANSWER_MIME = "application/vnd.komalab.answer+json";
export const VEGALITE_MIME = "application/vnd.vegalite.v5+json";

export type Setting = number | string | boolean | null | readonly Setting[] | { readonly [name: string]: Setting };
export type Settings = Readonly<Record<string, Setting>>;

/** Text of a notebook file: one string or its lines. */
export type Source = string | readonly string[];

export interface Output {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: "stdout" | "stderr";
  readonly text?: Source;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: { readonly komalab?: FigureNote };
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

export interface Cell {
  readonly id?: string;
  readonly cell_type: "markdown" | "code" | "raw";
  readonly source: Source;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly komalab?: { readonly quick?: Settings } };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** One string, whichever way the file holds it. */
export function textOf(source: unknown): string {
  return Array.isArray(source) ? source.join("") : String(source ?? "");
}

/** Reads a notebook of format 4. @throws Error naming the file if it is no such notebook. */
export function readNotebook(path: string): Notebook {
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(readFileSync(path, "utf8")) as Partial<Notebook>;
  } catch (error) {
    throw new Error(`${path}: not a notebook (${(error as Error).message})`);
  }
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new Error(`${path}: nbformat ${notebook.nbformat ?? "missing"}, expected 4: open and save it in JupyterLab`);
  return notebook as Notebook;
}

/** True if the cell carries `tag`. */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/** A chart of a notebook, as the index page shows it. */
export interface Figure {
  readonly png: string;
  readonly alt: string;
  readonly caption?: Bilingual;
}

/** The words and the picture by which the index page presents a notebook; what the notebook does not say is undefined. */
export interface Summary {
  readonly title: string;
  readonly question: Partial<Bilingual>;
  readonly answer?: Answer;
  readonly figure?: Figure;
}

/** The note that belongs to a chart output. */
export function figureNote(output: Output): FigureNote {
  return output.metadata?.komalab ?? {};
}

/** The words for who cannot see a chart: its note's, else its specification's, else its text. */
export function altText(output: Output): string {
  const spec = output.data?.[VEGALITE_MIME] as { readonly description?: string } | undefined;
  return figureNote(output).alt ?? spec?.description ?? (textOf(output.data?.["text/plain"]).trim() || "chart");
}

/** The base64 data of a picture, without line ends. */
export function pngOf(output: Output): string {
  return textOf(output.data?.["image/png"]).replace(/\s/g, "");
}

/** What the first cell says to the report: the pattern of a marked paragraph, up to an empty line or the next bold word. */
function marked(mark: string): RegExp {
  return new RegExp(`^\\*\\*${mark}[.。:：]?\\*\\*[.。:：]?([^]*?)(?=\\n\\s*\\n|\\n\\*\\*|$(?![^]))`, "m");
}

const TITLE = /^#\s+(.+)$/m;
const QUESTION = { en: marked("Question"), ja: marked("問い") } as const;

/** Markdown without title and question, which a page shows at its top. */
export function withoutOpening(markdown: string): string {
  return [TITLE, QUESTION.en, QUESTION.ja].reduce((text, pattern) => text.replace(pattern, ""), markdown);
}

/** Collects title, question, answer and key figure; a later answer replaces an earlier one. */
export function summarise(notebook: Notebook, fallbackTitle: string): Summary {
  const prose = notebook.cells.filter((cell) => cell.cell_type === "markdown").map((cell) => textOf(cell.source)).join("\n\n");
  const found = (pattern: RegExp): string | undefined => pattern.exec(prose)?.[1]?.replace(/\s*\n\s*/g, " ").trim();
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  const charts = outputs.filter((output) => output.data?.["image/png"] !== undefined);
  const key = charts.find((output) => figureNote(output).key) ?? charts[0];
  return {
    title: found(TITLE) ?? fallbackTitle,
    question: { en: found(QUESTION.en), ja: found(QUESTION.ja) },
    answer: outputs.map((output) => output.data?.[ANSWER_MIME] as Answer | undefined).filter(Boolean).at(-1),
    figure: key && { png: pngOf(key), alt: altText(key), caption: figureNote(key).caption },
  };
}
