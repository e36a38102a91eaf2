/** Thousands of cells in one kernel. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import type { Figures } from "./figures";

interface Line {
  readonly cells: number;
  readonly lost: number;
  readonly resident_mb: number;
  readonly used_mb: number;
  readonly s: number;
}

export async function cells(_: string, count: number): Promise<Figures> {
  const script = join(projectRoot, "packages/kernel/test/many_cells.py"),
    python = join(projectRoot, ".venv/bin/python");
  const child = spawn(python, [script, String(count)], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (piece: Buffer) => (told += piece.toString()));
  const code = await new Promise<number | null>((ended) => child.on("close", ended));
  const lines = told
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const of = (at: number) => {
    const { cells, resident_mb, used_mb } = lines.at(at) as Line;
    return { [`resident MB at ${cells}`]: resident_mb, [`in use MB at ${cells}`]: used_mb };
  };
  const { lost, s } = lines.at(-1) as Line;
  return { figures: { cells: count, lost, s, ...of(0), ...of(-1) }, ok: code === 0 && lost === 0 };
}
