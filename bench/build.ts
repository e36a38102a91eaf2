/**
 * Another commit of komalab, to be measured beside this one: in the cache folder, with packages and
 * TensorFlow of its own, as its lock file says.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { git } from "../lib/experiment/environment";
import { cacheFolder, projectRoot, withLock } from "../lib/support/files";

function must(program: string, args: readonly string[], cwd: string): void {
  const { status, error, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr.trim().slice(-2000)}`);
}

/** The folder of a commit, set up. @throws if there is no such commit here, or its set-up fails */
export function buildOf(commit: string): Promise<string> {
  const hash = git("rev-parse", "--verify", "--quiet", `${commit}^{commit}`);
  if (!hash)
    throw new Error(
      `--against ${commit}: there is no such commit here (a clone with --depth lacks older ones: git fetch --unshallow)`,
    );
  const folder = join(cacheFolder(), "bench", `build-${hash.slice(0, 8)}`),
    done = join(folder, "complete");
  return withLock(`${folder}.lock`, () => {
    if (existsSync(done)) return folder;
    process.stderr.write(`bench: setting up ${commit} in ${folder} ...\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const archive = `${folder}.tar`;
    must("git", ["archive", "--output", archive, hash], projectRoot);
    must("tar", ["-xf", archive, "-C", folder], projectRoot);
    rmSync(archive);
    must(process.execPath, ["setup/run.mjs", "setup"], folder);
    writeFileSync(done, "");
    return folder;
  });
}
