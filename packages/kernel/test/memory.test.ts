/** What a kernel keeps of thousands of cells: nothing of theirs, and of their texts and lines the newest. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { drive, result, script } from "./drive";

const kernel = join(projectRoot, "packages/kernel");

const heap = {
  code: `require("v8").setFlagsFromString("--expose-gc"); require("vm").runInNewContext("gc")(); process.memoryUsage().heapUsed / 1e6`,
};
const held =
  "const held: WeakRef<object>[] = []; const hold = <T extends object>(value: T) => (held.push(new WeakRef(value)), value);";
const made = [
  "hold([1]); hold({ last: 'value' })",
  "throw hold(new Error('thrown'))",
  "await hold(Promise.resolve(hold([2])))",
  "console.log(hold({ printed: 1 }))",
  "let anew = hold(() => 1); anew()",
  "let anew = 2;",
  "class Anew { it = hold([3]); }\nnew Anew().it",
  "Promise.reject(hold(new Error('rejected')))",
];

test("300 more cells leave less than 6 MB behind, and none of what they made", async () => {
  const cells = Array.from({ length: 150 }, (_, i) => ({
    code: [
      `let v${i % 9} = ${i}; v${i % 9} + 1`,
      `const f${i % 9} = (x: number) => x + ${i}; f${i % 9}(1)`,
      `await Promise.resolve(${i})`,
    ][i % 3],
  }));
  const { steps } = await drive([
    { code: held },
    ...made.map((code) => ({ code })),
    ...cells,
    heap,
    { code: "held.flatMap((one) => one.deref() ?? [])" },
    ...cells,
    ...cells,
    heap,
  ]);
  const first = made.length + cells.length + 1;
  const left = Number(result(steps.at(-1)!)) - Number(result(steps[first]));
  assert.ok(left < 6, `${left} MB`); // 2 of them, measured
  assert.equal(result(steps[first + 1]), "[]");
  assert.deepEqual(
    steps.filter(({ status }) => status !== "ok").map(({ evalue }) => evalue),
    ["thrown", "rejected"],
  );
});

test("of 40 cells the compiler holds the programs of the last", () => {
  const alive = script(`
    const root = process.cwd(), load = require("node:module").createRequire(root + "/package.json");
    const compiler = require("${kernel}/compile.cjs").createCompiler(root, load);
    const ts = load("@tslab/typescript-for-tslab"), make = ts.createAbstractBuilder, programs = [];
    ts.createAbstractBuilder = (...parts) => {
      const builder = make(...parts);
      programs.push(new WeakRef(builder.getProgram()));
      return builder;
    };
    let declarations = "";
    for (let i = 0; i < 40; i++) ({ declarations } = compiler.compile(declarations, "let v" + i % 3 + " = " + i, "[cell]"));
    setTimeout(() => {
      gc();
      console.log(JSON.stringify([programs.length, programs.filter((one) => one.deref()).length]));
      process.exit();
    });`) as [number, number];
  assert.ok(alive[0] >= 80, String(alive)); // a cell with names is made twice
  assert.ok(alive[1] <= 3, String(alive));
});

test("traces know the lines of the newest 1,000 cells, and name an older one without lines", () => {
  const traces = script(`
    const traces = require("${kernel}/traces.cjs"), vm = require("node:vm");
    traces.install("${projectRoot}");
    const map = { version: 3, sources: ["cell"], names: [], mappings: "" };
    const cells = [];
    for (let i = 0; i <= 1000; i++) {
      if (i < 2) cells.push(vm.runInThisContext("() => { throw new Error(1) }", { filename: "[cell " + i + "]" }));
      traces.register("[cell " + i + "]", [map]);
    }
    const trace = (fail) => { try { fail(); } catch (error) { return error.stack.split("\\n")[1].trim(); } };
    console.log(JSON.stringify(cells.map(trace)));`);
  assert.deepEqual(traces, ["at [cell 0]", "at [cell 1]:1:15"]);
});

test("the history is that of the newest 1,000 cells", () => {
  const history = script(`
    const { serverClass } = require("${kernel}/protocol.cjs");
    const Server = serverClass(class { publishStatus() {} }, { run: async () => {} }, { attach() {}, flush() {} });
    const server = new Server();
    const sent = [];
    server.send = (message, type, content) => sent.push(content);
    (async () => {
      for (let i = 1; i <= 1500; i++) await server.execute({ content: { code: "text " + i } });
      server.handleHistory(null, { content: { hist_access_type: "range" }, header: {} });
      const lines = sent.at(-1).history.map(([, line]) => line);
      console.log(JSON.stringify([lines.length, lines[0], lines.at(-1)]));
    })();`);
  assert.deepEqual(history, [1000, 501, 1500]);
});
