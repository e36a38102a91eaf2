/**
 * How a run grows with its lines: `node --import tsx bench/lines-growth.ts [MOST]` trains the built-in model
 * on 1,000, 10,000 and 100,000 lines (or up to MOST), the last layer or the head alone, one epoch, each in a
 * process and a cache of its own, then once more with the features that it has kept. It prints seconds, peak
 * memory and disk, and draws docs/growth.svg. Lines are two sentences of the built-in reviews, so that all
 * differ; the labels mean nothing.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readReviews } from "../lib/data/reviews";
import { classifier } from "../lib/models/heads";
import { fill, loadPretrained } from "../lib/models/pretrained";
import { palette } from "../lib/show/style";
import { projectRoot, writeBeside } from "../lib/support/files";
import { Random } from "../lib/support/random";
import { COUNT, numberOf } from "../lib/support/settings";
import { train } from "../lib/train/fit";
import { type FreezeMode, freezeMode } from "../lib/train/freeze";
import { drawSvg } from "../packages/chart-picture";
import { openTokenizer } from "../packages/tokenizer";
import { peakMemory } from "./side";

interface Measured {
  readonly seconds: number;
  /** GB, of the process. */
  readonly memory: number;
}

/** Distinct texts of about 25 tokens. */
function linesOf(count: number): string[] {
  const sentences = readReviews(join(projectRoot, "data", "reviews.tsv"))
    .reviews.map(({ text }) => text.split("。")[0])
    .filter((text) => text.length < 25);
  const step = sentences.length;
  return Array.from({ length: count }, (_, i) => {
    const [first, second] = [i % step, Math.floor(i / step) % step];
    return `${sentences[first]}。${sentences[second]}。`;
  });
}

async function measure(count: number, mode: FreezeMode): Promise<Measured> {
  const folder = join(projectRoot, "data", "model"),
    tokenizer = await openTokenizer(folder),
    pretrained = loadPretrained(folder);
  const texts = linesOf(count).map((line) => tokenizer.encode(line));
  const { model } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 2 }, new Random(1)),
    pretrained,
  );
  const labels = texts.map((_, i) => i % 2);
  const held = Math.ceil(count / 10);
  const start = performance.now();
  await train({
    model,
    freeze: freezeMode(mode, model, { newPooler: true }),
    data: {
      train: { texts: texts.slice(held), labels: labels.slice(held) },
      validation: { texts: texts.slice(0, held), labels: labels.slice(0, held) },
    },
    settings: { epochs: 1, batchSize: 16 },
  });
  return { seconds: (performance.now() - start) / 1000, memory: peakMemory() };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);

/** In a process of its own, as memory is asked of it. */
function measured(count: number, mode: FreezeMode, cache: string): Measured {
  const out = execFileSync(process.execPath, ["--import", "tsx", __filename, "one", String(count), mode], {
    env: { ...process.env, KOMALAB_CACHE: cache },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(out.trim().split("\n").at(-1)!) as Measured;
}

const COLUMNS = {
  first: "first run, s",
  again: "once more, s",
  memory: "peak memory, GB",
  disk: "features, GB",
};

async function main(): Promise<void> {
  const [what, count, mode] = process.argv.slice(2);
  if (what === "one") return console.log(JSON.stringify(await measure(Number(count), mode as FreezeMode)));
  const most = numberOf("MOST", what, COUNT) ?? 100_000;
  const rows = [],
    sizes = [1000, 10_000, 100_000].filter((one) => one <= most);
  for (const lines of sizes)
    for (const mode of ["fixed", "last"] as const) {
      const cache = mkdtempSync(join(tmpdir(), "komalab-growth-"));
      const [first, again] = [1, 2].map(() => measured(lines, mode, cache));
      const disk = bytesIn(join(cache, "features")) / 1e9;
      rmSync(cache, { recursive: true });
      rows.push({
        lines,
        mode,
        first: first.seconds,
        again: again.seconds,
        memory: Math.max(first.memory, again.memory),
        disk,
      });
      console.log(
        `${lines} lines, ${mode}: ${first.seconds.toFixed(1)} s, once more ${again.seconds.toFixed(1)} s; ${rows.at(-1)!.memory.toFixed(2)} GB of memory, ${disk.toFixed(2)} GB of features`,
      );
    }
  const values = rows.flatMap(({ lines, mode, ...numbers }) =>
    Object.entries(numbers).map(([name, value]) => ({
      lines,
      trained: mode === "fixed" ? "head alone" : "last layer",
      what: COLUMNS[name as keyof typeof COLUMNS],
      value,
    })),
  );
  const log = { type: "quantitative", scale: { type: "log" } },
    trained = { field: "trained", title: "trained" };
  const svg = await drawSvg({
    title: "A run of the built-in model by its lines, both axes in powers of ten",
    description: "Seconds, peak memory and disk of a run by the number of its lines",
    data: { values },
    facet: { field: "what", title: null, sort: Object.values(COLUMNS) },
    columns: 2,
    resolve: { scale: { y: "independent" } },
    spec: {
      width: 260,
      height: 150,
      mark: { type: "line", point: { size: 60 } },
      encoding: {
        x: { ...log, field: "lines", title: "lines", axis: { values: sizes } },
        y: { ...log, field: "value", title: null, axis: { tickCount: 3 } },
        color: {
          ...trained,
          scale: { range: [palette.blue, palette.vermillion] },
          legend: { symbolType: "stroke" },
        },
        strokeDash: trained,
        shape: { ...trained, legend: null },
      },
    },
  });
  writeBeside(join(projectRoot, "docs", "growth.svg"), svg);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
