/**
 * The Python of the peers: KOMALAB_PEERS names one; else a virtual environment in the cache folder with what
 * peers.txt pins, made when a bench first needs it. PyTorch's package brings CUDA along: 9 GB, a few minutes.
 * What peers-4.txt pins comes beside it, for both; peers-onnx.txt and peers-cleanlab.txt are each for itself,
 * and small.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, sha256, withLock } from "../lib/support/files";

/** @throws if a program fails, with what it wrote */
function must(program: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr.trim().slice(-2000)}`);
}

/** The path of a Python that has what peers.txt lists. */
export async function peerPython(): Promise<string> {
  const given = process.env.KOMALAB_PEERS;
  if (given) {
    if (!existsSync(given))
      throw new Error(`KOMALAB_PEERS names ${given}, which is not there: it must be the path of a Python`);
    return given;
  }
  return ownPython("peers", "PyTorch, transformers and TensorFlow (9 GB)");
}

/** The path of a Python that has what such a list pins. */
async function ownPython(name: string, what: string): Promise<string> {
  const folder = await folderOf(name, what, (path, list) => {
    must(process.env.KOMALAB_PYTHON ?? "python3", ["-m", "venv", path]);
    must(join(path, "bin", "python"), [...PIP, "-r", list]);
  });
  return join(folder, "bin", "python");
}

/** The path of a Python that has what peers-onnx.txt lists. */
export const onnxPython = () => ownPython("peers-onnx", "onnx, onnxruntime and transformers (.4 GB)");

/** The path of a Python that has what peers-cleanlab.txt lists. */
export const cleanlabPython = () => ownPython("peers-cleanlab", "cleanlab and scikit-learn (.4 GB)");

/** A folder for PYTHONPATH that puts transformers 4 before the peers' own. */
export async function transformers4(): Promise<string> {
  const python = await peerPython();
  return folderOf("peers-4", "transformers 4", (path, list) =>
    must(python, [...PIP, "--no-deps", "--target", path, "-r", list]),
  );
}

const PIP = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];

/** A folder in the cache with what a list beside this file pins, made when it is first needed. */
function folderOf(name: string, what: string, make: (path: string, list: string) => void): Promise<string> {
  const list = join(__dirname, `${name}.txt`);
  const folder = join(cacheFolder(), "bench", `${name}-${sha256(readFileSync(list)).slice(0, 8)}`);
  const done = join(folder, "complete");
  return withLock(`${folder}.lock`, () => {
    if (existsSync(done)) return folder;
    process.stderr.write(`bench: fetching ${what} into ${folder} ...\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    make(folder, list);
    writeFileSync(done, "");
    return folder;
  });
}
