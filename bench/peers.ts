/**
 * The Python of the peers: KOMALAB_PEERS names one; else a virtual environment in the cache folder with what
 * peers.txt pins, made when a bench first needs it. PyTorch's package brings CUDA along: 9 GB, a few minutes.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, sha256, withLock } from "../lib/files";

const requirements = join(__dirname, "peers.txt");

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
  const folder = join(cacheFolder(), "bench", `peers-${sha256(readFileSync(requirements)).slice(0, 8)}`);
  const [python, done] = [join(folder, "bin", "python"), join(folder, "complete")];
  return withLock(`${folder}.lock`, () => {
    if (existsSync(done)) return python;
    process.stderr.write(`bench: fetching PyTorch, transformers and TensorFlow (9 GB) into ${folder} ...\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    must(process.env.KOMALAB_PYTHON ?? "python3", ["-m", "venv", folder]);
    must(python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-input",
      "--disable-pip-version-check",
      "-r",
      requirements,
    ]);
    writeFileSync(done, "");
    return python;
  });
}
