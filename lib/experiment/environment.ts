/**
 * What a run was made with, besides its settings. Nothing in here names a person, a machine or a folder, so
 * that it can be shared.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { join } from "node:path";
import { projectRoot, readJson, sha256 } from "../support/files";
import { processor } from "../support/processor";
import { tensorflowRelease } from "../versions";

export interface Environment {
  /** Null outside a git repository. */
  readonly commit: string | null;
  /**
   * Files changed or added since that commit, and a hash of the changes to known ones; 0 and null if there
   * are none.
   */
  readonly changedFiles: number;
  readonly changes: string | null;
  /** SHA-256 of package-lock.json. */
  readonly lockFile: string;
  readonly node: string;
  readonly tfjs: string;
  /** TensorFlow's own library; null on wasm. */
  readonly tensorflow: string | null;
  readonly system: string;
  readonly cpu: string;
  /** What decides the last bits of it (processor.ts). */
  readonly processor: string;
  readonly cores: number;
  /** Null where the CPU computes. */
  readonly gpu: string | null;
}

function output(program: string, ...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(program, args, {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 20_000,
  });
  return status === 0 ? stdout.trim() : null;
}

/**
 * What git says about the project; null outside a repository. Git refuses one of another user, as in a
 * container; but its code is being run, and the commit of that has to be known.
 */
export const git = (...args: readonly string[]): string | null =>
  output("git", "-c", `safe.directory=${projectRoot}`, ...args);

const readIn = (...path: readonly string[]) =>
  readJson<Readonly<Record<string, unknown>>>(join(projectRoot, ...path)) ?? {};

let known: Environment | undefined;

/** Looked at once a process: a long notebook keeps what it began with. */
export function environmentOf(): Environment {
  known ??= look();
  return known;
}

function look(): Environment {
  const commit = git("rev-parse", "HEAD");
  const changed = commit === null ? "" : (git("status", "--porcelain") ?? "");
  const tensorflow = tensorflowRelease();
  return {
    commit,
    changedFiles: changed.split("\n").filter(Boolean).length,
    changes: changed === "" ? null : sha256(git("diff", "HEAD") ?? "").slice(0, 12),
    lockFile: sha256(readFileSync(join(projectRoot, "package-lock.json"))),
    node: process.versions.node,
    tfjs: String(readIn("node_modules", "@tensorflow", "tfjs", "package.json").version),
    tensorflow,
    system: `${process.platform} ${process.arch} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    processor: processor(),
    cores: availableParallelism(),
    gpu:
      tensorflow !== null && readIn(".setup", "runtime.json").gpu === true
        ? output("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
        : null,
  };
}
