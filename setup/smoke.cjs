// @ts-check
/**
 * Proves that an addon computes, in a process of its own, so that a crash is seen and not suffered: `node
 * setup/smoke.cjs <tfjs_binding.node>` prints {"tensorflow": "2.21.0", "devices": [...]} or ends with an
 * error.
 */
"use strict";
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
Object.assign(require("node:util"), {
  isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
}); // as in tfjs-node/index.js
const tf = require("@tensorflow/tfjs");
const { NodeJSKernelBackend } = require("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend");
require("@tensorflow/tfjs-node-gpu/dist/register_all_kernels");

/** @param {string} what @param {ArrayLike<number>} found @param {number[]} wanted */
function expect(what, found, wanted) {
  const same =
    found.length === wanted.length && wanted.every((value, i) => Math.abs(value - found[i]) < 1e-6);
  if (!same) throw new Error(`${what} gave [${Array.from(found)}], not [${wanted}]`);
}

const binding = require(process.argv[2]);
const backend = new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu");
tf.registerBackend("tensorflow", () => backend, 3);
if (!tf.setBackend("tensorflow") || tf.getBackend() !== "tensorflow")
  throw new Error("TensorFlow.js did not take the backend");

const x = tf.tensor2d([
  [1, 2],
  [3, 4],
]);
expect("matMul", tf.matMul(x, x).dataSync(), [7, 10, 15, 22]);
expect(
  "a gradient",
  tf
    .grad((/** @type {any} */ v) => tf.sum(tf.square(v)))(x)
    .dataSync(),
  [2, 4, 6, 8],
);
const type = [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
expect("the native op L2Loss", backend.executeSingleOutput("L2Loss", type, [x]).dataSync(), [15]);
const { TF_Version: tensorflow } = binding;
process.stdout.write(`${JSON.stringify({ tensorflow, gpu: backend.isUsingGpuDevice })}\n`);
