// @ts-check
/**
 * TensorFlow.js with the backend of this machine: native where set-up has built its addon, else wasm;
 * KOMALAB_BACKEND=native or wasm asks for one. Pure JavaScript, a hundred times slower, is never taken. On
 * wasm `tf.node` and file:// handlers are absent, and `await tf.ready()` must come before the first tensor.
 */

const { existsSync, readFileSync } = require("node:fs");
const path = require("node:path");
const util = require("node:util");

const root = path.resolve(__dirname, "..", "..");

/** The addon that set-up puts in place. */
function addonPath() {
  return path.join(
    path.dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")),
    "lib",
    "napi-v8",
    "tfjs_binding.node",
  );
}

/** Why set-up built no addon. */
function reason() {
  try {
    return (
      JSON.parse(readFileSync(path.join(root, ".setup", "runtime.json"), "utf8")).reason ??
      "its addon is gone"
    );
  } catch {
    return "set-up has not run yet";
  }
}

function loadNative() {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // errors only; TensorFlow reads it while it is loaded
  // tfjs-node calls them; deprecated in Node 22, gone in 23
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
  });
  return require("@tensorflow/tfjs-node-gpu");
}

/**
 * In the kernel an interrupt may end an operation, a gradient or a recording (packages/tfjs-graph) without
 * its `finally`: nothing would have a gradient from then on.
 * @param {any} tf
 */
function keepWhole(tf) {
  const mends = /** @type {any} */ (globalThis)[Symbol.for("komalab.mends")];
  if (!mends) return;
  const backend = native ? tf.backend() : {};
  const { binding } = backend;
  const engine = tf.engine();
  mends.add(() => {
    Object.assign(backend, { binding });
    Object.assign(engine.state, {
      kernelDepth: 0,
      gradientDepth: 0,
      activeTape: null,
      numDataMovesStack: [],
    });
    while (engine.state.scopeStack.length > 0) engine.endScope();
  });
}

function loadWasm() {
  const tf = require("@tensorflow/tfjs");
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}${path.sep}`);
  // In Node the threaded build cannot start its workers, and TensorFlow.js would then fall back to pure
  // JavaScript without a word.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  tf.removeBackend("cpu"); // (webgl registers itself in browsers only)
  tf.setBackend("wasm"); // loads in the background: callers await tf.ready()
  return tf;
}

const wish = process.env.KOMALAB_BACKEND;
if (wish && wish !== "native" && wish !== "wasm")
  throw new Error(`KOMALAB_BACKEND is "${wish}": it must be "native" or "wasm"`);
const native = wish ? wish === "native" : existsSync(addonPath());
if (native && !existsSync(addonPath()))
  throw new Error(`KOMALAB_BACKEND asks for native TensorFlow, but ${reason()}: run \`npm run setup\``);
if (!native && !wish) {
  process.stderr.write(
    `komalab: TensorFlow's wasm backend computes (small models only), because ${reason().split("\n")[0]}. ` +
      "`npm run doctor` says what to do.\n",
  );
}
module.exports = native ? loadNative() : loadWasm();
keepWhole(module.exports);
