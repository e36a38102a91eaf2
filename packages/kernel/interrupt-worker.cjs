// @ts-check
"use strict";
/**
 * Waits for SIGINT for ever. `breakOnSigint` is the only way in which Node lets a thread hear a signal while
 * the main thread is blocked. The two waits are nested, so that Node's signal handler stays in place while
 * the inner one is being set up again (without any it would end the process).
 */
const inspector = require("node:inspector");
const vm = require("node:vm");
const { parentPort, workerData } = require("node:worker_threads");

const state = /** @type {Int32Array} */ (workerData);
const never = new Int32Array(new SharedArrayBuffer(4));
const TURN_MS = 300; // a main thread that does not answer for so long is blocked

/** Tells the main thread of the interrupt; where it does not answer, the user's code in it is terminated. */
function tellMainThread() {
  Atomics.store(state, 0, 0);
  parentPort?.postMessage("interrupt");
  while (Atomics.wait(state, 0, 0, TURN_MS) === "timed-out") {
    if (Atomics.load(state, 1) === 0) continue; // the kernel itself is at work, with a type check for instance
    const session = new inspector.Session();
    session.connectToMainThread();
    Atomics.store(state, 2, 1);
    session.post("Runtime.terminateExecution");
    Atomics.wait(state, 0, 0, 2000);
    session.disconnect();
  }
}

/** Runs code that waits for ever; returns once SIGINT has ended it. @param {string} code */
function untilInterrupted(code) {
  try {
    vm.runInThisContext(code, { breakOnSigint: true });
  } catch {
    tellMainThread();
  }
}

const shared = {
  inner: () => {
    for (;;) untilInterrupted("komalab.sleep()");
  },
  sleep: () => Atomics.wait(never, 0, 0),
};
Object.assign(globalThis, { komalab: shared });
for (;;) untilInterrupted("komalab.inner()");
