/** A module's exports as a page: what each is, how it is called, options, what it throws, an example. */
import ts from "typescript";
import { type Field, fieldsOf, namedIn, optionsOf, short } from "./fields";

export interface Documented {
  readonly name: string;
  /** Whether it is there when the code runs. */
  readonly kind: "value" | "type";
  /** Where it is declared. */
  readonly file: string;
  readonly at: number;
  /** Paragraphs of the docstring without its example. */
  readonly words: string;
  /** As TypeScript writes it; of a type its literals, if it is a union of them. */
  readonly signature?: string;
  readonly throws: readonly string[];
  /** The docstring's indented block, as it stands there. */
  readonly example?: string;
  /** Of a type its fields, inherited ones too. */
  readonly fields: readonly Field[];
  /** Of a function whose last parameter, after others, is an object of a type with a name. */
  readonly options?: {
    readonly parameter: string;
    readonly type: string;
    /** Fields of the type that this function does not take. */
    readonly without: readonly string[];
    readonly fields: readonly Field[];
  };
}

const INDENT = "    ";
const inOneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** A docstring's words and its example, which is what is indented by four spaces. */
function partsOf(text: string): { readonly words: string; readonly example?: string } {
  const lines = text.split("\n"),
    isCode = (line: string) => line.startsWith(INDENT);
  const code = lines.filter(isCode).map((line) => line.slice(INDENT.length));
  const words = lines
    .filter((line) => !isCode(line))
    .join("\n")
    .split(/\n{2,}/)
    .map(inOneLine)
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
  return { words, ...(code.length > 0 && { example: code.join("\n") }) };
}

const parametersOf = (declaration: ts.Declaration): readonly ts.ParameterDeclaration[] | undefined => {
  const made = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  return made && (ts.isFunctionDeclaration(made) || ts.isArrowFunction(made)) ? made.parameters : undefined;
};

/** A parameter's name; of one that is taken apart, its type's. */
function calledOf({ name, type }: ts.ParameterDeclaration): string {
  const called = ts.isObjectBindingPattern(name)
    ? (type
        ?.getText()
        .replace(/^(?:Pick|Omit|Partial)</, "")
        .replace(/\W.*/s, "") ?? "options")
    : name.getText();
  return called.charAt(0).toLowerCase() + called.slice(1);
}

const signatureOf = (name: string, parameters: readonly ts.ParameterDeclaration[]): string =>
  `${name}(${parameters.map((one) => `${calledOf(one)}${one.initializer || one.questionToken ? "?" : ""}`).join(", ")})`;

/**
 * What a module exports, in the order of its statements, and then the types that options name and it does not
 * export.
 * @param entry path of the module
 * @throws if it is no module that TypeScript can read
 */
export function documented(entry: string): Documented[] {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    strict: true,
    skipLibCheck: true,
    noResolve: false,
  });
  const checker = program.getTypeChecker(),
    source = program.getSourceFile(entry),
    module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} is no module that can be read`);
  const describe = (symbol: ts.Symbol, name: string): Documented => {
    const [declaration] = symbol.declarations ?? [];
    const throws = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "throws")
      .map(({ text }) => inOneLine(ts.displayPartsToString(text)));
    const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
    const type = isValue ? undefined : checker.getDeclaredTypeOfSymbol(symbol);
    const parameters = declaration && parametersOf(declaration),
      last = parameters && parameters.length > 1 ? parameters[parameters.length - 1] : undefined,
      options = last && optionsOf(checker, last);
    return {
      name,
      kind: isValue ? "value" : "type",
      file: declaration?.getSourceFile().fileName ?? "",
      at: declaration?.pos ?? 0,
      ...partsOf(ts.displayPartsToString(symbol.getDocumentationComment(checker))),
      ...(parameters && { signature: signatureOf(name, parameters) }),
      ...(type?.isUnion() && { signature: short(checker, type, true) }),
      throws,
      fields: type ? fieldsOf(checker, type) : [],
      ...(last && options && { options: { ...options, parameter: calledOf(last) } }),
    };
  };
  const symbols = checker.getExportsOfModule(module).map((one) => ({
    name: one.name,
    symbol: one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one,
  }));
  const all = symbols.map(({ name, symbol }) => describe(symbol, name));
  const taken = new Set(all.flatMap(({ options }) => options?.type ?? []));
  const named = symbols
    .flatMap(({ symbol }) => parametersOf(symbol.declarations![0])?.slice(-1) ?? [])
    .filter((parameter) => taken.has(optionsOf(checker, parameter)?.type ?? ""))
    .flatMap((parameter) => namedIn(checker, parameter))
    .filter(({ name }) => !taken.has(name) && !all.some((one) => one.name === name));
  return [...all, ...[...new Set(named)].map((symbol) => describe(symbol, symbol.name))];
}

const linkTo = (name: string) => `[${name}](#${name.toLowerCase()})`;

/** A list; fields without words stand together in a last line. */
function list(fields: readonly Field[], isKnown: (name: string) => boolean): string {
  const head = ({ name, isOptional, type, names }: Field) =>
    `\`${name}${isOptional ? "?" : ""}: ${type}\`${names
      .filter(isKnown)
      .map((one) => ` (${linkTo(one)})`)
      .join("")}`;
  const [told, bare] = [true, false].map((is) => fields.filter(({ words }) => (words !== "") === is));
  return [
    ...told.map((one) => `- ${head(one)}: ${one.words}`),
    ...(bare.length > 0 ? [`- ${bare.map(head).join(", ")}`] : []),
  ].join("\n");
}

/**
 * The page, in Markdown. Fields of options stand below the first function that takes them all, or in a part
 * of their type.
 * @param title with what stands below it
 */
export function page(title: string, all: readonly Documented[]): string {
  const names = new Set(all.map(({ name }) => name)),
    isKnown = (name: string) => names.has(name);
  const optionsIn = ({ name, options }: Documented): readonly string[] => {
    if (!options) return [];
    const { parameter, type, without, fields } = options;
    const takers = all.filter((one) => one.options?.type === type),
      first = (takers.find((one) => one.options?.without.length === 0) ?? takers[0]).name;
    if (!isKnown(type) && first === name) return [`Fields of \`${parameter}\`:`, list(fields, isKnown)];
    const but = without.length > 0 ? `, without ${without.map((one) => `\`${one}\``).join(", ")}` : "";
    return [
      isKnown(type)
        ? `Fields of \`${parameter}\`: ${linkTo(type)}${but}`
        : `Fields of \`${parameter}\`: those of ${linkTo(first)}${but}`,
    ];
  };
  const parts = all.map((one) =>
    [
      `## ${one.name}`,
      ...(one.signature ? [`\`${one.signature}\``] : []),
      ...(one.words === "" ? [] : [one.words]),
      ...(one.fields.length > 0 ? [list(one.fields, isKnown)] : []),
      ...optionsIn(one),
      ...one.throws.map((reason) => `Throws ${reason}`),
      ...(one.example ? [`\`\`\`ts\n${one.example}\n\`\`\``] : []),
    ].join("\n\n"),
  );
  return `${[title, ...parts].join("\n\n")}\n`;
}
