/** What the kernel's compiler makes of cells and sources, held as golden numbers are: by VERSION of its store. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot, readJson, writeBeside } from "../../lib/support/files";

const cache = mkdtempSync(join(tmpdir(), "komalab-compiled-"));
after(() => rmSync(cache, { recursive: true, force: true }));

/** Each cell sees what those before it declare; one that ends with an error declares nothing. */
const CELLS = [
  "let epochs = 3;\nconst names: readonly string[] = ['喜楽', '悲哀'];",
  "epochs = 5;\nawait Promise.resolve();\nepochs + names.length",
  "const shorthand = { epochs, names };\nfunction twice(x: number) { return 2 * x; }\ntwice(shorthand.epochs)",
  "class Touch { static count = 0; constructor(readonly name: string) { Touch.count++; } }\nnew Touch(names[0]).name",
  "for await (const name of names) console.log(name);",
  'import { sha256 } from "./lib/support/files";\nsha256("").length',
  "const { length, ...rest } = { length: 1, a: 2 };\nrest.a",
  "const wrong: string = epochs;",
  "function loose(x) { return x; }",
  "enum Mode { all, last }\nMode[Mode.last]",
];

interface Compiled {
  readonly version: number;
  /** Of each cell the JavaScript and the declarations, or the errors. */
  readonly cells: readonly unknown[];
}

interface Kernel {
  readonly compile: {
    createCompiler(
      root: string,
      load: NodeRequire,
    ): {
      compile(
        declarations: string,
        code: string,
        name: string,
      ): { readonly output: string; readonly declarations: string };
    };
  };
  readonly store: { readonly VERSION: number };
}

function compiled(): Compiled {
  const load = createRequire(join(projectRoot, "package.json"));
  const { compile, store } = Object.fromEntries(
    ["compile", "store"].map((name) => [name, load(`./packages/kernel/${name}.cjs`)]),
  ) as unknown as Kernel;
  const kept = process.env.KOMALAB_CACHE;
  process.env.KOMALAB_CACHE = cache; // nothing is recalled
  const compiler = compile.createCompiler(projectRoot, load);
  if (kept === undefined) delete process.env.KOMALAB_CACHE;
  else process.env.KOMALAB_CACHE = kept;
  let declarations = "";
  const cells = CELLS.map((code, i) => {
    try {
      const made = compiler.compile(declarations, code, `cell ${i + 1}`);
      declarations = made.declarations;
      const output = made.output.replace(/\n?\/\/# sourceMappingURL=\S+/, "");
      return { output, declarations };
    } catch (error) {
      return (error as { lines?: readonly string[] }).lines ?? String(error);
    }
  });
  return { version: store.VERSION, cells };
}

test("cells are compiled as the version of the kernel's store says", () => {
  const path = join(projectRoot, "test/golden/kernel.json");
  const stored = readJson<Compiled>(path),
    now = compiled();
  const moved = JSON.stringify(stored?.cells) !== JSON.stringify(now.cells),
    raised = stored?.version !== now.version;
  if (process.env.KOMALAB_GOLDEN === "write" && moved && raised)
    return writeBeside(path, `${JSON.stringify(now, null, 1)}\n`);
  assert.ok(
    !moved || raised,
    "cells are compiled otherwise: undo the change, or raise VERSION in packages/kernel/store.cjs and run npm test -- --golden",
  );
  assert.ok(
    !raised || moved,
    "VERSION in packages/kernel/store.cjs is raised, but cells are compiled as before",
  );
  assert.ok(!raised, "npm test -- --golden writes test/golden/kernel.json anew");
});
