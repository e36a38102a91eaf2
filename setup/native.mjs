// @ts-check
/**
 * Native TensorFlow: a pinned wheel's libraries in the cache folder, and tfjs-node-gpu's addon built against
 * them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, projectRoot, withLock, writeBeside } from "./files.cjs";
import { fingerprint, makeBeside, readJson, sha256OfFile, sweep } from "./files.mjs";
import { pythonEnvironment } from "./python.mjs";
import { capture, must, SetupError, sayOnce, timed, withVariables } from "./shell.mjs";
import { headers } from "./wheels.mjs";

const packageFolder = join(projectRoot, "node_modules", "@tensorflow", "tfjs-node-gpu");
const bindingFolder = join(packageFolder, "binding");
const front = join(projectRoot, "setup", "front.cc");
const ownMemory = join(projectRoot, "setup", "own-memory.h");
const ownOps = ["adam.cc", "lstm.cc"].map((name) => join(projectRoot, "setup", name));
const ownOpHeader = join(projectRoot, "setup", "own-op.h");
const cudaRequirements = join(projectRoot, "setup", "cuda.txt");
const flags = /** @type {const} */ ([
  ...["-std=c++17", "-O3", "-fPIC", "-shared", "-pthread", "-DNAPI_VERSION=8"],
  ...["-fno-math-errno", "-ffp-contract=off"], // adam.cc in vectors, with the bits of single operations
]);
const noInstructions = "this processor lacks instructions that TensorFlow was built for (AVX)";

/** Where tfjs-node-gpu looks for its addon: if it is there, native TensorFlow computes. */
export const installedAddon = join(packageFolder, "lib", "napi-v8", "tfjs_binding.node");
const installedStamp = join(dirname(installedAddon), "komalab.json");

/**
 * What the addon is made from.
 * @returns {string}
 */
export function addonSources() {
  const sources = existsSync(bindingFolder)
    ? readdirSync(bindingFolder)
        .sort()
        .map((name) => readFileSync(join(bindingFolder, name)))
    : [];
  return fingerprint(
    ...sources,
    ...[front, ownMemory, ...ownOps, ownOpHeader].map((file) => readFileSync(file)),
    flags.join(" "),
  );
}

/**
 * True if node_modules has the addon of this key, and the cache folder what it loads.
 * @param {string} key
 * @returns {boolean}
 */
export function isInstalled(key) {
  const stamp = readJson(installedStamp);
  return stamp?.key === key && existsSync(installedAddon) && existsSync(stamp.real);
}

/**
 * The libraries and headers, unpacked once into the cache folder.
 * @param {import("./plan.mjs").NativePlan} chosen
 * @param {string} python
 * @returns {Promise<string>} the folder that holds tensorflow/ and, for a GPU, nvidia/
 */
export async function ensureLibraries({ wheel, cuda }, python) {
  const parts = [wheel.sha256, ...wheel.libraries, ...headers, cuda ? readFileSync(cudaRequirements) : ""];
  const home = join(
    cacheFolder(),
    `${wheel.name}-${wheel.version}-${wheel.tag}-${fingerprint(...parts).slice(0, 8)}`,
  );
  if (existsSync(home)) return home;
  await withLock(
    `${home}.lock`,
    async () => {
      if (existsSync(home)) return;
      await makeBeside(home, async (made) => {
        const what = `TensorFlow ${wheel.version} (${wheel.megabytes} MB) into ${home}`;
        await timed(what, () => unpackWheel(wheel, python, made));
        if (cuda) await timed("CUDA and cuDNN libraries (4 GB)", () => installCuda(python, made));
      });
    },
    sayOnce("another set-up is fetching TensorFlow; waiting for it"),
  );
  return home;
}

/**
 * What pip is told wherever it fetches binaries: these versions by their hashes, nothing else, no second copy
 * in pip's cache.
 */
const pinned = ["-q", "--no-cache-dir", "--no-deps", "--only-binary=:all:", "--require-hashes"];

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
  const choice = `--python-version 3.11 --implementation cp --abi cp311 --platform ${tag}`.split(" ");
  const args = [
    ...pinned,
    ...choice,
    "--retries",
    "2",
    "--timeout",
    "30",
    "-d",
    download,
    "-r",
    requirements,
  ];
  await must(python, ["-m", "pip", "download", ...args], { env: pythonEnvironment() });
  const wheel = readdirSync(download).find((file) => file.endsWith(".whl"));
  if (!wheel || sha256OfFile(join(download, wheel)) !== sha256) {
    throw new SetupError(`pip did not bring the wheel of ${name} ${version} with SHA-256 ${sha256}`);
  }
  const names = [...libraries, ...headers.map((file) => `include/${file}`)].map(
    (file) => `tensorflow/${file}`,
  );
  await must(python, ["-c", extractor, join(download, wheel), target, ...names], {
    env: pythonEnvironment(),
  });
  rmSync(download, { recursive: true });
}

/** @param {string} python @param {string} target */
async function installCuda(python, target) {
  const args = [...pinned, "--no-compile", "--target", target, "-r", cudaRequirements];
  await must(python, ["-m", "pip", "install", ...args], { env: pythonEnvironment() });
}

/**
 * The addon: built in the cache folder, accepted only after it has computed, then put into node_modules.
 * @param {string} home
 * @param {string} compiler
 * @param {string} key
 * @param {Readonly<Record<string, string>>} variables
 * @returns {Promise<{ tensorflow: string, gpu: boolean }>}
 */
export async function ensureAddon(home, compiler, key, variables) {
  const folder = join(home, `addon-${key}`);
  const real = join(folder, "tfjs_binding.node");
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return;
      const build = (/** @type {string} */ made) => compile(home, compiler, made, real);
      await timed("TensorFlow's addon (compiled)", () => makeBeside(folder, build));
    },
    sayOnce("another set-up is compiling the addon; waiting for it"),
  );
  const result = await smokeTest(join(folder, "front.node"), variables);
  if (!result.ok) {
    rmSync(folder, { recursive: true, force: true });
    throw new SetupError(`the addon was built but does not compute here: ${result.message}`);
  }
  sweep(installedAddon);
  writeBeside(installedAddon, readFileSync(join(folder, "front.node")));
  writeBeside(installedStamp, JSON.stringify({ key, real }));
  return { tensorflow: result.tensorflow, gpu: result.gpu };
}

/**
 * @param {string} home
 * @param {string} compiler
 * @param {string} made folder to build in
 * @param {string} real path that the addon will have
 */
async function compile(home, compiler, made, real) {
  const nodeHeaders = join(projectRoot, "node_modules", "node-api-headers", "include");
  const libraryFolder = join(home, "tensorflow");
  const mac = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : []; // Node has the functions
  const common = [...flags, ...mac, `-I${nodeHeaders}`];
  const sources = readdirSync(bindingFolder)
    .filter((name) => name.endsWith(".cc"))
    .map((name) => join(bindingFolder, name));
  const libraries = readdirSync(libraryFolder)
    .filter((name) => name.startsWith("libtensorflow"))
    .map((name) => join(libraryFolder, name));
  const includes = `-I${join(libraryFolder, "include")}`;
  const output = (/** @type {string} */ name) => ["-o", join(made, name)];
  const addon = [
    ...common,
    includes,
    "-include",
    ownMemory,
    ...sources,
    ...ownOps,
    ...output("tfjs_binding.node"),
    ...libraries,
    `-Wl,-rpath,${libraryFolder}`,
  ];
  const loader = [...common, `-DADDON="${real}"`, front, ...output("front.node"), "-ldl"];
  await Promise.all([must(compiler, addon), must(compiler, loader)]);
}

/**
 * Lets an addon compute in a process of its own.
 * @param {string} addon @param {Readonly<Record<string, string>>} variables
 * @returns {Promise<{ ok: true, tensorflow: string, gpu: boolean } | { ok: false, message: string }>}
 */
export async function smokeTest(addon, variables) {
  const env = withVariables(process.env, variables);
  const { code, signal, out, all } = await capture(
    process.execPath,
    [join(projectRoot, "setup", "smoke.cjs"), addon],
    {
      env,
      timeoutSeconds: 300,
    },
  );
  if (code === 0) return { ok: true, ...JSON.parse(out) };
  return {
    ok: false,
    message: `${signal === "SIGILL" ? noInstructions : (signal ?? `exit code ${code}`)}\n${all.trim()}`,
  };
}
