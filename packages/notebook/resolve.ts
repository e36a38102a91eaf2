/**
 * Decides with which settings notebooks run. Names and types are checked by TypeScript itself, against the
 * parameters cell alone (it imports the types it names).
 */
import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../lib/support/files";
import { nearest } from "../../lib/support/nearest";
import { hasTag, type Setting, textOf } from "./notebook";
import type { Asked, Request, Resolved } from "./parameters";

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

/** The code of the one cell tagged `parameters`, or "". @throws Error if there are two */
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

/**
 * A parameters cell followed by every value that is asked for, each in a statement of its own: one without an
 * error holds a value that fits.
 */
function withOverrides(
  request: Request,
  { quick, sets }: { readonly quick: boolean; readonly sets: readonly ReturnType<typeof splitSet>[] },
) {
  const code = parametersCode(request);
  const parsed = ts.createSourceFile("parameters.ts", code, ts.ScriptTarget.ES2022, true);
  const names = declarations(parsed).map((one) => one.name.getText());
  const asked = [
    ...Object.entries(quick ? (request.notebook.metadata.komalab?.quick ?? {}) : {}).map(([name, value]) => ({
      name,
      from: "quick" as const,
      said: `"quick": ${name} = ${JSON.stringify(value)}`,
      values: [value],
    })),
    ...sets
      .filter(({ name }) => names.includes(name))
      .map(({ name, value }) => ({
        name,
        from: "--set" as const,
        said: `--set ${name}=${value}`,
        values: meanings(value),
      })),
  ];
  let text = `${code}\n;export {};\n`;
  const overrides = asked.map(({ values, ...override }) => ({
    ...override,
    /** The likeliest first. */
    candidates: values.map((one) => {
      const [start, value] = [text.length, JSON.stringify(one)];
      text += `${override.name} = ${value};\n`;
      return { value, start, end: text.length };
    }),
  }));
  return { name: request.name, code, text, overrides };
}

/** Type-checks texts that exist only in memory, as if they lay in the project's root. */
function checkTexts(texts: readonly string[]): {
  readonly files: readonly ts.SourceFile[];
  readonly program: ts.Program;
} {
  const paths = texts.map((_, i) => join(projectRoot, `parameters-${i}.ts`).replaceAll("\\", "/"));
  const memory = new Map(texts.map((text, i) => [paths[i]!, text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => memory.has(path) || fileExists(path);
  host.readFile = (path) => memory.get(path) ?? readFile(path);
  const program = ts.createProgram(paths, OPTIONS, host);
  return { files: paths.map((path) => program.getSourceFile(path)!), program };
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

/** The parameters of a notebook with the values that fit, and in words what does not. */
function checked(
  { name, code, text, overrides }: ReturnType<typeof withOverrides>,
  file: ts.SourceFile,
  program: ts.Program,
) {
  const checker = program.getTypeChecker();
  const format = ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.NoTruncation;
  const own = declarations(file).map((declaration): Resolved => {
    const value = declaration.initializer?.getText() ?? "undefined";
    const type = checker.typeToString(checker.getTypeAtLocation(declaration.name), declaration, format);
    const reason = reasonOf(declaration, text);
    return { name: declaration.name.getText(), type, value, own: value, from: "notebook", reason };
  });
  const errors = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ start = 0, messageText }) => ({ start, words: ts.flattenDiagnosticMessageText(messageText, " ") }),
  );
  const wrong = errors
    .filter(({ start }) => start < code.length)
    .map(({ start, words }) => {
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      return `${name}, parameters cell, line ${line}: ${words} (the cell must stand alone: import what it names in it)`;
    });
  const chosen = new Map<string, Pick<Resolved, "value" | "from">>();
  for (const { name: parameter, from, said, candidates } of overrides) {
    const faults = candidates.map(({ start, end }) =>
      errors.find((error) => error.start >= start && error.start < end),
    );
    const fits = candidates[faults.indexOf(undefined)];
    if (!own.some((one) => one.name === parameter))
      wrong.push(`${name}, ${said}: the notebook has no parameter of that name`);
    else if (fits) chosen.set(parameter, { value: fits.value, from });
    else wrong.push(`${name}, ${said}: ${faults[0]!.words}`);
  }
  return { parameters: own.map((one) => ({ ...one, ...chosen.get(one.name) })), wrong };
}

/** A list of the parameters of a notebook, for messages. */
function known(name: string, parameters: readonly Resolved[]): string {
  const rows = parameters.map((p) => `    ${p.name}: ${p.type} = ${p.own}${p.reason && `  (${p.reason})`}`);
  return [
    `  ${name} knows`,
    ...(rows.length > 0 ? rows : ['    no parameters (no cell tagged "parameters")']),
  ].join("\n");
}

/** See resolveSettings of parameters.ts, which loads this file. */
export function resolve(
  requests: readonly Request[],
  { quick, set }: Asked,
): readonly (readonly Resolved[])[] {
  const sets = set.map(splitSet);
  const drafts = requests.map((request) => withOverrides(request, { quick, sets }));
  const { files, program } = checkTexts(drafts.map(({ text }) => text));
  const notebooks = drafts.map((one, i) => checked(one, files[i]!, program));
  const names = [...new Set(notebooks.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  const unknown = sets
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => {
      const near = nearest(name, names);
      return `--set ${name}: no selected notebook has a parameter of that name${near === undefined ? "" : `; did you mean ${near}?`}`;
    });
  const wrong = [...notebooks.flatMap((one) => one.wrong), ...unknown];
  if (wrong.length > 0)
    throw new Error(
      [...wrong, ...requests.map(({ name }, i) => known(name, notebooks[i]!.parameters))].join("\n"),
    );
  return notebooks.map(({ parameters }) => parameters);
}
