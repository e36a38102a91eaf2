/**
 * Seconds from the start of the kernel to the end of a notebook's imports: `tsx bench/kernel.ts [runs]`. The first run may
 * fill caches; on a busy machine the processor time says more. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drive, result } from "../test/kernel/drive";

/** What notebook 01 imports; the dictionary of the words is loaded by the first text, not here. */
const imports = `
import { tf } from "./lib/tensor/backend";
import * as danfo from "danfojs-node";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { sha256 } from "./lib/files";
import { Random } from "./lib/random";
import * as manga from "./lib/data/manga";
import * as split from "./lib/data/split";
import * as bert from "./lib/models/bert";
import * as heads from "./lib/models/heads";
import * as confusion from "./lib/evaluate/confusion";
import * as display from "./lib/show/display";
const used = [tf.version, danfo.DataFrame, vega.version, vegaLite.version, sha256, Random, manga, split, bert, heads, confusion, display].length;
used`;

async function main(): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "komalab-"));
  for (let run = 0; run < Number(process.argv[2] ?? 3); run++) {
    const { ready, steps } = await drive([{ code: imports }, { code: "process.cpuUsage().user / 1e6" }], { cwd });
    const [first, next] = steps;
    if (first.status !== "ok") throw new Error(first.traceback?.join("\n"));
    const total = ready + first.seconds;
    console.log(`ready ${ready.toFixed(2)} s + imports ${first.seconds.toFixed(2)} s = ${total.toFixed(2)} s; next cell ${next.seconds.toFixed(2)} s; processor ${Number(result(next)).toFixed(2)} s`);
  }
  rmSync(cwd, { recursive: true, force: true });
}

void main();
