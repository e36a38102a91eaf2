/**
 * Settings into a notebook, by papermill's convention: the cell tagged `parameters` declares them,
 *
 *     let epochs = 100;                       // as in the paper
 *     let mode: "all" | "last" = "all";       // a type that says what is allowed
 *
 * and a report puts a cell tagged `injected-parameters` after it that assigns other values. Names and types
 * are checked before anything runs (resolve.ts).
 */
import { type Cell, hasTag, type Notebook, textOf } from "./notebook";

/** A notebook that is to run. */
export interface Request {
  /** Of its file, without ".ipynb". */
  readonly name: string;
  readonly notebook: Notebook;
}

/**
 * A setting as it will run; `value` and `own`, the notebook's own value, are TypeScript, `reason` is the
 * comment beside it.
 */
export interface Resolved {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly own: string;
  readonly from: "notebook" | "quick" | "--set";
  readonly reason: string;
}

/** Which settings are asked for besides the notebooks' own. */
export interface Asked {
  /** Whether notebooks run with `metadata.komalab.quick`. */
  readonly quick: boolean;
  /** Words of the form name=value; each holds for every notebook that knows the name. */
  readonly set: readonly string[];
}

/** For each notebook its parameters in the order of its cell. */
type Resolve = (requests: readonly Request[], asked: Asked) => readonly (readonly Resolved[])[];

/**
 * Decides with which settings each notebook runs: its own, over them its quick ones, over them those of
 * --set.
 * @throws Error that lists every unknown name and every value of a wrong type, with the names, types and
 *   values that are known
 */
export const resolveSettings: Resolve = (...args) => {
  // Loaded here, and by a path that the kernel's compiler does not follow: no notebook waits for TypeScript.
  const { resolve } = require("./resolve") as { readonly resolve: Resolve };
  return resolve(...args);
};

/**
 * The notebook with a cell after its parameters that assigns the values which are not its own; an older such
 * cell goes.
 */
export function inject(notebook: Notebook, settings: readonly Resolved[]): Notebook {
  const lines = settings
    .filter(({ from }) => from !== "notebook")
    .map(
      ({ name, value, from, own }) =>
        `  ${name} = ${value}; // ${from}; the notebook's own: ${own.replace(/\s+/g, " ")}`,
    );
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  if (lines.length === 0) return { ...notebook, cells };
  const at = cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
  const cell: Cell = {
    id: "injected-parameters",
    cell_type: "code",
    source: `{\n${lines.join("\n")}\n}`, // a block shows no value
    metadata: { tags: ["injected-parameters"] },
    outputs: [],
    execution_count: null,
  };
  return { ...notebook, cells: [...cells.slice(0, at + 1), cell, ...cells.slice(at + 1)] };
}

/** The settings that `inject` has put into a notebook: those with which it ran that are not its own. */
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
