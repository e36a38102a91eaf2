// @ts-check
"use strict";
/**
 * Stops what a cell is doing. An interrupt (SIGINT) rejects every wait of the user's code, aborts the cell's
 * AbortSignal and ends the cell; where the main thread is blocked, a worker terminates the running JavaScript
 * through the inspector.
 */
const path = require("node:path");
const { Worker } = require("node:worker_threads");

class Interrupted extends Error {
  constructor() {
    super("the cell was interrupted");
    this.name = "Interrupted";
  }
}

/**
 * Rejections of the waits that user code is in; a set and not one promise, whose list of listeners would grow
 * for ever.
 */
const waits = /** @type {Set<(error: unknown) => void>} */ (new Set());
let controller = new AbortController();
/** @type {((error: unknown) => void) | undefined} */
let endCell;

/**
 * [0]: 1 once the main thread has heard of the interrupt; [1]: 1 while user code may be terminated; [2]: 1
 * once some was.
 */
const state = new Int32Array(new SharedArrayBuffer(12));
state[0] = 1;

/**
 * Awaits `value` until it settles or the cell is stopped.
 * @template T
 */
function wait(value) {
  const then =
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    /** @type {any} */ (value).then;
  if (typeof then !== "function") return value;
  return new Promise((resolve, reject) => {
    waits.add(reject);
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => waits.delete(reject));
  });
}

/** The items of `for await`, each awaited as `wait` does. */
function each(items) {
  const source = items[Symbol.asyncIterator]?.() ?? items[Symbol.iterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => wait(source.next()),
      return: (value) => wait(source.return ? source.return(value) : { done: true, value }),
    }),
  };
}

/** Ends the running cell with `error`: its waits reject, its signal is aborted. */
function stop(error) {
  if (!endCell) return false;
  const [end, rejects] = [endCell, [...waits]];
  endCell = undefined;
  waits.clear();
  end(error);
  controller.abort(error);
  for (const reject of rejects) reject(error);
  return true;
}

/**
 * Runs user code so that it can be stopped.
 * @template T
 * @returns {Promise<T>}
 */
function interruptible(work) {
  controller = new AbortController();
  return new Promise((resolve, reject) => {
    endCell = reject;
    // Its own turn of the event loop, in a promise job: when it is terminated, no frame of the kernel is on
    // the stack and no job is lost.
    new Promise((begin) => setImmediate(begin))
      .then(() => {
        state[1] = 1;
        return work();
      })
      .then(resolve, reject);
  }).finally(() => {
    state[1] = 0;
    endCell = undefined;
  });
}

/**
 * Runs short work of the kernel's own that must not be terminated.
 * @template T
 */
function protect(work) {
  const before = state[1];
  state[1] = 0;
  try {
    return work();
  } finally {
    state[1] = before;
  }
}

/** What to call when code was terminated, which runs no `finally`: packages that keep count of something add it. */
const mends = /** @type {Set<() => void>} */ (new Set());

/** Takes note of an interrupt; false if there is none that was not yet heard of. */
function hear() {
  if (Atomics.exchange(state, 0, 1) === 1) return false;
  Atomics.notify(state, 0);
  return true;
}

/**
 * To be called again and again by long work of the kernel's own, which must not be terminated.
 * @throws Interrupted if an interrupt has come
 */
function checkpoint() {
  if (hear()) throw new Interrupted();
}

/** Listens for SIGINT in a worker, which hears it while the main thread is blocked. */
function listen() {
  process.on("SIGINT", () => stop(new Interrupted())); // only while the worker is not yet up
  const worker = new Worker(path.join(__dirname, "interrupt-worker.cjs"), { workerData: state });
  worker.unref();
  worker.on("message", () => {
    if (!hear()) return;
    if (Atomics.exchange(state, 2, 0) === 1) for (const mend of mends) mend();
    stop(new Interrupted());
  });
}

/**
 * What compiled cells (`await`, `for await`), the library (the running cell's AbortSignal) and packages
 * (`mends`) find on globalThis.
 */
function publish() {
  const hidden = { enumerable: false, configurable: true };
  Object.defineProperty(globalThis, "__komalab_wait", { ...hidden, value: wait });
  Object.defineProperty(globalThis, "__komalab_each", { ...hidden, value: each });
  Object.defineProperty(globalThis, Symbol.for("komalab.mends"), { ...hidden, value: mends });
  Object.defineProperty(globalThis, Symbol.for("komalab.abortSignal"), {
    ...hidden,
    get: () => controller.signal,
  });
}

module.exports = { Interrupted, checkpoint, interruptible, listen, protect, publish, stop };
