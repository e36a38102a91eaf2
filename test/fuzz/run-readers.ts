/** Readers of notebooks, plans, stored runs and archives of runs. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { loadDataset } from "../../lib/experiment/dataset";
import { projectRoot, sha256 } from "../../lib/support/files";
import { listRuns } from "../../packages/cluster";
import { readArchive, unpack } from "../../packages/cluster/archive";
import { readPlan } from "../../packages/cluster/plan";
import { codeCells, readNotebook, settingsOf } from "../../packages/notebook";
import { mutateBytes } from "./mutate";
import { json, lines, type Reader, samples, written } from "./reader";

const dataset = (plan: string) => {
  const [line] = readFileSync(join(plan, "plan.jsonl"), "utf8").split("\n");
  return (JSON.parse(line) as { readonly dataset: { readonly path: string; readonly sha256: string } })
    .dataset;
};
/** Work with a folder of runs of its own. */
async function withRuns<T>(folder: string, work: () => T): Promise<Awaited<T>> {
  const before = process.env.KOMALAB_RUNS;
  process.env.KOMALAB_RUNS = folder;
  try {
    return await work();
  } finally {
    process.env.KOMALAB_RUNS = before;
  }
}

export const RUN_READERS: readonly Reader[] = [
  {
    name: "notebook",
    sample: () => readFileSync(join(projectRoot, "notebooks/00-environment.ipynb")),
    mutate: json(),
    read: written("one.ipynb", (path) => {
      const notebook = readNotebook(path);
      return [codeCells(notebook).length, settingsOf(notebook)];
    }),
    first: /not a notebook|nbformat/,
  },
  {
    name: "plan",
    sample: () => readFileSync(join(samples().plan, "plan.jsonl")),
    mutate: lines,
    read: (folder, damaged) => {
      mkdirSync(join(folder, "datasets"));
      cpSync(join(samples().plan, "datasets"), join(folder, "datasets"), { recursive: true });
      return written("plan.jsonl", (path) => readPlan(path, { model: samples().model }))(folder, damaged);
    },
    first: /write the plan again/,
  },
  ...["result.json", "config.json", "status.json", "metrics.jsonl"].map(
    (name): Reader => ({
      name: `stored run, ${name}`,
      sample: () => readFileSync(join(samples().run, name)),
      mutate: name.endsWith("l") ? lines : json(),
      read: (folder, damaged) => {
        const run = join(folder, "fuzz", basename(samples().run));
        cpSync(samples().run, run, { recursive: true });
        writeFileSync(join(run, name), damaged);
        return withRuns(folder, listRuns);
      },
      first: /never/,
    }),
  ),
  {
    name: "data set of a plan",
    sample: () => readFileSync(join(samples().plan, dataset(samples().plan).path)),
    mutate: lines,
    read: (folder, damaged) => {
      const { path, sha256: hash } = dataset(samples().plan),
        plan = readFileSync(join(samples().plan, "plan.jsonl"), "utf8");
      mkdirSync(join(folder, "datasets"));
      const own = `datasets/${sha256(damaged)}.jsonl`; // labels are remembered by its path
      writeFileSync(join(folder, own), damaged);
      writeFileSync(join(folder, "plan.jsonl"), plan.replaceAll(hash, sha256(damaged)).replaceAll(path, own));
      return readPlan(join(folder, "plan.jsonl"), { model: samples().model }).map((trial) =>
        loadDataset(trial.dataset),
      );
    },
    first: /in JSON|valid JSON/,
    place: /datasets\/|plan\./,
  },
  {
    name: "archive of runs",
    sample: () => readFileSync(samples().archive),
    mutate: (sample, random) => {
      if (random() < 0.2) return mutateBytes(sample, random, 0, 600);
      const start = sample.indexOf("\n") + 1,
        body = lines(brotliDecompressSync(sample.subarray(start)), random),
        bytes = brotliCompressSync(Buffer.from(`${body}\n`), { params: {} });
      return Buffer.concat([Buffer.from(`komalab-runs 1 ${sha256(bytes)} ${bytes.length}\n`), bytes]);
    },
    read: (folder, damaged) =>
      withRuns(join(folder, "runs"), async () => {
        await unpack(readArchive(written("one.runs", (path) => path)(folder, damaged) as string));
        return listRuns();
      }),
    first: /no archive|has format|cut off|is damaged/,
    place: /one\.runs/,
  },
];
