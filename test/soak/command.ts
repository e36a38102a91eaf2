/** npm run soak: long tests of what ends runs, by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { complain } from "../../lib/support/printable";
import { COUNT, numberOf } from "../../lib/support/settings";
import { cells } from "./cells";
import { crowd } from "./crowd";
import { fullDisk } from "./disk";
import type { Figures } from "./figures";
import { hosts } from "./hosts";
import { kills } from "./kills";
import { memory } from "./memory";

const USAGE = `npm run soak -- [--only NAME]… [--kills 100] [--runs 500] [--cells 10000] [--hosts 20] [--disk 20] [--small-disk FOLDER] [--memory 200000]

kills   runs of a tiny model are killed (SIGKILL) at start, in training and while they store, and go on to the same bits
runs    so many runs in 4 processes while others keep every core busy; ten of them again, one at a time
cells   so many cells in one kernel, and its memory
hosts   runs that two hosts with clocks two days apart ask for at once; then one is killed and the other takes over
disk    a disk is filled during a run, and emptied: root mounts a small one, others name an empty one with --small-disk
memory  a million lines of CSV as a table and as lines of manga, and 200,000 lines predicted: the peak above the process's start

A line of JSON each; docs/reliability.md holds what was measured.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      kills: { type: "string", default: "100" },
      runs: { type: "string", default: "500" },
      cells: { type: "string", default: "10000" },
      hosts: { type: "string", default: "20" },
      disk: { type: "string", default: "20" },
      memory: { type: "string", default: "200000" },
      "small-disk": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const parts: Readonly<Record<string, (folder: string, count: number) => Promise<Figures>>> = {
    kills,
    runs: crowd,
    cells,
    hosts,
    disk: (folder, count) => fullDisk(folder, count, values["small-disk"]),
    memory,
  };
  const unknown = values.only?.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(", ")}`);
  const chosen = Object.entries(parts).filter(([name]) => values.only?.includes(name) ?? true);
  for (const [name, soak] of chosen) {
    const count = numberOf(name, values[name as "kills"], COUNT)!,
      folder = mkdtempSync(join(tmpdir(), "komalab-soak-"));
    process.env.KOMALAB_RUNS = join(folder, "runs");
    process.env.KOMALAB_CACHE = join(folder, "cache");
    try {
      const began = performance.now(),
        { figures, ok } = await soak(folder, count);
      const seconds = Math.round((performance.now() - began) / 1000);
      console.log(JSON.stringify({ part: name, ok, seconds, ...figures }));
      if (!ok) process.exitCode = 1;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

void main().catch((error: Error) => {
  complain(error.message);
  process.exitCode = 2;
});
