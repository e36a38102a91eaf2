/**
 * Executed notebooks, kept beside the reports in `.executed/` by the hash of their inputs (inputs.ts). A file
 * is its own SHA-256 and, on the second line, what it keeps as JSON: a damaged one counts as missing.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isShallow } from "../../lib/support/depth";
import { canonicalJson, sha256, writeBeside } from "../../lib/support/files";
import { isObject } from "../hf-files";
import { type Cell, hasTag, isOutput, type Notebook } from "../notebook";
import type { Inputs } from "./inputs";

/** What the code cells showed, in their order without injected settings. */
interface Executed {
  readonly inputs: Inputs;
  /** ISO 8601. */
  readonly at: string;
  readonly minutes: number;
  readonly cells: readonly Pick<Cell, "outputs" | "execution_count">[];
}

/** How many executions of a notebook are kept. */
const KEPT = 6;

const isKept = (cell: Cell): boolean => cell.cell_type === "code" && !hasTag(cell, "injected-parameters");

/** What an executed notebook shows, to be kept. */
export function shownBy(notebook: Notebook): Executed["cells"] {
  return notebook.cells.filter(isKept).map(({ outputs, execution_count }) => ({ outputs, execution_count }));
}

/**
 * The notebook, its words as they are now, with the outputs given; without any by default. Injected settings,
 * which show nothing, get the count that the cell behind them leaves free.
 */
export function withOutputs(notebook: Notebook, kept: Executed["cells"] = []): Notebook {
  let next = 0;
  const shown = (cell: Cell): Partial<Cell> => {
    if (isKept(cell)) return kept[next++] ?? {};
    const after = kept[next]?.execution_count;
    return typeof after === "number" ? { execution_count: after - 1 } : {};
  };
  return {
    ...notebook,
    cells: notebook.cells.map((cell) =>
      cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null, ...shown(cell) } : cell,
    ),
  };
}

const pathOf = (folder: string, name: string, inputs: Inputs): string =>
  join(folder, `${name}.${sha256(canonicalJson(inputs)).slice(0, 12)}.json`);

const isExecuted = (value: unknown): value is Executed =>
  isObject(value) &&
  isShallow(value) &&
  isObject(value.inputs) &&
  Number.isFinite(Date.parse(String(value.at))) &&
  typeof value.minutes === "number" &&
  Array.isArray(value.cells) &&
  value.cells.every(
    (cell) =>
      isObject(cell) &&
      Array.isArray(cell.outputs ?? []) &&
      ((cell.outputs as unknown[]) ?? []).every(isOutput),
  );

function read(path: string): Executed | undefined {
  try {
    const [mark, text = ""] = readFileSync(path, "utf8").split("\n", 2);
    const value: unknown = mark === sha256(text) ? JSON.parse(text) : undefined;
    return isExecuted(value) ? value : undefined;
  } catch {
    return undefined; // it is not there, or a folder
  }
}

/** The files of a notebook, the newest first. */
function filesOf(folder: string, name: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith(".json"))
    .map((file) => join(folder, file));
  return files
    .flatMap((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found?.isFile() ? { file, time: found.mtimeMs } : [];
    })
    .sort((a, b) => b.time - a.time)
    .map(({ file }) => file);
}

/** The execution of a notebook with these inputs, or in words why there is none. */
export function findExecuted(folder: string, name: string, inputs: Inputs): Executed | string {
  const found = read(pathOf(folder, name, inputs));
  if (found) return found;
  if (existsSync(pathOf(folder, name, inputs))) return "what was kept is damaged";
  const before = filesOf(folder, name)
    .map(read)
    .find((one) => one !== undefined)?.inputs;
  if (!before) return "not executed before";
  const changed = [...new Set([...Object.keys(inputs), ...Object.keys(before)])].filter(
    (part) => inputs[part] !== before[part],
  );
  return `changed: ${changed.join(", ")}`;
}

/** Keeps an execution; the oldest of this notebook go. */
export function keepExecuted(folder: string, name: string, executed: Executed): void {
  const text = JSON.stringify(executed);
  writeBeside(pathOf(folder, name, executed.inputs), `${sha256(text)}\n${text}\n`);
  for (const file of filesOf(folder, name).slice(KEPT)) rmSync(file, { force: true });
}
