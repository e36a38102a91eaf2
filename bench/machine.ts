/** Where and with what code a bench measures. */
import { availableParallelism, cpus, release, type as systemType, totalmem } from "node:os";
import { git } from "../lib/experiment/environment";

export const machineNow = (threads: number) => ({
  processor: cpus()[0].model.trim(),
  cores: availableParallelism(),
  threads,
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  system: `${systemType()} ${release()}`,
});

/** The commit, with "+" where files differ from it. */
export function codeNow(): string {
  const changed = git("status", "--porcelain", "--untracked-files=no", "lib", "packages");
  return `${git("rev-parse", "--short", "HEAD") ?? ""}${changed ? "+" : ""}`;
}
