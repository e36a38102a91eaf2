/**
 * Every known fault of tslab 1.0.22, run in a real kernel: one session for what a cell does, one for what is
 * edited.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { type Answer, drive, result, type Session, type Step } from "./drive";

const folder = `kernel-${process.pid}.tmp`; // inside the project, where cells can import
const packageName = `komalab-test-${process.pid}`;
const elsewhere = mkdtempSync(join(tmpdir(), "komalab-"));
const late = join(elsewhere, "late.jsonl");
let session: Session;
const named = new Map<string, number>();
const of = (name: string): Answer => session.steps[named.get(name) ?? assert.fail(name)];
const file = (name: string, text: string): Record<string, string> => ({
  [join(projectRoot, folder, name)]: text,
});

const sleep = "const kept = 42; const sleep = (ms: number) => new Promise((wake) => setTimeout(wake, ms));";
const cells: readonly (Step & { name?: string })[] = [
  { code: sleep },
  { name: "value", code: "kept + 1" },
  { name: "nothing", code: "console.log('printed'); undefined" },
  {
    name: "thrown",
    code: "// a comment\ninterface A { x: number }\n\nfunction f(): A {\n  throw new TypeError('boom');\n}\nf()",
  },
  { name: "thrown after await", code: "await sleep(1);\n\nthrow new RangeError('late');" },
  { name: "type error", code: "const fine = 1;\nconst bad: string = 5;" },
  { name: "strict", code: "let maybe: string | undefined;\nfunction g(s: string) { return s; }\ng(maybe)" },
  { name: "syntax error", code: "function (" },
  { name: "shorthand", code: "JSON.stringify({ kept, in: { kept } })" },
  { code: "let x = 1;" },
  {
    name: "shorthand assignment",
    code: "({ x } = { x: 20 }); console.log(x); ({ x = 7 } = {} as { x?: number }); x",
  },
  { name: "taken apart", code: "const { kept: own } = { kept: 1 }; own + kept" },
  { name: "await of an expression", code: "await (async () => 5)()" },
  { name: "for await", code: "for await (const i of [1, 2]) console.log(i)" },
  { name: "ignored await", code: "// @ts-ignore\nawait sleep(1)" },
  { name: "export", code: "export const shared = 5; export function twice() { return 2 * shared; }" },
  { name: "exported", code: "twice()" },
  { name: "global", code: "declare global { interface Array<T> { foo(): void } }" },
  { name: "lines", code: "for (let i = 0; i < 30000; i++) console.log('line', i)" },
  { name: "in turn", code: "for (let i = 0; i < 5000; i++) { console.log(i); console.error(i); }" },
  {
    name: "updates",
    code: "for (let i = 0; i < 10000; i++) (globalThis as any)[Symbol.for('komalab.display')]({ data: { 'text/plain': String(i) }, transient: { display_id: 'd' } }, true)",
  },
  {
    name: "split character",
    code: "const bytes = Buffer.from('日本'); for (const b of bytes) process.stdout.write(Buffer.from([b]));",
  },
  {
    name: "bundle",
    code: "(globalThis as any)[Symbol.for('komalab.display')]({ data: { 'text/plain': 'a', 'text/html': '<i>a</i>' }, transient: { display_id: 'd' } })",
  },
  {
    name: "update",
    code: "(globalThis as any)[Symbol.for('komalab.display')]({ data: { 'text/plain': 'b' }, transient: { display_id: 'd' } }, true)",
  },
  {
    name: "burst",
    code: "for (let i = 0; i < 2000; i++) (globalThis as any)[Symbol.for('komalab.display')]({ data: { 'text/plain': String(i) } })",
  },
  { name: "tslab.display", code: "import * as tslab from 'tslab'; tslab.display.html('<b>x</b>')" },
  {
    name: "native",
    code: "require('child_process').execSync('echo native', { stdio: 'inherit' }); require('fs').writeSync(2, 'native\\n');",
  },
  { name: "exit", code: "process.exit(3)" },
  { name: "rejection", code: "Promise.reject(new Error('lost'))" },
  {
    name: "timer of this cell",
    code: "setTimeout(() => { throw new Error('timer'); }, 20); await new Promise(() => {})",
  },
  { name: "timer of a cell before", code: "setTimeout(() => { throw new Error('earlier'); }, 500);" },
  { sleep: 1 },
  { name: "after it", code: "const declared = 8; console.log('ran')" },
  { name: "and after that", code: "declared" },
  { name: "not an error", code: "throw { a: 1 }" },
  { name: "cause", code: "throw new Error('outer', { cause: new Error('inner') })" },
  { name: "together", together: ["throw new Error('x')", "1", "2"] },
  { name: "after together", code: "3" },
  { code: "throw new Error('allowed')", stop_on_error: false },
  { name: "after an allowed error", code: "4" },
  {
    code: "let epochs = 3;\nconst train = () => epochs, again = train;\nfunction helper() { return 'old'; }\nconst useHelper = (text = helper()) => text;",
  },
  { name: "assigned later", code: "epochs = 10; [train(), again()]" },
  { code: "function helper() { return 'new'; }" },
  { name: "declared anew", code: "useHelper()" },
  { name: "type declared anew", code: "const helper = 5; const text: string = helper;" },
  {
    name: "in one declaration",
    code: "let one = 1, two = one + 1; [one, two] = [two, one]; one++; [one, two]",
  },
  {
    code: "class Touch { static count = 0; static first = new Touch(); name() { return epochs + Touch.count++; } }\nlet touch = new Touch();",
  },
  { name: "in a class", code: "epochs = 20; touch.name(); touch.name()" },
  { code: "async function* steps() { for (;;) yield epochs; }\nconst under = steps(); await under.next();" },
  { name: "in a generator", code: "epochs = 30; (await under.next()).value" },
  { code: "import { sep } from 'node:path'; const useSep = () => sep;" },
  { name: "import declared anew", code: "const sep = 'own'; useSep()" },
  { code: "enum Mode { a, b }\nconst mode = () => Mode.b;" },
  { code: "enum Mode { z, a, b }" },
  { name: "enum declared anew", code: "mode()" },
  { name: "hoisted", code: "const before = hoist(); function hoist() { return 'hoisted'; } before" },
  { name: "var in a loop", code: "for (var turn = 0; turn < 3; turn++) {} turn" },
  {
    name: "half",
    code: "const reached = 6;\nlet cache: number | undefined;\nthrow new Error('half');\nconst unreached = 7;",
  },
  { name: "reached", code: "reached" },
  { name: "unreached", code: "unreached" },
  // what is under way, filled by callbacks, or taken apart
  {
    code: "let seen: number[] = [];\nconst collect = (n: number) => void seen.push(n);\nlet release = () => {};\nconst slow = (async () => { await new Promise<void>((go) => (release = go)); return [epochs, useHelper()]; })();",
  },
  { name: "filled by a callback", code: "seen = []; [1, 2].forEach(collect); seen" },
  { name: "async under way", code: "epochs = 40; const useHelper = () => 'later'; release(); await slow" },
  {
    code: "class Counter { static total = 0; n = 0; add() { this.n += 1; Counter.total += 1; return [this.n, Counter.total, epochs]; } static make() { return new Counter(); } }\nconst made = Counter.make();",
  },
  { name: "method and static field", code: "epochs = 50; Counter.total = 10; made.add()" },
  { code: "const rate = (by = epochs, { of = by * 2 } = {}) => [by, of];" },
  { name: "default parameters", code: "epochs = 60; rate()" },
  {
    code: "let [head, { tail: { deep = epochs } = {} }, ...others] = [1, {} as { tail?: { deep?: number } }, 3, 4];",
  },
  {
    name: "taken apart later",
    code: "const tell = () => [head, deep, others]; [head, deep] = [deep, head]; others = [5, 6]; tell()",
  },
  {
    code: "export let level = 1; export const levels = () => level; export class Exported { now() { return level; } }",
  },
  { name: "exported names", code: "level = 2; [levels(), new Exported().now()]" },
  {
    code: "class Shape { side() { return 3; } }\nconst side = () => new Shape().side();\nenum Colour { red }\nconst red = () => Colour.red;\nlet free = 1;\nconst useFree = () => free;",
  },
  {
    name: "declared anew in other ways",
    code: "class Shape { side() { return 4; } }\nenum Colour { blue, red }\nconst free = 2;",
  },
  { name: "used anew", code: "[side(), red(), useFree()]" },
  { name: "changed type", code: "new Shape().side().toFixed(); const text2: string = Colour.red;" },
  { name: "constant", code: "free = 3" },
  { name: "complete", complete: "const 𠮷 = '🍣'; kep" },
  { name: "path", complete: 'import { mangaTask } from "./lib/sho' },
  { name: "path of a file", complete: 'const { readTable } = await import("./packages/table-file/ta' },
  { name: "name in braces", complete: 'import { mangaT } from "./lib";', at: 15 },
  { name: "inspect", inspect: "kept" },
  { name: "inspect what throws", inspect: 'import { mangaTask } from "./lib";\nmangaTask' },
  { name: "incomplete", is_complete: "function f() {" },
  { name: "complete code", is_complete: "1" },
  { name: "open template", is_complete: "const text = `one" },
  { name: "never complete", is_complete: "const = ;" },
  { name: "counted", code: "'counted'" },
  { name: "not counted", code: "'not counted'", store_history: false },
  { name: "history", history: { hist_access_type: "tail", n: 1, raw: true, output: false } },
  { name: "searched", history: { hist_access_type: "search", pattern: "function hel*new*", n: 5 } },
  { name: "expressions", code: "1", user_expressions: { good: "kept + 1", bad: "kept()" } },
  { name: "null", code: "null" },
  { name: "async arrow", code: "async () => 1" },
  {
    name: "newer methods",
    code: "[[3, 1].toSorted(), Float32Array.of(1, 2).toReversed().at(0), [1, 2, 3].toSpliced(0, 2).with(0, 9), 'a'.isWellFormed()]",
  },
  { name: "map", code: "new Map([['a', { b: [1, { c: { d: 1 } }] }]])" },
  {
    name: "facade",
    code: "import { plural } from './lib'; import modules from 'node:module'; [plural(2, 'seed'), Object.keys((modules as any)._cache).some((file) => file.includes('@tensorflow'))]",
  },
  {
    code: "import { tf } from './packages/tfjs-graph/backend'; import { frame } from './packages/danfojs-frame'; await tf.ready();",
  },
  { name: "tensor", code: "tf.tensor([[1, 2], [3, 4]])" },
  { name: "disposed tensor", code: "const gone = tf.scalar(1); gone.dispose(); gone" },
  { name: "table", code: "await frame([{ line: '漫画', n: 1 }, { line: 'a', n: 2 }])" },
  {
    name: "clear",
    code: "console.log(1); (globalThis as any)[Symbol.for('komalab.display')].clear(true); console.log(2)",
  },
  {
    name: "module cell",
    code: "/** @module util */\nexport function thrower() {\n  throw new Error('of a module');\n}",
  },
  { name: "of a module cell", code: "import { thrower } from './util'; thrower()" },
  ...[
    ["sync", "while (true) {}"],
    ["async", "while (true) await sleep(20)"],
    ["sync after await", "await sleep(20); while (true) {}"],
    ["sync after await again", "await sleep(20); while (true) {}"],
    ["in a timer", "setTimeout(() => { while (true) {} }, 10); await sleep(60000)"],
    ["jobs only", "while (true) await null"],
    ["for ever", "await new Promise(() => {})"],
    ["in showing a value", "({ get [Symbol.toStringTag]() { for (;;); } })"],
    ["caught again and again", "while (true) { try { await sleep(20); } catch {} }"],
    [
      "in a function",
      "let turns = 0; async function spin() { for (;;) { turns++; await sleep(5); } } await spin()",
    ],
  ].map(([name, code]) => ({ name: `interrupt: ${name}`, code, interrupt_after: 0.3 })),
  {
    code: "const signal: AbortSignal = (globalThis as any)[Symbol.for('komalab.abortSignal')]; signal.addEventListener('abort', () => console.log('aborted'))",
  },
  { code: "const show = (globalThis as any)[Symbol.for('komalab.display')];" },
  {
    name: "interrupt: signal",
    code: "const own: AbortSignal = (globalThis as any)[Symbol.for('komalab.abortSignal')]; own.addEventListener('abort', () => console.log('aborted')); await sleep(60000)",
    interrupt_after: 0.3,
  },
  {
    name: "interrupt: display",
    code: "for (;;) show({ data: { 'text/plain': 'x' } , transient: { display_id: 'd' } }, true)",
    interrupt_after: 0.5,
  },
  {
    name: "interrupt: names before",
    code: "const beforeStop = 11, wake = sleep(60000); await wake; const afterStop = 12;",
    interrupt_after: 0.5,
  },
  { name: "before the interrupt", code: "beforeStop" },
  { name: "after the interrupt", code: "afterStop" },
  { name: "after interrupts", code: "await sleep(10); kept" },

  { name: "missing", code: `import { a } from './${folder}/missing'; a` },
  {
    name: "no longer missing",
    code: `import { a } from './${folder}/missing'; a`,
    write: file("missing.ts", "export const a = 5;\n"),
  },
  { name: "missing package", code: `import { v } from '${packageName}'; v` },
  {
    name: "new package",
    code: `import { v } from '${packageName}'; v`,
    write: {
      [join(projectRoot, "node_modules", packageName, "index.js")]: "exports.v = 7;",
      [join(projectRoot, "node_modules", packageName, "index.d.ts")]: "export const v: number;",
    },
  },
  {
    name: "imported",
    code: `import { outer } from './${folder}/outer'; import { state } from './${folder}/state'; state.n++; outer()`,
    write: {
      ...file("deep/inner.ts", "export const inner = 5;\n"),
      ...file("outer.ts", "import { inner } from './deep/inner';\nexport const outer = () => inner;\n"),
      ...file("state.ts", "export const state = { n: 0 };\n"),
    },
  },
  {
    name: "edited",
    code: `import { outer } from './${folder}/outer'; outer()`,
    write: file("deep/inner.ts", "export const inner = 500;\n"),
  },
  { name: "not edited", code: `import { state } from './${folder}/state'; state.n` },
  {
    name: "edited wrongly",
    code: `import { outer } from './${folder}/outer'; outer()`,
    write: file("deep/inner.ts", "export const inner: string = 500;\n"),
  },
  {
    name: "edited again",
    code: `import { outer } from './${folder}/outer'; outer()`,
    write: file("deep/inner.ts", "export const inner = 'text';\n"),
  },
  {
    name: "half loaded",
    code: `import { whole } from './${folder}/whole'; whole()`,
    interrupt_after: 1.5,
    write: {
      ...file("whole.ts", "import './slow';\nexport const whole = () => 'whole';\n"),
      ...file(
        "slow.ts",
        "const world = globalThis as { tried?: true };\nif (!world.tried) { world.tried = true; for (;;); }\nexport {};\n",
      ),
    },
  },
  {
    name: "half package",
    code: `const half = require('./${folder}/half.cjs'); half.value`,
    interrupt_after: 0.5,
    write: file(
      "half.cjs",
      "if (!globalThis.triedHalf) { globalThis.triedHalf = true; for (;;); }\nexports.value = 'all of it';\n",
    ),
  },
  { name: "whole package", code: `require('./${folder}/half.cjs').value` },
  { name: "loaded whole", code: `import { whole } from './${folder}/whole'; whole()` },
  {
    name: "half a surrogate pair",
    code: "console.log('a\\ud800b')",
  },
  {
    name: "circle",
    code: `import { ea } from './${folder}/a'; ea()`,
    write: {
      ...file(
        "a.ts",
        "import { eb } from './b';\nexport function ea(): number { return eb() + 1; }\nexport const base = 10;\n",
      ),
      ...file(
        "b.ts",
        "import { base, ea } from './a';\nexport const eb = (): number => base;\nexport const again = () => ea();\n",
      ),
    },
  },
  {
    name: "folder",
    code: `import { d } from './${folder}/pkg'; d`,
    write: file("pkg/index.ts", "export const d = 'index';\n"),
  },
  {
    name: "dot",
    code: `import { d } from './${folder}/foo.bar'; d`,
    write: file("foo.bar.ts", "export const d = 'dot';\n"),
  },
  { name: "above", code: "import { sha256 } from '../lib/support/files'; sha256" },
  { name: "old place", code: "import { sha256 } from './lib/files'; sha256" },
  { name: "old room", code: "import { runTrials } from './lib/runs/trials'; runTrials" },
  { name: "old name", code: "import { PlannedError } from './lib/experiment/missing'; PlannedError" },
  {
    name: "trace",
    code: `import { bad } from './${folder}/bad';\nbad()`,
    write: file(
      "bad.ts",
      "// one\ninterface A { x: number }\n\nexport function bad(): A {\n  throw new Error('in a file');\n}\n",
    ),
  },
  {
    name: "loop of a file",
    code: `import { forever } from './${folder}/loop'; await forever()`,
    interrupt_after: 0.5,
    write: file(
      "loop.ts",
      "export async function forever() {\n  for (;;) await new Promise((wake) => setTimeout(wake, 5));\n}\n",
    ),
  },
  {
    name: "last",
    code: "import { sha256 } from './lib/support/files'; setTimeout(() => { throw new Error('after the last cell'); }, 200); sha256('a').length",
  },
];

before(async () => {
  cells.forEach(({ name }, i) => name && named.set(name, i));
  session = await drive(cells, { cwd: elsewhere, env: { KOMALAB_KERNEL_ERRORS: late } });
});
after(() => {
  for (const path of [join(projectRoot, folder), join(projectRoot, "node_modules", packageName), elsewhere])
    rmSync(path, { recursive: true, force: true });
});

const failsWith = (name: string, ename: string, evalue: string | RegExp): Answer => {
  const answer = of(name);
  assert.equal(answer.status, "error", name);
  assert.equal(answer.ename, ename);
  if (typeof evalue === "string") assert.equal(answer.evalue, evalue);
  else assert.match(answer.evalue ?? "", evalue);
  assert.deepEqual(answer.outputs.filter(({ type }) => type === "error").length, 1, "one error output");
  return answer;
};
/** One test for one fact about a value. */
const gives = (name: string, expected: string | undefined): void =>
  void test(name, () => assert.equal(result(of(name)), expected));

test("cells are counted, and their source and value are published with the count", () => {
  assert.deepEqual(
    of("value").outputs.map(({ type, execution_count }) => [type, execution_count]),
    [
      ["execute_input", 2],
      ["execute_result", 2],
    ],
  );
});
gives("value", "43");
gives("nothing", undefined);
test("an error names the user's lines, without the kernel's frames", () => {
  assert.deepEqual(failsWith("thrown", "TypeError", "boom").traceback, [
    "TypeError: boom",
    "    at f ([cell 4]:5:9)",
    "    at cell ([cell 4]:7:1)",
  ]);
});
test("lines are right in a cell with an await", () => {
  assert.deepEqual(failsWith("thrown after await", "RangeError", "late").traceback, [
    "RangeError: late",
    "    at cell ([cell 5]:3:7)",
  ]);
});
test("a type error fails the cell", () =>
  void failsWith(
    "type error",
    "TypeScriptError",
    "[cell 6]:2:7 - Type 'number' is not assignable to type 'string'.",
  ));
test("cells are checked strictly", () =>
  void failsWith(
    "strict",
    "TypeScriptError",
    /^\[cell 7\]:3:3 - Argument of type 'undefined'|not assignable/,
  ));
test("a syntax error has the user's lines only", () => {
  assert.deepEqual(
    failsWith("syntax error", "TypeScriptError", /^\[cell 8\]:1:/).traceback?.filter(
      (line) => !line.startsWith("[cell 8]:1:"),
    ),
    [],
  );
});
gives("shorthand", `'{"kept":42,"in":{"kept":42}}'`);
gives("shorthand assignment", "7");
test("a shorthand assignment reaches the variable of an earlier cell", () =>
  assert.equal(of("shorthand assignment").stdout, "20\n"));
gives("taken apart", "43"); // a property with the name of an earlier cell's variable, under a name of its own
gives("await of an expression", "5");
test("of the facade what is used is loaded: for words no TensorFlow", () =>
  assert.equal(result(of("facade")), "[ '2 seeds', false ]"));
test("for await at the top", () => assert.equal(of("for await").stdout, "1\n2\n"));
test("an ignored line with the only await", () => assert.equal(of("ignored await").status, "ok"));
gives("exported", "10");
test("declare global is refused with a remedy", () =>
  void failsWith("global", "TypeScriptError", /put it into a file/));
test("no line of 30,000 is lost", () => {
  assert.equal(of("lines").stdout, Array.from({ length: 30000 }, (_, i) => `line ${i}\n`).join(""));
});
test("two streams in turn are joined, each in its order", () => {
  const all = Array.from({ length: 5000 }, (_, i) => `${i}\n`).join("");
  assert.deepEqual([of("in turn").stdout, of("in turn").stderr], [all, all]);
});
test("of 10,000 updates of a display the last is shown, in a few messages", () => {
  const shown = of("updates").outputs.filter(({ type }) => type === "update_display_data");
  assert.equal(shown.at(-1)?.data?.["text/plain"], "9999");
  assert.ok(shown.length < 100, String(shown.length));
});
test("a character may be written in pieces", () => assert.equal(of("split character").stdout, "日本"));
test("one message carries several MIME types", () => {
  assert.deepEqual(of("bundle").outputs[1].data, { "text/plain": "a", "text/html": "<i>a</i>" });
});
test("a display is updated", () => assert.equal(of("update").outputs[1].type, "update_display_data"));
test("none of 2,000 messages in one burst is lost", () => {
  const shown = of("burst")
    .outputs.filter(({ type }) => type === "display_data")
    .map(({ data }) => data?.["text/plain"]);
  assert.deepEqual(
    shown,
    Array.from({ length: 2000 }, (_, i) => String(i)),
  );
});
test("tslab's own display works", () =>
  assert.deepEqual(of("tslab.display").outputs[1].data, { "text/html": "<b>x</b>" }));
test("what native code writes is no output", () =>
  assert.deepEqual([of("native").stdout, of("native").stderr], ["", ""]));
test("process.exit is an error", () =>
  void failsWith("exit", "Error", /process\.exit\(3\) would end the kernel/));
test("an unhandled rejection fails its cell", () => void failsWith("rejection", "Error", "lost"));
test("a throw in a timer fails the cell that runs", () =>
  void failsWith("timer of this cell", "Error", "timer"));
test("what fails after a cell has answered fails the next", () => {
  assert.equal(of("timer of a cell before").status, "ok");
  assert.equal(failsWith("after it", "Error", "earlier").stdout, "ran\n");
});
gives("and after that", "8");
test("anything may be thrown", () =>
  assert.deepEqual(failsWith("not an error", "Error", /./).traceback, ["thrown: { a: 1 }"]));
test("the cause is in the trace", () =>
  assert.match(
    failsWith("cause", "Error", "outer").traceback?.join("\n") ?? "",
    /\[cause\]: Error: inner\n\s+at cell \(\[cell \d+\]:1:/,
  ));
test("cells sent together with a failing one are aborted, later ones run", () => {
  assert.deepEqual(
    of("together").replies?.map(({ status }) => status),
    ["error", "aborted", "aborted"],
  );
});
gives("after together", "3");
gives("after an allowed error", "4");
gives("assigned later", "[ 10, 10 ]");
gives("declared anew", "'new'");
test("the type of a name that is declared anew is checked", () =>
  void failsWith(
    "type declared anew",
    "TypeScriptError",
    /Type 'number' is not assignable to type 'string'/,
  ));
gives("in one declaration", "[ 3, 1 ]");
gives("in a class", "21");
gives("in a generator", "30");
gives("import declared anew", "'own'");
gives("enum declared anew", "2");
gives("filled by a callback", "[ 1, 2 ]");
gives("async under way", "[ 40, 'later' ]");
gives("method and static field", "[ 1, 11, 50 ]");
gives("default parameters", "[ 60, 120 ]");
gives("taken apart later", "[ 60, 1, [ 5, 6 ] ]");
gives("exported names", "[ 2, 2 ]");
gives("used anew", "[ 4, 1, 2 ]");
test("what a class, an enum or a variable was declared as anew is checked", () => {
  failsWith("changed type", "TypeScriptError", /Type 'Colour' is not assignable to type 'string'/);
  failsWith("constant", "TypeScriptError", /Cannot assign to 'free' because it is a constant/);
});
gives("hoisted", "'hoisted'");
gives("var in a loop", "3");
test("names declared before an error exist, those after it do not", () => {
  assert.equal(result(of("reached")), "6");
  failsWith("unreached", "TypeScriptError", /Cannot find name 'unreached'/);
});
test("completion counts characters as Jupyter does", () => {
  assert.deepEqual([of("complete").matches, of("complete").cursor_start], [["kept"], 15]);
});
test("paths of imports are completed by folders and files, a name in braces by what is exported", () => {
  assert.deepEqual([of("path").matches, of("path").cursor_start], [["show"], 33]);
  assert.deepEqual(of("path of a file").matches, ["table"]);
  assert.deepEqual(of("name in braces").matches, ["mangaTask"]);
});
test("inspection tells what a function throws", () =>
  assert.match(of("inspect what throws").data?.["text/plain"] ?? "", /\n@throws DataError with file, line/));
test("inspection shows the type", () => assert.equal(of("inspect").data?.["text/plain"], "const kept: 42"));
test("incomplete code is known", () =>
  assert.deepEqual([of("incomplete").status, of("complete code").status], ["incomplete", "complete"]));
test("an open template literal wants more lines, and what no line can end is invalid", () =>
  assert.deepEqual([of("open template").status, of("never complete").status], ["incomplete", "invalid"]));
test("a cell that is not to be stored is neither counted nor in the history", () => {
  assert.equal(of("not counted").execution_count, of("counted").execution_count);
  assert.deepEqual(of("history").history, [[0, of("counted").execution_count, "'counted'"]]);
});
test("the history is searched", () =>
  assert.deepEqual(
    of("searched").history?.map(([, , code]) => code),
    ["function helper() { return 'new'; }"],
  ));
test("expressions asked for with a cell are answered, each with its value or error", () => {
  const answers = of("expressions").user_expressions;
  assert.equal(answers?.good.data?.["text/plain"], "43");
  assert.deepEqual([answers?.bad.status, answers?.bad.ename], ["error", "TypeScriptError"]);
});
gives("null", "null");
gives("newer methods", "[ [ 1, 3 ], 2, [ 9 ], true ]");
gives("map", "Map(1) {\n  'a' => {\n    b: [ 1, { c: { d: 1 } } ]\n  }\n}");
test("the value of a tensor is its numbers, with type and shape", () => {
  assert.match(result(of("tensor")) ?? "", /float32[\s\S]*shape: \[2,2\][\s\S]*\[\[1, 2\],\s+\[3, 4\]\]/);
  assert.match(result(of("disposed tensor")) ?? "", /isDisposedInternal: true/);
});
test("the value of a table is its rows", () =>
  assert.match(result(of("table")) ?? "", / 0 +│ 漫画 +│ 1 [\s\S]* 1 +│ a +│ 2 /));
gives("async arrow", "[AsyncFunction (anonymous)]");
test("a cell takes away what it has shown", () => {
  assert.deepEqual(
    of("clear").outputs.map(({ type }) => type),
    ["execute_input", "clear_output"],
  );
});
test("a module cell has its own lines", () => {
  assert.match(
    failsWith("of a module cell", "Error", "of a module").traceback?.[1] ?? "",
    /\(util\.ts:3:9\)$/,
  );
});
for (const { name } of cells) {
  if (name?.startsWith("interrupt: ")) {
    test(name, () => assert.ok(failsWith(name, "Interrupted", /./).seconds < 10));
  }
}
test("a cell's AbortSignal is aborted", () => assert.equal(of("interrupt: signal").stdout, "aborted\n"));
gives("after interrupts", "42");
test("names defined before an interrupt exist, those after it do not", () => {
  assert.equal(result(of("before the interrupt")), "11");
  failsWith("after the interrupt", "TypeScriptError", /Cannot find name 'afterStop'/);
});
test("a missing import is an error", () =>
  void failsWith("missing", "TypeScriptError", /Cannot find module/));
gives("no longer missing", "5");
test("a missing package is an error", () =>
  void failsWith("missing package", "TypeScriptError", /Cannot find module/));
gives("new package", "7");
gives("imported", "5");
gives("edited", "500");
gives("not edited", "1");
test("a type error in an imported file names the file", () => {
  failsWith(
    "edited wrongly",
    "TypeScriptError",
    `${folder}/deep/inner.ts:1:14 - Type 'number' is not assignable to type 'string'.`,
  );
});
gives("edited again", "'text'");
test("modules that an interrupt left half loaded are loaded again", () => {
  failsWith("half loaded", "Interrupted", /./);
  assert.equal(result(of("loaded whole")), "'whole'");
  failsWith("half package", "Interrupted", /./);
  assert.equal(result(of("whole package")), "'all of it'");
});
test("half a surrogate pair is written as a mark, so that the notebook can be saved", () =>
  assert.equal(of("half a surrogate pair").stdout, "a\ufffdb\n"));
gives("circle", "11");
gives("folder", "'index'");
gives("dot", "'dot'");
test("an import from above says where imports start", () =>
  void failsWith("above", "TypeScriptError", /write '\.\/lib/));
test("an import of an old place names the new one", () => {
  void failsWith("old place", "TypeScriptError", /write '\.\/lib\/support\/files'/);
  void failsWith("old room", "TypeScriptError", /write '\.\/lib\/experiment\/trials'/);
});
test("an import of an old name says the new one", () =>
  void failsWith("old name", "TypeScriptError", /called ListedError now/));
test("a trace has the lines of an imported source", () => {
  assert.match(
    failsWith("trace", "Error", "in a file").traceback?.slice(1).join() ?? "",
    /^ +at bad \(kernel-\d+\.tmp\/bad\.ts:5:9\), +at cell \(\[cell \d+\]:2:\d+\)$/,
  );
});
test("a loop in an imported source is interrupted", () =>
  void failsWith("loop of a file", "Interrupted", /./));
gives("last", "64");
test("what fails after the last cell is written down and makes the exit status 1", () => {
  assert.equal(session.exit, 1);
  assert.equal((JSON.parse(readFileSync(late, "utf8")) as Answer).evalue, "after the last cell");
});
