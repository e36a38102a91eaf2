/** Every notebook that shows something imports the package's entry by way of lib/show. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../../lib/support/files";

test("what shows a chart loads neither TypeScript nor the renderer of pages", () => {
  const code = `require("./lib/show/display"); require("./packages/notebook");
    console.log(Object.keys(require.cache).filter((file) => /node_modules.(typescript|markdown-it)\\W/.test(file)).join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", code], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.equal(stdout, "\n", stderr);
});

test("the kernel reads no types of TypeScript for it", () => {
  const program = ts.createProgram([`${projectRoot}/packages/notebook/index.ts`], { types: [], noLib: true });
  const files = program.getSourceFiles().map(({ fileName }) => fileName);
  assert.ok(files.some((file) => file.endsWith("packages/notebook/parameters.ts")));
  assert.deepEqual(
    files.filter((file) => file.includes("/node_modules/typescript/")),
    [],
  );
});
