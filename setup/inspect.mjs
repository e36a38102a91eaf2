// @ts-check
/**
 * What this machine and this folder hold: the rows of `npm run doctor`. Works before anything is installed.
 */
import * as fs from "node:fs"; // whole modules: names that an old Node lacks must not keep it from being told so
import * as os from "node:os";
import { dirname, join } from "node:path";
import {
  findCompiler,
  findPython,
  hasNvidiaDriver,
  machineFacts,
  nodeRange,
  satisfies,
  venvFolder,
  venvPython,
} from "./facts.mjs";
import { featureFolders, featuresLimit } from "./features.cjs";
import { cacheFolder, projectRoot } from "./files.cjs";
import { readJson } from "./files.mjs";
import { gpuLibraryFiles, instructionSets, readMemoryAvailable, versionsOf } from "./machine.mjs";
import { installedAddon, smokeTest } from "./native.mjs";
import { packagesAreInstalled } from "./node.mjs";
import { plan } from "./plan.mjs";
import { venvIsCurrent } from "./python.mjs";
import { capture, findProgram } from "./shell.mjs";
import { readRuntime } from "./tensorflow.mjs";

/**
 * @typedef {"ok" | "absent" | "fault"} State "absent": komalab works without it or makes it itself; "fault":
 *   something must be done
 * @typedef {{ part: string, found: string, state: State, meaning: string, matters: string, remedy: string }}
 *   Finding meaning, matters and remedy are "" where all is well
 */

/** @param {string} part @param {string} found @returns {Finding} */
const ok = (part, found) => ({ part, found, state: "ok", meaning: "", matters: "", remedy: "" });

/**
 * @param {string} part
 * @param {string} found
 * @param {{ meaning: string, matters: string, remedy: string }} why
 * @returns {Finding}
 */
const absent = (part, found, why) => ({ part, found, state: "absent", ...why });

/**
 * @param {string} part
 * @param {string} found
 * @param {{ meaning: string, matters: string, remedy: string }} why
 * @returns {Finding}
 */
const fault = (part, found, why) => ({ part, found, state: "fault", ...why });

const madeByItself = "Any command (npm run report, lab, test, setup) makes it.";

/** @returns {Promise<readonly Finding[]>} */
export async function inspect() {
  return [
    ...(await nodeSide()),
    ...(await pythonSide()),
    ...(await tensorflow()),
    ...processor(),
    ...(await graphics()),
    ...room(),
    features(),
    ...(await fonts()),
  ];
}

/** @returns {Promise<Finding[]>} */
async function nodeSide() {
  const version = process.versions.node;
  const rightNode = satisfies(version, nodeRange());
  const npm = findProgram("npm") ? (await capture("npm", ["--version"])).out.trim() : "";
  const npmWhy = {
    meaning: "npm installs the Node packages.",
    matters: "Yes, for set-up.",
    remedy: "Debian: apt-get install npm; it also comes with Node.js from nodejs.org.",
  };
  const complete = packagesAreInstalled(projectRoot);
  const count = Object.keys(
    readJson(join(projectRoot, "node_modules", ".package-lock.json"))?.packages ?? {},
  ).length;
  return [
    rightNode
      ? ok("Node.js", version)
      : fault("Node.js", version, {
          meaning: `komalab is made for Node.js ${nodeRange()}.`,
          matters: "Yes: tslab's and TensorFlow's packages fail on others.",
          remedy: "Install Node.js 22.",
        }),
    npm ? ok("npm", npm) : fault("npm", "not found", npmWhy),
    complete
      ? ok("Node packages", `${count} as locked`)
      : absent("Node packages", "not all that package-lock.json names", {
          meaning: "The libraries are not installed yet.",
          matters: "Yes.",
          remedy: madeByItself,
        }),
  ];
}

/** @returns {Promise<Finding[]>} */
async function pythonSide() {
  const python = await findPython();
  const current = venvIsCurrent();
  const jupyter = versionsOf(venvFolder, ["jupyterlab", "nbconvert"]);
  const kernel = readJson(join(venvFolder, "share", "jupyter", "kernels", "tslab", "kernel.json"));
  const launcher = kernel?.argv.find((/** @type {string} */ arg) => arg.endsWith(".cjs"));
  const tslab = readJson(join(projectRoot, "node_modules", "tslab", "package.json"))?.version;
  const noPython = {
    meaning: "Jupyter is a Python program.",
    matters: "Yes: without it no notebook runs.",
    remedy: "Python 3.10 or newer with venv (Debian: apt-get install python3 python3-venv).",
  };
  return [
    python
      ? ok("Python", `${python.version} (${python.path})`)
      : fs.existsSync(venvPython)
        ? ok("Python", "that of .venv")
        : fault("Python", "none from 3.10 on", noPython),
    current
      ? ok("Jupyter (.venv)", jupyter.join(", "))
      : absent("Jupyter (.venv)", jupyter.join(", ") || "not installed", {
          meaning: "JupyterLab and nbconvert are not there as requirements.txt pins them.",
          matters: "Yes, for notebooks.",
          remedy: madeByItself,
        }),
    launcher && fs.existsSync(launcher)
      ? ok("Kernel tslab", `tslab ${tslab ?? "?"}, ${launcher}`)
      : absent("Kernel tslab", "not registered", {
          meaning: 'Jupyter does not offer "TypeScript (komalab)" yet.',
          matters: "Yes, for notebooks.",
          remedy: madeByItself,
        }),
  ];
}

/** @returns {Promise<Finding[]>} */
async function tensorflow() {
  const compiler = findCompiler();
  const compilerVersion = compiler && (await capture(compiler, ["--version"])).out.split("\n")[0];
  const chosen = plan(machineFacts(), readRuntime()?.wish ?? "auto");
  const runtime = readRuntime();
  const rows = [
    compiler
      ? ok("C++ compiler", `${compilerVersion} (${compiler})`)
      : absent("C++ compiler", "not found", {
          meaning: "TensorFlow's addon is compiled once, during set-up.",
          matters: fs.existsSync(installedAddon)
            ? "Not now: the addon is there."
            : "Yes: without it the wasm backend computes, several times slower.",
          remedy: "Debian, Ubuntu: apt-get install g++; macOS: xcode-select --install. Then npm run setup.",
        }),
  ];
  const tested = fs.existsSync(installedAddon)
    ? await smokeTest(installedAddon, runtime?.variables ?? {})
    : undefined;
  const forced = process.env.KOMALAB_BACKEND;
  const asked = forced ? ` (KOMALAB_BACKEND=${forced})` : "";
  if (tested?.ok && forced !== "wasm") {
    rows.push(
      ok("TensorFlow", `${tested.tensorflow} native, computes on the ${tested.gpu ? "GPU" : "CPU"}${asked}`),
    );
  } else {
    const why =
      tested && !tested.ok
        ? tested.message
        : (runtime?.reason ?? (chosen.backend === "wasm" ? chosen.reason : "set-up has not run yet"));
    const remedy =
      chosen.backend === "wasm"
        ? chosen.remedy
        : runtime
          ? (runtime.remedy ?? "npm run setup")
          : madeByItself;
    rows.push(
      absent("TensorFlow", forced === "wasm" ? `wasm${asked}` : "native: not there, so wasm", {
        meaning: forced === "wasm" ? "It was asked for." : `Native TensorFlow is not used: ${why}`,
        matters:
          "wasm has one thread and 4 GB at most: it trains the built-in model slowly, and no BERT-base.",
        remedy,
      }),
    );
  }
  return rows;
}

/** @returns {Finding[]} */
function processor() {
  const sets = instructionSets();
  const named = sets.length ? sets.join(" ") : "unknown";
  return [
    ok("Processor", os.cpus()[0]?.model.trim() || process.arch),
    ok("Threads", `${os.availableParallelism()} usable of ${os.cpus().length}`),
    process.arch !== "x64" || sets.includes("avx2")
      ? ok("Instruction sets", named)
      : absent("Instruction sets", named, {
          meaning: "The processor has no AVX2.",
          matters: "Training is slow; without AVX TensorFlow does not start, and wasm computes.",
          remedy: "A computer made after 2013.",
        }),
    sets.includes("avx512_bf16") || sets.includes("amx_bf16")
      ? ok("bfloat16", "products in bf16 are about twice as fast")
      : absent("bfloat16", "no", {
          meaning: "The processor has no bf16 products.",
          matters: "No: float32 is the default.",
          remedy: "Nothing to do.",
        }),
  ];
}

/** @returns {Promise<Finding[]>} */
async function graphics() {
  const smi = findProgram("nvidia-smi");
  const query = smi
    ? (
        await capture(smi, ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"], {
          timeoutSeconds: 20,
        })
      ).out.trim()
    : "";
  const gpu = hasNvidiaDriver() || query !== "";
  const noGpu = {
    meaning: "No NVIDIA driver is loaded.",
    matters: "Not for the built-in model; BERT-base trains many times faster on a GPU.",
    remedy: "With an NVIDIA card: install its driver, then npm run setup.",
  };
  const matters = gpu ? "Yes, if the GPU is to be used." : "No: there is no GPU.";
  const remedy = gpu ? "npm run setup -- --gpu" : "Nothing to do.";
  const rows = [
    gpu ? ok("GPU and driver", query || "NVIDIA driver loaded") : absent("GPU and driver", "none", noGpu),
  ];
  const files = await gpuLibraryFiles(readRuntime());
  for (const [part, name, what] of [
    ["CUDA", "libcudart", "CUDA's libraries are not there."],
    ["cuBLAS", "libcublas", "CUDA's matrix products are not there."],
    ["cuDNN", "libcudnn", "cuDNN is not there."],
  ]) {
    const found = files.find((file) => file.includes(`/${name}.so`));
    rows.push(found ? ok(part, found) : absent(part, "none", { meaning: what, matters, remedy }));
  }
  const tensorrt = files.find((file) => file.includes("/libnvinfer.so"));
  rows.push(
    tensorrt
      ? ok("TensorRT", `${tensorrt} (not used)`)
      : absent("TensorRT", "none", {
          meaning: "TensorRT speeds up finished models that were converted for it.",
          matters:
            "No: komalab and TensorFlow's training never use it. Log lines about libnvinfer are harmless.",
          remedy: "Nothing to do.",
        }),
  );
  return rows;
}

/** @param {number} bytes */
export const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * What frozen layers gave, kept for the next run.
 * @returns {Finding}
 */
function features() {
  const folders = featureFolders(),
    bytes = folders.reduce((sum, folder) => sum + folder.bytes, 0);
  try {
    const limit = featuresLimit(),
      found = `${gigabytes(bytes)} of at most ${gigabytes(limit)}, of ${folders.length} models`;
    return bytes <= limit
      ? ok("Cached features", found)
      : absent("Cached features", found, {
          meaning: "More features of frozen layers are kept than KOMALAB_FEATURES_GB allows.",
          matters: "Only for the disk: those that nobody has opened for a day go when new ones are written.",
          remedy:
            "npm run doctor -- --prune-features deletes all, --prune-features 5 leaves the newest 5 GB.",
        });
  } catch (error) {
    return fault("Cached features", gigabytes(bytes), {
      meaning: /** @type {Error} */ (error).message,
      matters: "Yes: no features are written.",
      remedy: "Set it to a number, or unset it.",
    });
  }
}

/**
 * Memory and disk.
 * @returns {Finding[]}
 */
function room() {
  const gigabytes = (/** @type {number} */ bytes) => (bytes / 2 ** 30).toFixed(1);
  const limit = Math.min(os.totalmem(), process.constrainedMemory?.() || os.totalmem());
  const memory = `${gigabytes(readMemoryAvailable() ?? os.freemem())} GB free of ${gigabytes(limit)} GB`;
  let folder = cacheFolder();
  while (!fs.existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = `${gigabytes(bavail * bsize)} GB free for ${cacheFolder()}`;
  return [
    limit >= 3.5 * 2 ** 30
      ? ok("Memory", memory)
      : absent("Memory", memory, {
          meaning: "Less than 4 GB.",
          matters: "The built-in model needs about 1 GB, BERT-base 5 GB and more.",
          remedy: "Close other programs; freeze mode `fixed` needs least.",
        }),
    bavail * bsize >= 3 * 2 ** 30 || fs.existsSync(installedAddon)
      ? ok("Disk", free)
      : fault("Disk", free, {
          meaning: "Set-up needs about 3 GB (10 GB with CUDA).",
          matters: "Yes.",
          remedy: "Make room, or name another folder in KOMALAB_CACHE.",
        }),
  ];
}

/** @returns {Promise<Finding[]>} */
async function fonts() {
  const folder = join(projectRoot, "node_modules", "@expo-google-fonts", "biz-udpgothic");
  const bundled =
    fs.existsSync(folder) &&
    fs.readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith(".ttf"));
  const list = findProgram("fc-list")
    ? (await capture("fc-list", [":lang=ja", "family"])).out.trim().split("\n").filter(Boolean)
    : [];
  const system = list.length
    ? ok("Japanese fonts, system", `${list.length} (${list[0].split(",")[0]})`)
    : absent("Japanese fonts, system", "none found", {
        meaning: "The system itself has no Japanese font.",
        matters: "No: charts and reports bring theirs.",
        remedy: "Nothing to do. (JupyterLab's own windows use the browser's fonts.)",
      });
  return [
    bundled
      ? ok("Japanese font, charts", "BIZ UDPGothic, in node_modules")
      : absent("Japanese font, charts", "not there", {
          meaning: "Charts are drawn with BIZ UDPGothic, which comes as an npm package.",
          matters: "Yes, for pictures of charts.",
          remedy: madeByItself,
        }),
    system,
  ];
}
