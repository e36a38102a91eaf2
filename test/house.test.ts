/** The rooms of lib and the order in which they may know each other. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../lib/files";
import { readNotebook, textOf } from "../lib/show/notebook";

const lib = join(projectRoot, "lib");
/** From left to right; files of lib itself (files.ts, random.ts …) stand left of all. */
const ROOMS = ["text", "data", "tensor", "models", "evaluate", "train", "runs", "show", "report"];
const FOR_NOTEBOOKS = ["", "text", "data", "models", "train", "evaluate", "runs", "show"];

const files = readdirSync(lib, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .sort();
const roomOf = (file: string): string => (file.includes("/") ? file.split("/")[0]! : "");
const place = (file: string): number => ROOMS.indexOf(roomOf(file));

interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether it is left out when the code runs. */
  readonly typeOnly: boolean;
}

/** What a file of lib imports from lib, also by import(). */
function importsOf(from: string): Import[] {
  const found: { readonly path: string; readonly typeOnly: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
      const names =
        clause?.namedBindings && ts.isNamedImports(clause.namedBindings) && !clause.name
          ? clause.namedBindings.elements
          : [];
      found.push({
        path: node.moduleSpecifier.text,
        typeOnly:
          (clause ?? (node as ts.ExportDeclaration)).isTypeOnly ||
          (names.length > 0 && names.every((one) => one.isTypeOnly)),
      });
    }
    const [path] =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
    if (path && ts.isStringLiteral(path)) found.push({ path: path.text, typeOnly: true }); // loaded later: it closes no circle
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, readFileSync(join(lib, from), "utf8"), ts.ScriptTarget.ES2022));
  const inside = found
    .filter(({ path }) => path.startsWith("."))
    .map((one) => ({ ...one, to: relative(lib, `${resolve(lib, dirname(from), one.path)}.ts`) }));
  return inside
    .filter(({ to }) => existsSync(join(lib, to)))
    .map(({ to, typeOnly }) => ({ from, to, typeOnly }));
}

const imports = files.flatMap(importsOf);

test("a room imports from itself and from rooms to its left alone", () => {
  assert.deepEqual(
    imports.filter(({ from, to }) => place(to) > place(from)).map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test("tensor imports no other room", () => {
  assert.deepEqual(
    imports.filter(({ from, to }) => roomOf(from) === "tensor" && !["tensor", ""].includes(roomOf(to))),
    [],
  );
});

test("no file imports itself by way of others", () => {
  const next = new Map(
    files.map((file) => [
      file,
      imports.filter(({ from, typeOnly }) => from === file && !typeOnly).map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const circle = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const found = circle(to, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) assert.equal(circle(file, [])?.join(" → "), undefined);
});

test("notebooks import from the rooms that are made for them", () => {
  const folder = join(projectRoot, "notebooks");
  const wrong = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .flatMap((name) => {
      const code = readNotebook(join(folder, name))
        .cells.filter((cell) => cell.cell_type === "code")
        .map(({ source }) => textOf(source))
        .join("\n");
      const named = [...code.matchAll(/from "\.\/lib\/([^"]+)"/g)].map(([, file]) => file!);
      return named
        .filter((file) => !FOR_NOTEBOOKS.includes(roomOf(file)))
        .map((file) => `${name} imports ${file}`);
    });
  assert.deepEqual(wrong, []);
});

test("no comment is wider than the code may be", () => {
  const wide = files.flatMap((file) =>
    readFileSync(join(lib, file), "utf8")
      .split("\n")
      .flatMap((line, i) =>
        /^\s*(\*|\/\/|\/\*)/.test(line) && line.length > 110 ? [`${file}:${i + 1}`] : [],
      ),
  );
  assert.deepEqual(wide, []);
});
