/**
 * What komalab reads in an .ipynb file, and the few conventions that let a notebook speak to the report:
 *
 * - the file is `notebooks/NN-name.ipynb`; its title is the first `# ` heading;
 * - a paragraph that starts with `**Question.**` asks in English, one that starts with `**問い。**` in Japanese;
 * - a remark that belongs to every number (practice data) is the first quotation, `> …`;
 * - the answer depends on the results, so a cell shows it (answer.ts): an output of the type ANSWER_MIME;
 * - a chart (display.ts) has its caption, and whether it is the picture on the index page, in
 *   `metadata.komalab`;
 * - the cell tagged `parameters` declares settings, `let epochs = 100; // as in the paper` (see
 *   report/parameters.ts); the notebook's metadata `komalab.quick` = { epochs: 2 } are the settings of a
 *   quick run;
 * - a cell tagged `lines` shows lines of the data: a private report leaves its outputs out
 *   (report/private.ts), and `komalab.private` = true makes every report of the notebook private;
 * - a report re-uses a notebook whose inputs are unchanged (report/inputs.ts); with `komalab.always` = true
 *   it is executed in every report, after the others, because it shows what they say (answers.ts).
 */
import { readFileSync } from "node:fs";
import type { StoredAnswer } from "./answer";
import type { FigureNote } from "./display";

export const ANSWER_MIME = "application/vnd.komalab.answer+json";
export const VEGALITE_MIME = "application/vnd.vegalite.v5+json";

export type Setting =
  | number
  | string
  | boolean
  | null
  | readonly Setting[]
  | { readonly [name: string]: Setting };
export type Settings = Readonly<Record<string, Setting>>;

/** Text of a notebook file: one string or its lines. */
export type Source = string | readonly string[];

export interface Output {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: "stdout" | "stderr";
  readonly text?: Source;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: {
    readonly komalab?: FigureNote;
    readonly "image/png"?: { readonly width?: number; readonly alt?: string };
  };
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
  /** Pictures of a markdown cell: name → MIME type → base64. */
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: {
    readonly komalab?: { readonly quick?: Settings; readonly private?: boolean; readonly always?: boolean };
  };
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
    throw new Error(
      `${path}: nbformat ${notebook.nbformat ?? "missing"}, expected 4: open and save it in JupyterLab`,
    );
  return notebook as Notebook;
}

/** True if the cell carries `tag`. */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/**
 * The settings with which a notebook was executed where they are not its own, as report/parameters.ts put
 * them in.
 */
export function settingsOf(
  notebook: Notebook,
): readonly { readonly name: string; readonly value: string; readonly from: string }[] {
  const code = notebook.cells
    .filter((cell) => hasTag(cell, "injected-parameters"))
    .map(({ source }) => textOf(source))
    .join("\n");
  return [...code.matchAll(/^ {2}(\S+) = (.*); \/\/ (quick|--set); the notebook's own: /gm)].map(
    ([, name, value, from]) => ({ name: name!, value: value!, from: from! }),
  );
}

/**
 * The words and the picture by which the index page presents a notebook; what the notebook does not say is
 * undefined.
 */
export interface Summary {
  readonly title: string;
  readonly question: { readonly en?: string; readonly ja?: string };
  /** What the first quotation says, for instance that these are practice data. */
  readonly remark?: string;
  readonly answer?: StoredAnswer;
  /** The output that holds the key figure. */
  readonly figure?: Output;
}

/**
 * What the first cell says to the report: the pattern of a marked paragraph, up to an empty line or the next
 * bold word.
 */
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
  const prose = notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .map((cell) => textOf(cell.source))
    .join("\n\n");
  const found = (pattern: RegExp): string | undefined =>
    pattern
      .exec(prose)?.[1]
      ?.replace(/\s*\n\s*/g, " ")
      .trim();
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  const charts = outputs.filter((output) => output.data?.["image/png"] !== undefined);
  return {
    title: found(TITLE) ?? fallbackTitle,
    remark: /^> *(.+(?:\n> *.+)*)/m.exec(prose)?.[1]?.replace(/\n> */g, " ").replaceAll("**", ""),
    question: { en: found(QUESTION.en), ja: found(QUESTION.ja) },
    answer: outputs
      .map((output) => output.data?.[ANSWER_MIME] as StoredAnswer | undefined)
      .filter(Boolean)
      .at(-1),
    figure: charts.find((output) => output.metadata?.komalab?.key) ?? charts[0],
  };
}
