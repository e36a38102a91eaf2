/** Where the models of classify.ts lie while a bench runs. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let made: string | undefined;

/**
 * The folder with the models, made once a bench by a process of its own, and removed at the bench's end.
 * @throws with what went wrong in it
 */
export function classifyModels(): { readonly folder: string } {
  if (made !== undefined) return { folder: made };
  const folder = mkdtempSync(join(tmpdir(), "komalab-classify-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const argv = ["--import", "tsx", join(__dirname, "classify-models.ts"), folder];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the models to classify with were not made\n${stderr.slice(-3000)}`);
  made = folder;
  return { folder };
}
