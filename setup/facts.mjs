// @ts-check
/** What this machine has, as far as the choice of TensorFlow depends on it. Cheap: nothing is started. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./files.cjs";
import { readJson } from "./files.mjs";
import { capture, findProgram } from "./shell.mjs";

export const venvFolder = join(projectRoot, ".venv");
export const venvPython = join(venvFolder, "bin", "python");
export const oldestPython = 10; // minor version: 3.10

/**
 * Signs of a loaded NVIDIA driver: the kernel module's, its device, and that of the Windows host under WSL.
 */
const driverSigns = ["/proc/driver/nvidia/version", "/dev/nvidia0", "/usr/lib/wsl/lib/libcuda.so.1"];

/** Where libcuda lies when the loader's cache does not know it. */
const driverFolders = ["/usr/lib/wsl/lib", "/usr/local/nvidia/lib64"];

/** @returns {import("./plan.mjs").Machine} */
export function machineFacts() {
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: glibcVersion(),
    compiler: findCompiler(),
    gpu: hasNvidiaDriver(),
    driverFolders: driverFolders.filter((folder) => existsSync(join(folder, "libcuda.so.1"))),
  };
}

/** Path of a C++ compiler, the user's CXX first; null if there is none. */
export function findCompiler() {
  return findProgram(...(process.env.CXX ? [process.env.CXX] : []), "g++", "clang++", "c++");
}

/** @returns {boolean} */
export function hasNvidiaDriver() {
  return driverSigns.some((path) => existsSync(path));
}

/**
 * "2.36" on Debian 12; null where the C library is not glibc.
 * @returns {string | null}
 */
export function glibcVersion() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime ?? null;
}

/**
 * The first Python from 3.10 on in PATH.
 * @returns {Promise<{ path: string, version: string } | null>}
 */
export async function findPython() {
  const names = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  for (const name of [process.env.KOMALAB_PYTHON, ...names]) {
    const path = name && findProgram(name);
    const version = path ? await pythonVersion(path) : null;
    if (path && version) return { path, version };
  }
  return null;
}

/**
 * Its version if it is new enough, else null.
 * @param {string} path @returns {Promise<string | null>}
 */
export async function pythonVersion(path) {
  const { code, out } = await capture(path, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]);
  const [major, minor] = out.trim().split(".").map(Number);
  return code === 0 && major === 3 && minor >= oldestPython ? out.trim() : null;
}

/**
 * True if `version` ("20.20.2") satisfies package.json's engines (">=20.19 <21 || >=22.12 <23 || >=24 <25").
 * @param {string} version @param {string} range
 */
export function satisfies(version, range) {
  const parts = (/** @type {string} */ text) => [...text.split(".").map(Number), 0, 0].slice(0, 3);
  const compare = (/** @type {string} */ bound) => {
    const [a, b] = [parts(version), parts(bound)];
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  };
  return range.split("||").some((alternative) =>
    alternative
      .trim()
      .split(/\s+/)
      .every((term) =>
        term.startsWith(">=")
          ? compare(term.slice(2)) >= 0
          : term.startsWith("<") && compare(term.slice(1)) < 0,
      ),
  );
}

/** @returns {string} the Node versions that package.json names */
export function nodeRange() {
  return readJson(join(projectRoot, "package.json")).engines.node;
}
