// @ts-check
/** Readers of what the system tells about itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, findProgram } from "./shell.mjs";

/** The instruction sets that matter for matrix products, as /proc/cpuinfo names them. */
const interesting = [
  "sse4_2",
  "avx",
  "avx2",
  "fma",
  "f16c",
  "avx512f",
  "avx512_vnni",
  "avx512_bf16",
  "amx_bf16",
  "asimd",
  "bf16",
  "sve",
];

/**
 * @param {string} [cpuinfo] text of /proc/cpuinfo
 * @returns {string[]} empty where the system does not tell
 */
export function instructionSets(cpuinfo = readIfThere("/proc/cpuinfo")) {
  const flags = new Set((/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? "").trim().split(/\s+/));
  return interesting.filter((name) => flags.has(name));
}

/**
 * Bytes that programs can still get; undefined where the system does not tell.
 * @param {string} [meminfo] text of /proc/meminfo
 * @returns {number | undefined}
 */
export function readMemoryAvailable(meminfo = readIfThere("/proc/meminfo")) {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return kilobytes ? Number(kilobytes) * 1024 : undefined;
}

/**
 * "name version" of Python packages in a virtual environment, read from the names of their folders: no Python
 * is started.
 * @param {string} venv @param {readonly string[]} packages
 */
export function versionsOf(venv, packages) {
  const lib = join(venv, "lib");
  const pythons = existsSync(lib) ? readdirSync(lib).filter((name) => name.startsWith("python")) : [];
  const installed = pythons.flatMap((name) => readdirSync(join(lib, name, "site-packages")));
  return packages.flatMap((name) =>
    installed
      .filter((folder) => folder.startsWith(`${name}-`) && folder.endsWith(".dist-info"))
      .map((folder) => `${name} ${folder.slice(name.length + 1, -".dist-info".length)}`),
  );
}

/**
 * Paths of CUDA, cuDNN and TensorRT libraries that a process of komalab would find: set-up's own,
 * LD_LIBRARY_PATH's, the loader's.
 * @param {import("./tensorflow.mjs").Runtime | undefined} runtime
 * @returns {Promise<string[]>}
 */
export async function gpuLibraryFiles(runtime) {
  const folders = [runtime?.variables.LD_LIBRARY_PATH, process.env.LD_LIBRARY_PATH]
    .join(":")
    .split(":")
    .filter((folder) => folder && existsSync(folder));
  const own = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const ldconfig = findProgram("ldconfig") ?? "/sbin/ldconfig";
  const loader = (await capture(ldconfig, ["-p"])).out.split("\n").map((line) => line.split(" => ")[1] ?? "");
  return [...own, ...loader].filter((path) => /\/lib(cudart|cublas|cudnn|nvinfer)\.so/.test(path));
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
