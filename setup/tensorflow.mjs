// @ts-check
/** Which TensorFlow computes here: the plan's choice carried out, and noted for the next call. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { machineFacts, venvPython } from "./facts.mjs";
import { cacheFolder, writeBeside } from "./files.cjs";
import { fingerprint, readJson, stateFolder } from "./files.mjs";
import { addonSources, ensureAddon, ensureLibraries, installedAddon, isInstalled } from "./native.mjs";
import { gpuVariables, plan } from "./plan.mjs";
import { SetupError, say } from "./shell.mjs";

/**
 * @typedef {import("./plan.mjs").Wish} Wish
 * @typedef {object} Runtime what set-up chose, kept in .setup/runtime.json
 * @property {Wish} wish @property {"native" | "wasm"} backend @property {"cpu" | "gpu"} runtime
 * @property {string} key of everything the choice was made from
 * @property {string} [tensorflow] version
 * @property {boolean} [gpu] a GPU computed in the smoke test
 * @property {string} [reason] @property {string} [remedy] why it is not native, and what to do
 * @property {Readonly<Record<string, string>>} variables for the processes that compute
 * @property {number} [failedAt] milliseconds since 1970
 */

const runtimePath = join(stateFolder, "runtime.json");
const RETRY_MS = 3_600_000; // a failed download is tried again after an hour, or by `npm run setup`

/**
 * What set-up chose last; undefined before the first time.
 * @returns {Runtime | undefined}
 */
export function readRuntime() {
  return readJson(runtimePath);
}

/**
 * Chooses, and where the choice is native: fetches, builds, tests, installs. Where that fails: says so and
 * takes wasm. Needs node_modules and .venv (pip fetches the wheel).
 * @param {{ wish?: Wish, again?: boolean }} options `wish` replaces the one asked for earlier; `again`
 *   retries what failed
 * @returns {Promise<Runtime>}
 */
export async function ensureTensorflow({ wish, again = false } = {}) {
  const before = readRuntime();
  const wished = wish ?? before?.wish ?? "auto";
  const machine = machineFacts();
  const chosen = plan(machine, wished);
  const key = fingerprint(
    JSON.stringify(chosen),
    JSON.stringify(machine.driverFolders),
    cacheFolder(),
    addonSources(),
  );
  const retry = again || (before?.failedAt !== undefined && Date.now() - before.failedAt > RETRY_MS);
  if (before?.key === key && !retry && (before.backend === "wasm" || isInstalled(key))) {
    if (before.backend === "wasm") sayWasm(before);
    return before;
  }
  /** @type {Runtime} */
  let runtime = { wish: wished, key, backend: "wasm", runtime: "cpu", variables: {} };
  if (chosen.backend === "wasm") {
    runtime = { ...runtime, reason: chosen.reason, remedy: chosen.remedy };
  } else {
    chosen.notes.forEach(say);
    try {
      const home = await ensureLibraries(chosen, venvPython);
      const variables = gpuVariables(chosen, machine, home);
      const tested = await ensureAddon(home, String(machine.compiler), key, variables);
      runtime = { ...runtime, ...tested, backend: "native", runtime: chosen.runtime, variables };
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      runtime = {
        ...runtime,
        reason: error.message,
        remedy: "npm run setup tries again",
        failedAt: Date.now(),
      };
    }
  }
  if (runtime.backend === "wasm") {
    rmSync(installedAddon, { force: true }); // what is there decides what setup/tfjs-node loads
    sayWasm(runtime);
  }
  writeBeside(runtimePath, JSON.stringify(runtime, null, 2));
  return runtime;
}

/** @param {Runtime} runtime */
function sayWasm({ reason, remedy }) {
  say(`native TensorFlow is not used: ${reason}`);
  say(`the wasm backend computes instead (one thread, small models only, several times slower). ${remedy}`);
}
