/**
 * What decides the outputs of a notebook, part by part, as versions and hashes: where all are as they were,
 * the notebook needs no second execution. Its words are no part of it, and neither are stored runs, which the
 * versions, the data and the settings decide.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { cacheFolder, canonicalJson, projectRoot, sha256, sha256OfFile } from "../../lib/support/files";
import { madeWithNow } from "../../lib/versions";
import { correctionsBeside } from "../corrections";
import { hasTag, type Notebook, textOf } from "../notebook";
import { userDictionaryPath } from "../tokenizer";

/** A part in words, such as "training" or "data/manga.tsv" → its version or hash. */
export type Inputs = Readonly<Record<string, string>>;

/** What every notebook may read. */
const DATA = "data";
/**
 * Rooms whose numbers have no declared version: what is read, compared, kept and shown. The others are
 * compared by their versions, so that a comment in them executes nothing again.
 */
const ROOMS = [
  "lib/data",
  "lib/evaluate",
  "lib/experiment",
  "lib/show",
  "lib/study",
  "lib/support/html.ts",
  "lib/support/width.ts",
  "packages/answers",
  "packages/attribution",
  "packages/augmentation",
  "packages/chart-picture",
  "packages/corrections",
  "packages/counting",
  "packages/danfojs-frame",
  "packages/distillation",
  "packages/efficiency",
  "packages/ensembles",
  "packages/export",
  "packages/label-errors",
  "packages/language-model",
  "packages/livedoor",
  "packages/notebook",
  "packages/onnx",
  "packages/pseudo-labels",
  "packages/published-table",
  "packages/recurrent",
  "packages/run-log",
  "packages/search",
  "packages/stability",
  "packages/table-file",
  "packages/tips",
  "packages/training-speed",
  "packages/vocabulary-cut",
  "packages/weight-decay",
] as const;
/** Files that are made anew. */
const LEFT_OUT = new Set(["node_modules", "__pycache__", ".git", ".ipynb_checkpoints"]);

/** The files under a path, in order; a path of a file is its own only one. */
function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    path: join(path, entry.name),
  }));
  return entries
    .filter((entry) => !LEFT_OUT.has(entry.name) && existsSync(entry.path)) // no dangling links
    .filter((entry) => entry.name !== "test" || !path.startsWith(join(projectRoot, "packages")))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(entry.path));
}

/** The hash of the names and the bytes of a file or of all files in a folder. */
async function hashOf(path: string): Promise<string> {
  const hashes: string[] = [];
  for (const file of filesUnder(path)) hashes.push(`${relative(path, file)} ${await sha256OfFile(file)}`);
  return sha256(hashes.join("\n"));
}

/** The strings that stand in TypeScript code. */
function stringsIn(code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && node.text !== "") found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cells.ts", code, ts.ScriptTarget.ES2022));
  return found;
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

/**
 * The files that the cells name, and the folders and models of the hub that the settings name; paths start
 * where cells run, at the project, or beside the notebook.
 */
function pathsNamed(notebook: Notebook, folder: string): string[] {
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const settings = cells.filter((cell) => hasTag(cell, "parameters") || hasTag(cell, "injected-parameters"));
  const within = (names: readonly string[], places: readonly string[]): string[] =>
    names.flatMap((name) =>
      places.map((place) => resolve(place, name)).filter((path) => !path.includes("\0") && existsSync(path)),
    );
  const strings = (some: typeof cells): string[] =>
    stringsIn(some.map(({ source }) => textOf(source)).join("\n;\n"));
  const named = [
    ...within(strings(cells), [projectRoot, folder]).filter((path) => !isFolder(path)),
    ...within(strings(settings), [projectRoot, folder]).filter(isFolder),
    ...within(
      strings(settings).map((name) => join(name, "main")),
      [join(cacheFolder(), "hub")],
    ),
  ];
  const data = join(projectRoot, "data", "/");
  const beside = named.flatMap((path) => correctionsBeside(path) ?? []);
  return [...new Set([...named, ...beside])].filter(
    (path) => !path.startsWith(data) && !projectRoot.startsWith(path),
  ); // "." and ".." are no data
}

/**
 * @param notebook with the settings of this run in place
 * @param folder in which it stands
 */
export async function inputsOf(notebook: Notebook, folder: string): Promise<Inputs> {
  const cells = notebook.cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source, metadata }) => ({ source: textOf(source), tags: metadata.tags ?? [] }));
  const parts: [string, string][] = [["cells or settings", sha256(canonicalJson(cells))]];
  for (const path of [
    ...[DATA, ...ROOMS].map((name) => join(projectRoot, name)),
    ...pathsNamed(notebook, folder),
  ])
    parts.push([path.startsWith(projectRoot) ? relative(projectRoot, path) : path, await hashOf(path)]);
  const read = (name: string): string =>
    existsSync(join(projectRoot, name)) ? readFileSync(join(projectRoot, name), "utf8") : "";
  const packages = [process.version, ...["package-lock.json", "requirements.txt"].map(read)];
  const { KOMALAB_BACKEND = "", TF_NUM_INTRAOP_THREADS = "" } = process.env;
  const words = userDictionaryPath();
  const machine = [
    platform(),
    arch(),
    cpus()[0]?.model ?? "",
    read(".setup/runtime.json"),
    KOMALAB_BACKEND,
    TF_NUM_INTRAOP_THREADS,
  ];
  return Object.fromEntries([
    ...parts,
    ...Object.entries(madeWithNow()).map(([component, version]) => [component, String(version)]),
    ["packages", sha256(canonicalJson(packages))],
    ["machine or backend", sha256(canonicalJson(machine))],
    ...(words ? [["user dictionary", await hashOf(words)]] : []),
  ]);
}
