/** The examples of the facade's docstrings: there is one for each function, and it runs. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../lib/support/files";
import { documented } from "../../packages/documentation";
import { FACADE } from "./facade";

const all = documented(FACADE);
/** Those whose example makes what the others speak of. */
const FIRST = ["reviewTask", "mangaTask", "run", "runEach"];

const folder = mkdtempSync(join(tmpdir(), "komalab-facade-"));
before(() => {
  process.env.KOMALAB_RUNS = join(folder, "runs");
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Twenty lines of a built-in table in a file of their own, evenly spaced. */
function twentyOf(name: string): string {
  const [heading, ...rows] = readFileSync(join(projectRoot, "data", name), "utf8")
    .trimEnd()
    .split("\n");
  const path = join(folder, name),
    step = Math.floor(rows.length / 20);
  const chosen = Array.from({ length: 20 }, (_, i) => rows[i * step]);
  writeFileSync(path, `${[heading, ...chosen].join("\n")}\n`);
  return path;
}

/** A program of all examples, one after the other, each in a block of its own. */
function program(): string {
  const exampleOf = (name: string) => all.find((one) => one.name === name)?.example ?? "";
  const blocks = all
    .filter(({ name, example }) => example !== undefined && !FIRST.includes(name))
    .map(({ example }) => `  {\n${example}\n  }`);
  const values = all.filter(({ kind }) => kind === "value").map(({ name }) => name);
  const text = [
    `import { ${values.join(", ")} } from ${JSON.stringify(join(projectRoot, "lib"))};`,
    "export async function examples() {",
    ...FIRST.map(exampleOf),
    ...blocks,
    "}",
  ].join("\n");
  return ["reviews.tsv", "manga.tsv"].reduce(
    (made, name) => made.replaceAll(`data/${name}`, twentyOf(name)),
    text,
  );
}

test("every function of the facade says what it does and has an example", () => {
  for (const { name, kind, words, signature, example } of all) {
    assert.notEqual(words, "", name);
    if (kind === "value" && signature) assert.ok(example, `${name} has no example`);
  }
});

test("all examples compile, and run on twenty lines", { timeout: 240_000 }, async () => {
  const path = join(folder, "examples.ts");
  writeFileSync(path, program());
  const { options } = ts.parseJsonConfigFileContent(
    { ...ts.readConfigFile(join(projectRoot, "tsconfig.json"), ts.sys.readFile).config, include: [] },
    ts.sys,
    projectRoot,
  );
  const checked = ts.createProgram([path], {
    ...options,
    noUnusedLocals: false,
    typeRoots: [join(projectRoot, "node_modules", "@types")],
  });
  const wrong = ts.getPreEmitDiagnostics(checked, checked.getSourceFile(path));
  assert.deepEqual(
    wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    [],
  );
  const { examples } = require(path) as { examples: () => Promise<void> };
  await examples();
});
