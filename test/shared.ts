/**
 * Where the public data and reference numbers lie, if they are there at all; tests that need them skip with a
 * reason.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../lib/support/files";

const folder = process.env.KOMALAB_SHARED ?? join(projectRoot, "..", "shared");

/** The path of a shared file and, for node:test's `skip`, the reason if it is not there. */
export function shared(path: string): { readonly path: string; readonly skip: string | false } {
  const full = join(folder, path);
  return { path: full, skip: existsSync(full) ? false : `shared/${path} is not on this machine` };
}
