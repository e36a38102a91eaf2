/**
 * Settings into a notebook, by papermill's convention: the cell tagged `parameters` declares them,
 *
 *     let epochs = 100;                       // as in the paper
 *     let mode: "all" | "last" = "all";       // a type that says what is allowed
 *
 * and a report puts a cell tagged `injected-parameters` after it that assigns other values. Names and types
 * are checked by TypeScript itself, against this one cell (it imports the types it names), before anything
 * runs.
 */
import { join } from "node:path";
import ts from "typescript";
import type { Cell, Notebook, Setting } from "../show/notebook";
import { hasTag, textOf } from "../show/notebook";
import { projectRoot } from "../support/files";
import { nearest } from "../support/nearest";

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

export interface Request {
  readonly name: string;
  readonly notebook: Notebook;
}

/**
 * One wish for one parameter, with the values that it may mean, the likeliest first, each on its line of the
 * draft.
 */
interface Wish {
  readonly name: string;
  readonly from: "quick" | "--set";
  readonly said: string;
  readonly candidates: readonly { readonly value: string; readonly start: number; readonly end: number }[];
}

/**
 * A parameters cell followed by every value that somebody wishes: a line without an error holds a value that
 * fits.
 */
interface Draft {
  readonly name: string;
  readonly text: string;
  readonly codeLength: number;
  readonly wishes: readonly Wish[];
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  lib: ["lib.es2022.d.ts"],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

/** What a word of the command line may mean: 3 or "3"; a,b also as a list. */
function meanings(text: string): Setting[] {
  const one = (word: string): Setting => {
    try {
      return JSON.parse(word) as Setting;
    } catch {
      return word;
    }
  };
  const words = text.split(",").map((word) => word.trim());
  return [one(text), text, words.map(one), words];
}

/** Splits `name=value`. @throws Error if there is no `=` or no name */
function splitSet(text: string): { readonly name: string; readonly value: string } {
  const match = /^\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*=([\s\S]*)$/u.exec(text);
  if (!match) throw new Error(`--set ${text}: expected name=value, for instance --set epochs=3`);
  return { name: match[1]!, value: match[2]!.trim() };
}

/** The code of the one cell tagged `parameters`, or "". */
function parametersCode({ name, notebook }: Request): string {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
  if (cells.length > 1)
    throw new Error(`${name}: ${cells.length} cells are tagged "parameters"; leave the tag on one`);
  return cells[0] ? textOf(cells[0].source) : "";
}

/** The `let` statements at the top level of a parsed cell. */
function declarations(file: ts.SourceFile): ts.VariableDeclaration[] {
  return file.statements
    .filter(ts.isVariableStatement)
    .filter((statement) => statement.declarationList.flags & ts.NodeFlags.Let)
    .flatMap((statement) => [...statement.declarationList.declarations])
    .filter((declaration) => ts.isIdentifier(declaration.name));
}

/** The names of a notebook's parameters. */
export function parameterNames(request: Request): string[] {
  return declarations(
    ts.createSourceFile("parameters.ts", parametersCode(request), ts.ScriptTarget.ES2022, true),
  ).map((one) => one.name.getText());
}

/** The comment at the end of the line, or the ones above the statement. */
function reasonOf(declaration: ts.VariableDeclaration, text: string): string {
  const statement = declaration.parent.parent;
  const ranges =
    ts.getTrailingCommentRanges(text, statement.end) ?? ts.getLeadingCommentRanges(text, statement.pos) ?? [];
  return ranges
    .map((range) => text.slice(range.pos, range.end).replace(/^\/[/*]\s*|\s*\*\/$/g, ""))
    .join(" ");
}

/** Type-checks texts that exist only in memory, as if they lay in the project's root. */
function checkTexts(texts: readonly string[]): {
  readonly files: readonly ts.SourceFile[];
  readonly program: ts.Program;
} {
  const paths = texts.map((_, index) => join(projectRoot, `parameters-${index}.ts`).replaceAll("\\", "/"));
  const memory = new Map(texts.map((text, index) => [paths[index]!, text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => memory.has(path) || fileExists(path);
  host.readFile = (path) => memory.get(path) ?? readFile(path);
  host.getSourceFile = (path, options, ...rest) =>
    memory.has(path)
      ? ts.createSourceFile(path, memory.get(path)!, options, true)
      : getSourceFile(path, options, ...rest);
  const program = ts.createProgram(paths, OPTIONS, host);
  return { files: paths.map((path) => program.getSourceFile(path)!), program };
}

/** A list of the parameters of the notebooks, for messages. */
function known(name: string, parameters: readonly Resolved[]): string {
  const rows = parameters.map((p) => `    ${p.name}: ${p.type} = ${p.own}${p.reason && `  (${p.reason})`}`);
  return [
    `  ${name} knows`,
    ...(rows.length > 0 ? rows : ['    no parameters (no cell tagged "parameters")']),
  ].join("\n");
}

function draft(request: Request, quick: boolean, sets: readonly ReturnType<typeof splitSet>[]): Draft {
  const code = parametersCode(request);
  const names = parameterNames(request);
  let text = `${code}\n;export {};\n`;
  const wish = (name: string, from: Wish["from"], said: string, values: readonly Setting[]): Wish => ({
    name,
    from,
    said,
    candidates: values.map((meaning) => {
      const [start, value] = [text.length, JSON.stringify(meaning)];
      text += `${name} = ${value};\n`;
      return { value, start, end: text.length };
    }),
  });
  const fast = Object.entries(quick ? (request.notebook.metadata.komalab?.quick ?? {}) : {});
  const wishes = [
    ...fast.map(([name, value]) =>
      wish(name, "quick", `"quick": ${name} = ${JSON.stringify(value)}`, [value]),
    ),
    ...sets
      .filter(({ name }) => names.includes(name))
      .map(({ name, value }) => wish(name, "--set", `--set ${name}=${value}`, meanings(value))),
  ];
  return { name: request.name, text, codeLength: code.length, wishes };
}

/** The parameters of a notebook with the values that fit; what does not is told to `complain`. */
function judge(
  { name, text, codeLength, wishes }: Draft,
  {
    file,
    program,
    complain,
  }: {
    readonly file: ts.SourceFile;
    readonly program: ts.Program;
    readonly complain: (words: string) => void;
  },
): readonly Resolved[] {
  const checker = program.getTypeChecker();
  const format = ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.NoTruncation;
  const parameters = declarations(file).map((declaration): Resolved => {
    const own = declaration.initializer?.getText() ?? "undefined";
    const type = checker.typeToString(checker.getTypeAtLocation(declaration.name), declaration, format);
    return {
      name: declaration.name.getText(),
      type,
      value: own,
      own,
      from: "notebook",
      reason: reasonOf(declaration, text),
    };
  });
  const errors = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ start = 0, messageText }) => ({ start, words: ts.flattenDiagnosticMessageText(messageText, " ") }),
  );
  for (const { start, words } of errors.filter((error) => error.start < codeLength)) {
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    complain(
      `${name}, parameters cell, line ${line}: ${words} (the cell must stand alone: import what it names in it)`,
    );
  }
  const chosen = new Map<string, Pick<Resolved, "value" | "from">>();
  for (const { name: parameter, from, said, candidates } of wishes) {
    const faults = candidates.map(({ start, end }) =>
      errors.find((error) => error.start >= start && error.start < end),
    );
    const fits = candidates[faults.indexOf(undefined)];
    if (!parameters.some((one) => one.name === parameter))
      complain(`${name}, ${said}: the notebook has no parameter of that name`);
    else if (fits) chosen.set(parameter, { value: fits.value, from });
    else complain(`${name}, ${said}: ${faults[0]!.words}`);
  }
  return parameters.map((one) => ({ ...one, ...chosen.get(one.name) }));
}

/**
 * Decides with which settings each notebook runs: its own, over them its quick ones, over them those of
 * --set.
 * @param quick whether notebooks run with `metadata.komalab.quick`
 * @param set words of the form name=value; each holds for every notebook that knows the name
 * @returns for each notebook its parameters in the order of its cell
 * @throws Error that lists every unknown name and every value of a wrong type, with the names, types and
 *   values that are known
 */
export function resolveSettings(
  requests: readonly Request[],
  { quick, set }: { readonly quick: boolean; readonly set: readonly string[] },
): readonly (readonly Resolved[])[] {
  const sets = set.map(splitSet);
  const drafts = requests.map((request) => draft(request, quick, sets));
  const { files, program } = checkTexts(drafts.map(({ text }) => text));
  const wrong: string[] = [];
  const resolved = drafts.map((one, index) =>
    judge(one, { file: files[index]!, program, complain: (words) => void wrong.push(words) }),
  );

  const names = [...new Set(resolved.flat().map(({ name }) => name))];
  for (const { name } of sets.filter((one) => !names.includes(one.name))) {
    const near = nearest(name, names);
    wrong.push(
      `--set ${name}: no selected notebook has a parameter of that name${near === undefined ? "" : `; did you mean ${near}?`}`,
    );
  }
  if (wrong.length > 0)
    throw new Error(
      [...wrong, ...requests.map(({ name }, index) => known(name, resolved[index]!))].join("\n"),
    );
  return resolved;
}

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
  const at = cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
  if (lines.length === 0) return { ...notebook, cells };
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
