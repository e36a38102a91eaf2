/** The rooms of lib, the packages beside it, and the order in which they may know each other. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../lib/support/files";
import { codeCells, readNotebook, textOf } from "../packages/notebook";

/** From left to right; of lib itself, versions.ts stands between support and the rest, index.ts at the end. */
const ROOMS = ["support", "", "data", "models", "evaluate", "train", "experiment", "show", "study", "index"];
/** Packages that know support and each other's entries alone, … */
const LEAVES = [
  "chart-picture",
  "corrections",
  "danfojs-frame",
  "doc2vec",
  "documentation",
  "feature-store",
  "hf-files",
  "japanese",
  "kernel",
  "mecab",
  "notebook",
  "onnx",
  "page",
  "peft",
  "print",
  "python-package",
  "recurrent",
  "run-log",
  "snapshots",
  "table-file",
  "tensorboard",
  "tfidf",
  "tfjs-graph",
  "tokenizer",
  "unigram",
  "vocabulary-cut",
];
/** … and those that stand on the library, of which nothing in lib knows. */
const BESIDE = [
  "answers",
  "attribution",
  "augmentation",
  "cluster",
  "counting",
  "demo",
  "distillation",
  "efficiency",
  "ensembles",
  "export",
  "label-errors",
  "language-model",
  "livedoor",
  "model-check",
  "pre-training",
  "pseudo-labels",
  "published-table",
  "ranking",
  "report",
  "search",
  "stability",
  "tips",
  "training-speed",
  "weekly",
  "weight-decay",
];

/** The TypeScript of folders without its tests. */
const sourcesIn = (...folders: readonly string[]): string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((name) => name.endsWith(".ts") && !name.includes("/test/"))
    .sort();
const files = sourcesIn("lib", "packages");
const roomOf = (file: string): string =>
  file === "lib/index.ts" ? "index" : (file.match(/^lib\/(\w+)\//)?.[1] ?? "");
const packageOf = (file: string): string | undefined => file.match(/^packages\/([^/]+)\//)?.[1];
const place = (file: string): number => ROOMS.indexOf(roomOf(file));

interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether it is by import(), which closes no circle. */
  readonly later: boolean;
}

/** What a file imports from lib and packages, also by import(). */
function importsOf(from: string): Import[] {
  const found: { readonly path: string; readonly later: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      found.push({ path: node.moduleSpecifier.text, later: false });
    const [path] =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
    if (path && ts.isStringLiteral(path)) found.push({ path: path.text, later: true });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, readFileSync(join(projectRoot, from), "utf8"), ts.ScriptTarget.ES2022));
  return found
    .filter(({ path }) => path.startsWith("."))
    .flatMap(({ path, later }) => {
      const way = join(dirname(from), path);
      const to = [`${way}.ts`, `${way}/index.ts`].find((file) => files.includes(file));
      return to === undefined ? [] : [{ from, to, later }];
    });
}

const imports = files.flatMap(importsOf);

const named = (wrong: readonly Import[]) => wrong.map(({ from, to }) => `${from} imports ${to}`);
const isLib = (file: string) => file.startsWith("lib/");

test("a room imports from itself and from rooms to its left alone", () =>
  assert.deepEqual(
    named(imports.filter(({ from, to }) => isLib(from) && isLib(to) && place(to) > place(from))),
    [],
  ));

test("the library knows no package that stands on it", () =>
  assert.deepEqual(
    named(imports.filter(({ from, to }) => isLib(from) && BESIDE.includes(packageOf(to) ?? ""))),
    [],
  ));

test("a leaf package knows support and other leaves alone", () =>
  assert.deepEqual(
    named(
      imports.filter(
        ({ from, to }) =>
          LEAVES.includes(packageOf(from) ?? "") &&
          roomOf(to) !== "support" &&
          !LEAVES.includes(packageOf(to) ?? ""),
      ),
    ),
    [],
  ));

test("a package is entered by its index alone", () =>
  assert.deepEqual(
    named(
      imports.filter(
        ({ from, to }) => packageOf(to) && packageOf(from) !== packageOf(to) && !to.endsWith("/index.ts"),
      ),
    ),
    [],
  ));

test("every package is one of these, says what it is and has tests of its own", () => {
  assert.deepEqual(readdirSync(join(projectRoot, "packages")).sort(), [...LEAVES, ...BESIDE].sort());
  for (const name of [...LEAVES, ...BESIDE])
    for (const part of ["README.md", "test"])
      assert.ok(existsSync(join(projectRoot, "packages", name, part)), `packages/${name}/${part}`);
});

test("no file imports itself by way of others", () => {
  const next = new Map(
    files.map((file) => [
      file,
      imports.filter(({ from, later }) => from === file && !later).map(({ to }) => to),
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
      const code = codeCells(readNotebook(join(folder, name)))
        .map(({ source }) => textOf(source))
        .join("\n");
      const imported = [...code.matchAll(/from "\.\/((?:lib|packages)(?:\/[^"]+)?)"/g)].map(
        ([, file]) => file!,
      );
      return imported
        .filter((file) =>
          file.startsWith("lib") ? !ROOMS.includes(roomOf(file)) : !/^packages\/[^/]+$/.test(file),
        )
        .map((file) => `${name} imports ${file}`);
    });
  assert.deepEqual(wrong, []);
});

/** What stands in the folder of an encoder alone; BERT's names are also those of others, after a prefix. */
const ENCODERS: Readonly<Record<string, RegExp>> = {
  bert: /["'`(^]bert\.|LayerNorm\b|cls\.predictions|\b(word|position|token_type)_embeddings/,
  distilbert:
    /["'`(^]distilbert\.|[qkv]_lin\b|(sa|output)_layer_norm|pre_classifier|\bvocab_(transform|projector)/,
  roberta: /["'`(^]roberta\.|\blm_head\b/,
  electra: /["'`(^]electra\.|embeddings_project\b/,
  modernbert: /tok_embeddings|(attn|mlp|final)_norm|Wqkv|\bW[io]\b|["'`]head\.|["'`]decoder\./,
};

test("the names of an encoder's parameters stand in its folder alone", () => {
  const wrong = Object.entries(ENCODERS).flatMap(([encoder, names]) =>
    files.filter(
      (file) =>
        !file.startsWith(`lib/models/${encoder}/`) &&
        names.test(readFileSync(join(projectRoot, file), "utf8")),
    ),
  );
  assert.deepEqual(wrong, []);
});

test("no comment is wider than the code may be", () => {
  const wide = [...files, ...sourcesIn("bench")].flatMap((file) =>
    readFileSync(join(projectRoot, file), "utf8")
      .split("\n")
      .flatMap((line, i) =>
        /^\s*(\*|\/\/|\/\*)/.test(line) && line.length > 110 ? [`${file}:${i + 1}`] : [],
      ),
  );
  assert.deepEqual(wide, []);
});
