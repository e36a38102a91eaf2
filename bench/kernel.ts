/**
 * Seconds from the start of the kernel to the end of a notebook's imports. On a busy machine the processor
 * time, which the note shows of a first run, says more.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drive, result } from "../packages/kernel/test/drive";
import { serve } from "./side";

/** What notebook 01 imports; the dictionary of the words is loaded by the first text, not here. */
const imports = `
import { tf } from "./packages/tfjs-graph";
import * as danfo from "danfojs-node";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { sha256 } from "./lib/support/files";
import { Random } from "./lib/support/random";
import * as manga from "./lib/data/manga";
import * as split from "./lib/data/split";
import * as bert from "./lib/models/bert";
import * as heads from "./lib/models/heads";
import * as confusion from "./lib/evaluate/confusion";
import * as display from "./lib/show/display";
const used = [tf.version, danfo.DataFrame, vega.version, vegaLite.version, sha256, Random, manga, split, bert, heads, confusion, display].length;
used`;

async function once() {
  const cwd = mkdtempSync(join(tmpdir(), "komalab-"));
  const {
    ready,
    steps: [first, next],
  } = await drive([{ code: imports }, { code: "process.cpuUsage().user / 1e6" }], { cwd });
  if (first.status !== "ok") throw new Error(first.traceback?.join("\n"));
  return { seconds: ready + first.seconds, ready, processor: Number(result(next)) };
}

void serve(async () => {
  const { ready, seconds, processor } = await once(); // fills caches
  const parts = [
    `kernel ${ready.toFixed(2)} s`,
    `imports ${(seconds - ready).toFixed(2)} s`,
    `processor ${processor.toFixed(2)} s`,
  ];
  return { measure: async () => (await once()).seconds, note: `a first run: ${parts.join(", ")}` };
});
