/** A module's exports as a page: what each is, how it is called, what it throws, an example, options. */
import ts from "typescript";

export interface Documented {
  readonly name: string;
  /** Whether it is there when the code runs. */
  readonly kind: "value" | "type";
  /** Where it is declared. */
  readonly file: string;
  readonly at: number;
  /** Paragraphs of the docstring without its example. */
  readonly words: string;
  /** As TypeScript writes it; none of a type. */
  readonly signature?: string;
  readonly throws: readonly string[];
  /** The docstring's indented block, as it stands there. */
  readonly example?: string;
  /** Of an interface: its own properties that have a docstring. */
  readonly properties: readonly { readonly name: string; readonly words: string }[];
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

function signatureOf(declaration: ts.Declaration, name: string): string | undefined {
  const made = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  if (!made || !(ts.isFunctionDeclaration(made) || ts.isArrowFunction(made))) return undefined;
  const parameters = made.parameters.map((parameter) => {
    const pattern = ts.isObjectBindingPattern(parameter.name);
    const called = pattern
      ? (parameter.type
          ?.getText()
          .replace(/^(?:Pick|Omit|Partial)</, "")
          .replace(/\W.*/s, "") ?? "options")
      : parameter.name.getText();
    const first = called.charAt(0).toLowerCase() + called.slice(1);
    return `${first}${parameter.initializer || parameter.questionToken ? "?" : ""}`;
  });
  return `${name}(${parameters.join(", ")})`;
}

/**
 * What a module exports, in the order of its statements.
 * @param entry path of the module
 * @throws if it is no module that TypeScript can read
 */
export function documented(entry: string): Documented[] {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    noResolve: false,
  });
  const checker = program.getTypeChecker(),
    source = program.getSourceFile(entry),
    module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} is no module that can be read`);
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations ?? [];
    const comment = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    const throws = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "throws")
      .map(({ text }) => inOneLine(ts.displayPartsToString(text)));
    const properties =
      declaration && ts.isInterfaceDeclaration(declaration)
        ? declaration.members.flatMap((member) => {
            const own = member.name && checker.getSymbolAtLocation(member.name);
            const words = own ? inOneLine(ts.displayPartsToString(own.getDocumentationComment(checker))) : "";
            return own && words !== "" ? [{ name: own.name, words }] : [];
          })
        : [];
    return {
      name: exported.name,
      kind: symbol.flags & ts.SymbolFlags.Value ? "value" : "type",
      file: declaration?.getSourceFile().fileName ?? "",
      at: declaration?.pos ?? 0,
      ...partsOf(comment),
      signature: declaration && signatureOf(declaration, exported.name),
      throws,
      properties,
    };
  });
}

/** The page, in Markdown. @param title with what stands below it */
export function page(title: string, all: readonly Documented[]): string {
  const parts = all.map(({ name, words, signature, throws, example, properties }) =>
    [
      `## ${name}`,
      ...(signature ? [`\`${signature}\``] : []),
      words,
      ...(properties.length > 0
        ? [properties.map((one) => `- \`${one.name}\`: ${one.words}`).join("\n")]
        : []),
      ...throws.map((reason) => `Throws ${reason}`),
      ...(example ? [`\`\`\`ts\n${example}\n\`\`\``] : []),
    ].join("\n\n"),
  );
  return `${[title, ...parts].join("\n\n")}\n`;
}
