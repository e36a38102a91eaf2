import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { projectRoot } from "../../lib/support/files";

const addon = join(
  projectRoot,
  "node_modules",
  "@tensorflow",
  "tfjs-node-gpu",
  "lib",
  "napi-v8",
  "tfjs_binding.node",
);
const skip = existsSync(addon) ? false : "native TensorFlow is not built here";

/** What a program prints under the backend asked for. */
function run(program: string, backend: string) {
  const env = { ...process.env, KOMALAB_BACKEND: backend };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", program], {
    cwd: projectRoot,
    env,
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

test("wasm computes when it is asked for, and pure JavaScript is not even registered", () => {
  const program = `const tf = require("@tensorflow/tfjs-node");
    const product = () => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync().join();
    tf.ready().then(() => console.log(tf.getBackend(), tf.findBackend("cpu"), product()))`;
  assert.deepEqual(run(program, "wasm"), { stdout: "wasm null 2,2,2,2\n", stderr: "", status: 0 });
});

test("danfojs reckons on wasm", () => {
  const program = `const { DataFrame } = require("danfojs-node");
    const frame = new DataFrame({ touch: ["a", "a", "b"], accuracy: [0.5, 0.7, 0.9] });
    const means = () => frame.groupby(["touch"]).col(["accuracy"]).mean().values;
    require("@tensorflow/tfjs-node").ready().then(() => console.log(JSON.stringify(means())))`;
  const { stdout, status } = run(program, "wasm");
  assert.equal(status, 0);
  assert.match(stdout, /\[\["a",0\.6\],\["b",0\.9\]\]|\[\["a",0\.6\d*\],\["b",0\.9\d*\]\]/);
});

test("native TensorFlow loads without a word on the terminal", { skip }, () => {
  const program = `const tf = require("@tensorflow/tfjs-node");
    console.log(tf.getBackend(), tf.ones([2]).add(1).dataSync().join())`;
  assert.deepEqual(run(program, "native"), { stdout: "tensorflow 2,2\n", stderr: "", status: 0 });
});

test("danfojs and the library share one TensorFlow", () => {
  const program = `const { createRequire } = require("module");
    const seenBy = (name) => createRequire(require.resolve(name)).resolve;
    const [danfo, ours] = ["danfojs-node", "@tensorflow/tfjs-node"].map(seenBy);
    console.log(danfo("@tensorflow/tfjs-node") === require.resolve("@tensorflow/tfjs-node"));
    console.log(danfo("@tensorflow/tfjs-core") === ours("@tensorflow/tfjs-core"))`;
  assert.equal(run(program, "wasm").stdout, "true\ntrue\n");
});

test("another value of KOMALAB_BACKEND is an error", () => {
  assert.match(
    run(`require("@tensorflow/tfjs-node")`, "cuda").stderr,
    /KOMALAB_BACKEND is "cuda": it must be "native" or "wasm"/,
  );
});

test("set-up's own JavaScript passes its type check", () => {
  execFileSync(
    process.execPath,
    [join(projectRoot, "node_modules", "typescript", "bin", "tsc"), "-p", join(projectRoot, "setup")],
    { stdio: "pipe" },
  );
});
