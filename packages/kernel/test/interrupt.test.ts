/** Interrupts of a first cell with all imports, and of TensorFlow.js in the middle of a training step. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Answer, drive, result, script } from "./drive";

const imports = `
import { chooseModel } from "./lib/experiment/trials";
import { show } from "./lib/show/display";
import { frame } from "./packages/danfojs-frame";
import { tf } from "./packages/tfjs-graph/backend";
`;
const training = `
const weights = tf.variable(tf.ones([500, 500])), optimizer = tf.train.sgd(1e-9);
const step = () => optimizer.minimize(() => tf.matMul(weights, weights).square().mean());
const depth = () => Object.entries(tf.engine().state as object).filter(([name]) => /Depth$/.test(name)).map(([, n]) => n);
step();`;
let interrupted: readonly Answer[], whole: Answer, step: Answer, mended: Answer;

before(async () => {
  const steps = [
    { code: imports, interrupt_after: 0.5 },
    { code: imports, interrupt_after: 1 },
    { code: imports, interrupt_after: 1 },
    {
      code: `${imports}[typeof chooseModel, typeof show, (await frame([{ a: 1 }])).shape, tf.add(1, 2).dataSync()[0]]`,
    },
    { code: training },
    { code: "for (;;) step()", interrupt_after: 0.5 },
    { code: "step(); [depth(), tf.engine().state.scopeStack.length]" },
  ];
  const answers = (await drive(steps)).steps;
  interrupted = answers.slice(0, 3);
  [whole, , step, mended] = answers.slice(3);
});

test("an interrupt ends a cell of imports at whatever moment it comes", () => {
  for (const { ename, seconds } of interrupted) {
    assert.equal(ename ?? "Interrupted", "Interrupted"); // loaded in less than a second: nothing to interrupt
    assert.ok(seconds < 10, String(seconds));
  }
});
test("what interrupts left half loaded is loaded whole", () =>
  assert.equal(result(whole), "[ 'function', 'function', [ 1, 1 ], 3 ]"));
test("after an interrupt in the middle of a training step TensorFlow.js trains on", () => {
  assert.equal(step.ename, "Interrupted");
  assert.equal(result(mended), "[ [ 0, 0 ], 0 ]");
});
test("an interrupt while types are read stops at the next file, and what was read stays read", () => {
  const seen = script(`
    const root = process.cwd(), load = require("node:module").createRequire(root + "/package.json");
    let left = Infinity, asked = 0;
    const checkpoint = () => { asked++; if (--left < 0) { left = Infinity; throw new Error("stopped"); } };
    const compiler = require(root + "/packages/kernel/compile.cjs").createCompiler(root, load, checkpoint);
    compiler.warm();
    const code = 'import { tf } from "./packages/tfjs-graph/backend"; const one: number = tf.ones([1]).dataSync()[0];';
    const compile = (before, text) => {
      asked = 0;
      try { return [compiler.compile(before, text, "[cell]").declarations, asked]; } catch (error) { return [error.message, asked]; }
    };
    const seen = [];
    for (const after of [0, 2, 200]) {
      left = after;
      seen.push(compile("", code));
      left = Infinity;
      seen.push(compile("", "let other = 1;")[0]);
    }
    const [declarations, files] = compile("", code);
    seen.push(files > 50, compile(declarations, "const text: string = one;")[0]);
    console.log(JSON.stringify(seen));
    process.exit();`);
  assert.deepEqual(seen, [
    ...[1, 3, 201].flatMap((asked) => [["stopped", asked], "declare let other: number;\n"]),
    true,
    "[cell]:1:7 - Type 'number' is not assignable to type 'string'.",
  ]);
});
