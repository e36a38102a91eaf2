// @ts-check
/** Native TensorFlow: a pinned wheel's libraries in the cache folder, and the addon of tfjs-node-gpu built against them; where that cannot be, wasm. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { machineFacts, venvPython } from "./facts.mjs";
import { cacheFolder, fingerprint, projectRoot, readJson, sha256OfFile, stateFolder, swapIn, sweep, temporaryName, withLock, writeBeside } from "./files.mjs";
import { gpuVariables, plan } from "./plan.mjs";
import { pythonEnvironment } from "./python.mjs";
import { capture, must, say, SetupError, timed } from "./shell.mjs";
import { headers } from "./wheels.mjs";

/**
 * @typedef {import("./plan.mjs").Wish} Wish
 * @typedef {object} Runtime what set-up chose, kept in .setup/runtime.json
 * @property {Wish} wish @property {"native" | "wasm"} backend @property {"cpu" | "gpu"} runtime
 * @property {string} key of everything the choice was made from @property {string} [tensorflow] version @property {boolean} [gpu] a GPU computed in the smoke test
 * @property {string} [reason] @property {string} [remedy] why it is not native, and what to do
 * @property {Readonly<Record<string, string>>} variables for the processes that compute @property {number} [failedAt] milliseconds since 1970
 */

const packageFolder = join(projectRoot, "node_modules", "@tensorflow", "tfjs-node-gpu");
const bindingFolder = join(packageFolder, "binding");
export const installedAddon = join(packageFolder, "lib", "napi-v8", "tfjs_binding.node");
const installedStamp = join(dirname(installedAddon), "komalab.json");
const front = join(projectRoot, "setup", "front.cc");
const cudaRequirements = join(projectRoot, "setup", "cuda.txt");
export const runtimePath = join(stateFolder, "runtime.json");
const flags = /** @type {const} */ (["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"]);
const RETRY_MS = 3_600_000; // a failed download is tried again after an hour, or by `npm run setup`

/**
 * What set-up chose last; undefined before the first time.
 * @returns {Runtime | undefined}
 */
export function readRuntime() {
  return readJson(runtimePath);
}

/**
 * Chooses, and where the choice is native: fetches, builds, tests, installs. What failed is said and wasm taken instead.
 * Needs node_modules and .venv (pip fetches the wheel).
 * @param {{ wish?: Wish, again?: boolean }} options `wish` replaces the one asked for earlier; `again` retries what failed
 * @returns {Promise<Runtime>}
 */
export async function ensureTensorflow({ wish, again = false } = {}) {
  const before = readRuntime();
  const wished = wish ?? before?.wish ?? "auto";
  const machine = machineFacts();
  const chosen = plan(machine, wished);
  const key = fingerprint(JSON.stringify(chosen), JSON.stringify(machine.driverFolders), cacheFolder(), sourcesKey());
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
      runtime = { ...runtime, reason: error.message, remedy: "npm run setup tries again", failedAt: Date.now() };
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

/** What the addon is made from. */
function sourcesKey() {
  const sources = existsSync(bindingFolder) ? readdirSync(bindingFolder).sort().map((name) => readFileSync(join(bindingFolder, name))) : [];
  return fingerprint(...sources, readFileSync(front), flags.join(" "));
}

/** @param {string} key */
function isInstalled(key) {
  const stamp = readJson(installedStamp);
  return stamp?.key === key && existsSync(installedAddon) && existsSync(stamp.real);
}

/**
 * The libraries and headers, unpacked once into the cache folder.
 * @param {import("./plan.mjs").NativePlan} chosen @param {string} python @returns {Promise<string>} the folder that holds tensorflow/ and, for a GPU, nvidia/
 */
async function ensureLibraries({ wheel, cuda }, python) {
  const parts = [wheel.sha256, ...wheel.libraries, ...headers, cuda ? readFileSync(cudaRequirements) : ""];
  const home = join(cacheFolder(), `${wheel.name}-${wheel.version}-${wheel.tag}-${fingerprint(...parts).slice(0, 8)}`);
  if (existsSync(home)) return home;
  await withLock(`${home}.lock`, async () => {
    if (existsSync(home)) return;
    sweep(home);
    const made = temporaryName(home);
    mkdirSync(made, { recursive: true });
    await timed(`TensorFlow ${wheel.version} (${wheel.megabytes} MB) into ${home}`, () => unpackWheel(wheel, python, made));
    if (cuda) {
      const args = ["-m", "pip", "install", "-q", "--no-cache-dir", "--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--target", made, "-r", cudaRequirements];
      await timed("CUDA and cuDNN libraries (4 GB)", () => must(python, args, { env: pythonEnvironment() }));
    }
    renameSync(made, home);
  }, () => say("another set-up is fetching TensorFlow; waiting for it"));
  return home;
}

// The wheel is a zip file of 1.3 GB in 14,000 files, of which 16 are used.
const extractor = `
import sys, zipfile
archive, target, *names = sys.argv[1:]
with zipfile.ZipFile(archive) as wheel:
    for name in names: wheel.extract(name, target)
`;

/** @param {import("./wheels.mjs").Wheel} wheel @param {string} python @param {string} target */
async function unpackWheel({ name, version, tag, sha256, libraries }, python, target) {
  const download = join(target, "download");
  mkdirSync(download);
  const requirements = join(download, "requirements.txt");
  writeFileSync(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  const platform = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform", tag];
  const args = ["-q", "--no-cache-dir", "--no-deps", "--only-binary=:all:", "--require-hashes", ...platform, "-d", download, "-r", requirements];
  await must(python, ["-m", "pip", "download", "--retries", "2", "--timeout", "30", ...args], { env: pythonEnvironment() });
  const wheel = readdirSync(download).find((file) => file.endsWith(".whl"));
  if (!wheel || sha256OfFile(join(download, wheel)) !== sha256) throw new SetupError(`pip did not bring the wheel of ${name} ${version} with SHA-256 ${sha256}`);
  const names = [...libraries.map((file) => `tensorflow/${file}`), ...headers.map((file) => `tensorflow/include/${file}`)];
  await must(python, ["-c", extractor, join(download, wheel), target, ...names]);
  rmSync(download, { recursive: true });
}

/**
 * The addon: built in the cache folder, accepted only after it has computed, then put into node_modules.
 * @param {string} home @param {string} compiler @param {string} key @param {Readonly<Record<string, string>>} variables
 * @returns {Promise<{ tensorflow: string, gpu: boolean }>}
 */
async function ensureAddon(home, compiler, key, variables) {
  const folder = join(home, `addon-${key}`);
  const real = join(folder, "tfjs_binding.node");
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    sweep(folder);
    const made = temporaryName(folder);
    mkdirSync(made);
    await timed("TensorFlow's addon (compiled)", () => compile(home, compiler, made, real));
    swapIn(made, folder);
  }, () => say("another set-up is compiling the addon; waiting for it"));
  const result = await smokeTest(join(folder, "front.node"), variables);
  if (!result.ok) {
    rmSync(folder, { recursive: true, force: true });
    throw new SetupError(`the addon was built but does not compute here: ${result.message}`);
  }
  const beside = temporaryName(installedAddon);
  mkdirSync(dirname(installedAddon), { recursive: true });
  sweep(installedAddon);
  copyFileSync(join(folder, "front.node"), beside);
  renameSync(beside, installedAddon);
  writeBeside(installedStamp, JSON.stringify({ key, real }));
  return { tensorflow: result.tensorflow, gpu: result.gpu };
}

/** @param {string} home @param {string} compiler @param {string} made folder to build in @param {string} real path that the addon will have */
async function compile(home, compiler, made, real) {
  const nodeHeaders = join(projectRoot, "node_modules", "node-api-headers", "include");
  const libraryFolder = join(home, "tensorflow");
  const common = [...flags, `-I${nodeHeaders}`];
  const mac = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const sources = readdirSync(bindingFolder).filter((name) => name.endsWith(".cc")).map((name) => join(bindingFolder, name));
  const libraries = readdirSync(libraryFolder).filter((name) => name.startsWith("libtensorflow")).map((name) => join(libraryFolder, name));
  const addon = [...common, ...mac, `-I${join(libraryFolder, "include")}`, ...sources, "-o", join(made, "tfjs_binding.node"), ...libraries, `-Wl,-rpath,${libraryFolder}`];
  const loader = [...common, ...mac, `-DADDON="${real}"`, front, "-o", join(made, "front.node"), ...(mac.length ? [] : ["-ldl"])];
  await Promise.all([must(compiler, addon), must(compiler, loader)]);
}

/**
 * Lets an addon compute in a process of its own.
 * @param {string} addon @param {Readonly<Record<string, string>>} variables
 * @returns {Promise<{ ok: true, tensorflow: string, gpu: boolean } | { ok: false, message: string }>}
 */
export async function smokeTest(addon, variables) {
  const env = withVariables(process.env, variables);
  const { code, signal, out, all } = await capture(process.execPath, [join(projectRoot, "setup", "smoke.cjs"), addon], { env, timeoutSeconds: 300 });
  if (code === 0) return { ok: true, ...JSON.parse(out) };
  return { ok: false, message: `${signal === "SIGILL" ? "this processor lacks instructions that TensorFlow was built for (AVX)" : signal ?? `exit code ${code}`}\n${all.trim()}` };
}

/**
 * `env` with `variables`, those that are paths put in front.
 * @param {NodeJS.ProcessEnv} env @param {Readonly<Record<string, string>>} variables @returns {NodeJS.ProcessEnv}
 */
export function withVariables(env, variables) {
  const result = { ...env };
  for (const [name, value] of Object.entries(variables)) {
    const present = env[name];
    result[name] = !present ? value : name.endsWith("PATH") ? `${value}:${present}` : `${value} ${present}`;
  }
  return result;
}
