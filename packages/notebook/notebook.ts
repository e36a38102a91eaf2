/** An .ipynb file of format 4, as far as komalab reads it. */

import { readFileSync } from "node:fs";
import { isShallow } from "../../lib/support/depth";
import { shown } from "../../lib/support/printable";
import { isObject } from "../hf-files";

export type Setting =
  | number
  | string
  | boolean
  | null
  | readonly Setting[]
  | { readonly [name: string]: Setting };
export type Settings = Readonly<Record<string, Setting>>;

/** Text of a notebook file: one string or its lines. */
type Source = string | readonly string[];

/** What a page is told of a chart. */
export interface FigureNote {
  /** What a page prints below a chart. */
  readonly caption?: { readonly en: string; readonly ja: string };
  /** Marks the picture of the index page. */
  readonly key?: boolean;
}

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
    /** See conventions.ts. */
    readonly komalab?: {
      readonly quick?: Settings;
      readonly private?: boolean;
      readonly always?: boolean;
      readonly demo?: boolean;
      readonly executed?: string;
      readonly japanese?: Readonly<Record<string, string>>;
    };
  };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** One string, whichever way the file holds it. */
export function textOf(source: unknown): string {
  const lines: readonly unknown[] = Array.isArray(source) ? source : [source];
  return lines.filter((line) => typeof line === "string" || typeof line === "number").join("");
}

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((line) => typeof line === "string");
const isSource = (value: unknown): boolean => typeof value === "string" || areTexts(value);
/** Also true for what is left out. */
const perhaps = (value: unknown, fits: (value: unknown) => boolean): boolean =>
  value === undefined || fits(value);

/** Whether a cell can show it. */
export const isOutput = (value: unknown): value is Output =>
  isObject(value) &&
  typeof value.output_type === "string" &&
  perhaps(value.name, (name) => typeof name === "string") &&
  perhaps(value.text, isSource) &&
  perhaps(value.data, isObject) &&
  perhaps(value.metadata, isObject) &&
  perhaps(value.traceback, areTexts);

/** What is wrong with a cell, if anything is. */
function faultOf(value: unknown): string | undefined {
  if (
    !isObject(value) ||
    typeof value.cell_type !== "string" ||
    !isSource(value.source) ||
    !isObject(value.metadata)
  )
    return "is none (cell_type, source, metadata)";
  if (!perhaps(value.metadata.tags, areTexts)) return `has the tags ${shown(value.metadata.tags)}`;
  if (!perhaps(value.attachments, (all) => isObject(all) && Object.values(all).every(isObject)))
    return `has the attachments ${shown(value.attachments)}`;
  const outputs = value.outputs ?? [];
  if (!Array.isArray(outputs)) return `has the outputs ${shown(outputs)}`;
  const wrong = outputs.findIndex((output) => !isOutput(output));
  return wrong < 0 ? undefined : `has an output ${wrong + 1} that is none: ${shown(outputs[wrong])}`;
}

/** Reads a notebook of format 4. @throws Error naming the file if it is no such notebook. */
export function readNotebook(path: string): Notebook {
  let notebook: Partial<Notebook> | null;
  try {
    notebook = JSON.parse(readFileSync(path, "utf8")) as Partial<Notebook> | null;
  } catch (error) {
    throw new Error(`${path}: not a notebook (${(error as Error).message})`);
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new Error(
      `${path}: nbformat ${shown(notebook?.nbformat ?? "missing")}, expected 4: open and save it in JupyterLab`,
    );
  if (!isShallow(notebook))
    throw new Error(
      `${path}: lists or objects stand in each other, more than a hundred of them: take them out`,
    );
  notebook.cells.forEach((cell: unknown, i) => {
    const fault = faultOf(cell);
    if (fault !== undefined)
      throw new Error(`${path}: cell ${i + 1} ${fault}: open and save it in JupyterLab`);
  });
  if (!isObject(notebook.metadata))
    throw new Error(`${path}: it has no metadata: open and save it in JupyterLab`);
  return notebook as Notebook;
}

/** True if the cell carries `tag`. */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/** The code cells that run: those that are not empty. Failures and complaints count them from 1. */
export function codeCells(notebook: Notebook): readonly Cell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code" && textOf(cell.source).trim() !== "");
}

/** The outputs of all cells, in order. */
export function outputsOf(notebook: Notebook): readonly Output[] {
  return notebook.cells.flatMap((cell) => cell.outputs ?? []);
}
