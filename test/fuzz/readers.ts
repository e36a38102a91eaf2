/** The readers of files that come from outside, each with a valid file, damage for it and its first check. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readManga } from "../../lib/data/manga";
import { readEncoder } from "../../lib/models/encoders";
import { projectRoot } from "../../lib/support/files";
import { listRuns } from "../../packages/cluster";
import { readPlan } from "../../packages/cluster/plan";
import { readPyTorch, readSafetensors } from "../../packages/hf-files";
import { codeCells, readNotebook, settingsOf } from "../../packages/notebook";
import { readAdapter } from "../../packages/peft";
import { pastedTable } from "../../packages/published-table";
import { readTable } from "../../packages/table-file";
import { openTokenizer } from "../../packages/tokenizer";
import { mutateBytes, mutateJson, mutateTable, type Random } from "./mutate";

export interface Reader {
  readonly name: string;
  /** What is damaged, as the folder of samples has it. */
  readonly sample: () => Buffer;
  readonly mutate: (sample: Buffer, random: Random) => Buffer | string;
  /** Writes the damaged file into a folder of its own and reads it. */
  readonly read: (folder: string, damaged: Buffer | string) => unknown;
  /** Refusals of the first check, which looks at no content. */
  readonly first: RegExp;
  /** What a refusal has to name; by default the file. */
  readonly place?: RegExp;
}

const reference = (path: string) => join(projectRoot, "test/reference", path);
const written =
  (name: string, read: (path: string) => unknown): Reader["read"] =>
  (folder, damaged) => {
    const path = join(folder, name);
    writeFileSync(path, damaged);
    return read(path);
  };
const json =
  (change = (value: unknown) => value): Reader["mutate"] =>
  (sample, random) =>
    JSON.stringify(mutateJson(change(JSON.parse(sample.toString())), random));
const lines: Reader["mutate"] = (sample, random) => {
  const all = sample.toString().trimEnd().split("\n"),
    at = Math.floor(random() * all.length);
  all[at] =
    random() < 0.1
      ? mutateBytes(Buffer.from(all[at]), random).toString()
      : JSON.stringify(mutateJson(JSON.parse(all[at]), random));
  return all.join("\n");
};
const table =
  (delimiter: string): Reader["mutate"] =>
  (sample, random) =>
    mutateTable(sample.toString(), delimiter, random);
const quiet = <T>(work: () => T): T => {
  const { log } = console;
  console.log = () => {};
  try {
    return work();
  } finally {
    console.log = log;
  }
};

const rows = (delimiter: string) =>
  Buffer.from(
    [
      ["story", "touch", "text", "emotion"],
      ["a", "ギャグ", "おはよう", "喜び"],
      ["a", "少女漫画", '"え、""本当""？"', "驚き"],
      ["b", "ギャグ", "うん", ""],
    ]
      .map((row) => row.join(delimiter))
      .join("\n"),
  );
const objects = [1, 2, 3].map((i) => ({
  story: `s${i}`,
  touch: "ギャグ",
  text: `台詞${i}`,
  emotion: "喜び",
  page: i,
}));
const model = join(projectRoot, "data/model");
/** A copy of a folder's small files, one of which is damaged. */
const inCopy =
  (
    from: string,
    names: readonly string[],
    damagedName: string,
    read: (folder: string) => unknown,
  ): Reader["read"] =>
  (folder, damaged) => {
    for (const name of names) cpSync(join(from, name), join(folder, name));
    writeFileSync(join(folder, damagedName), damaged);
    return read(folder);
  };
const tokenizer = ["config.json", "tokenizer_config.json", "vocab.txt"];

/** The header of a safetensors file changed as JSON, with its length. */
const safetensors: Reader["mutate"] = (sample, random) => {
  if (random() < 0.3) return mutateBytes(sample, random, 0, 600);
  const length = Number(sample.readBigUInt64LE(0)),
    header = mutateJson(JSON.parse(sample.toString("utf8", 8, 8 + length)), random),
    text = Buffer.from(JSON.stringify(header) ?? "null"),
    size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, sample.subarray(8 + length)]);
};

export const READERS: readonly Reader[] = [
  {
    name: "safetensors",
    sample: () => readFileSync(reference("bert/files/types.safetensors")),
    mutate: safetensors,
    read: written("model.safetensors", readSafetensors),
    first: /cut off|header/,
  },
  ...["zip.bin", "old.bin"].map(
    (name): Reader => ({
      name: `PyTorch, ${name}`,
      sample: () => readFileSync(reference(`bert/files/${name}`)),
      mutate: (sample, random) => mutateBytes(sample, random),
      read: written("pytorch_model.bin", readPyTorch),
      first: /cut off|damaged zip|table of contents|no file of torch/,
    }),
  ),
  {
    name: "config.json",
    sample: () => readFileSync(join(model, "config.json")),
    mutate: json(),
    read: written("config.json", readEncoder),
    first: /cannot be read as JSON|no JSON object/,
  },
  ...tokenizer.map(
    (name): Reader => ({
      name: `tokenizer, ${name}`,
      sample: () => readFileSync(join(model, name)),
      mutate: name.endsWith(".json")
        ? json()
        : (sample, random) => mutateTable(sample.toString(), "\t", random),
      read: inCopy(model, tokenizer, name, openTokenizer),
      first: /cannot be read as JSON|no JSON object/,
      place: /config\.json|vocab\.txt|tokenizer_config\.json/,
    }),
  ),
  {
    name: "PEFT's adapter_config.json",
    sample: () => readFileSync(reference("adapter/adapter_config.json")),
    mutate: json(),
    read: inCopy(reference("adapter"), ["adapter_model.safetensors"], "adapter_config.json", readAdapter),
    first: /cannot be read as JSON|no JSON object/,
    place: /adapter_(config\.json|model\.safetensors)/,
  },
  {
    name: "PEFT's adapter_model.safetensors",
    sample: () => readFileSync(reference("adapter/adapter_model.safetensors")),
    mutate: safetensors,
    read: inCopy(reference("adapter"), ["adapter_config.json"], "adapter_model.safetensors", readAdapter),
    first: /cut off|header/,
    place: /adapter_(config\.json|model\.safetensors)/,
  },
  ...(
    [
      ["csv", ","],
      ["tsv", "\t"],
    ] as const
  ).map(
    ([ending, delimiter]): Reader => ({
      name: ending,
      sample: () => rows(delimiter),
      mutate: table(delimiter),
      read: written(`lines.${ending}`, (path) => quiet(() => readTable(path))),
      first: /is neither UTF-8|holds no row/,
    }),
  ),
  {
    name: "lines of manga",
    sample: () => rows(","),
    mutate: table(","),
    read: written("manga.csv", (path) => quiet(() => readManga(path))),
    first: /is neither UTF-8|holds no row/,
  },
  {
    name: "csv.gz",
    sample: () => gzipSync(rows(",")),
    mutate: (sample, random) =>
      random() < 0.4 ? mutateBytes(sample, random) : gzipSync(mutateBytes(rows(","), random)),
    read: written("lines.csv.gz", (path) => quiet(() => readTable(path))),
    first: /no whole gzip/,
  },
  {
    name: "JSON lines",
    sample: () => Buffer.from(objects.map((one) => JSON.stringify(one)).join("\n")),
    mutate: lines,
    read: written("lines.jsonl", (path) => quiet(() => readTable(path))),
    first: /not a JSON object/,
  },
  {
    name: "JSON array",
    sample: () => Buffer.from(JSON.stringify(objects)),
    mutate: json(),
    read: written("lines.json", (path) => quiet(() => readTable(path))),
    first: /not a JSON object/,
  },
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
    sample: () => readFileSync(join(planFolder(), "plan.jsonl")),
    mutate: lines,
    read: (folder, damaged) => {
      mkdirSync(join(folder, "datasets"));
      cpSync(join(planFolder(), "datasets"), join(folder, "datasets"), { recursive: true });
      return written("plan.jsonl", (path) => readPlan(path))(folder, damaged);
    },
    first: /write the plan again/,
  },
  ...["result.json", "config.json", "status.json", "metrics.jsonl"].map(
    (name): Reader => ({
      name: `stored run, ${name}`,
      sample: () => readFileSync(join(runFolderOf(), name)),
      mutate: name.endsWith("l") ? lines : json(),
      read: (folder, damaged) => {
        const run = join(folder, "fuzz", basename(runFolderOf()));
        cpSync(runFolderOf(), run, { recursive: true });
        writeFileSync(join(run, name), damaged);
        const before = process.env.KOMALAB_RUNS;
        process.env.KOMALAB_RUNS = folder;
        try {
          return listRuns();
        } finally {
          process.env.KOMALAB_RUNS = before;
        }
      },
      first: /never/,
    }),
  ),
  {
    name: "pasted table",
    sample: () =>
      Buffer.from(
        "| system | A | A |\n| | acc | F1 |\n|---|---|---|\n| BERT | .91 | .652 |\n| SVM | .85 | - |",
      ),
    mutate: (sample, random) =>
      random() < 0.7 ? mutateTable(sample.toString(), "|", random) : mutateBytes(sample, random).toString(),
    read: (_, damaged) => pastedTable(damaged.toString(), { metrics: ["accuracy", "f1"] }),
    first: /no rows/,
    place: /line \d+|pasted table|each row/,
  },
];

let [plan, run] = ["", ""];
/** Where a valid plan and a valid run lie. */
export function useSamples(planIn: string, runIn: string): void {
  [plan, run] = [planIn, runIn];
}
const planFolder = () => plan;
const runFolderOf = () => run;

/** A folder for one input, empty. */
export function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
