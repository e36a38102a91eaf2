/** What a reader of files from outside is for the fuzzer, and what many of them share. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
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

export const reference = (path: string) => join(projectRoot, "test/reference", path);
export const written =
  (name: string, read: (path: string) => unknown): Reader["read"] =>
  (folder, damaged) => {
    const path = join(folder, name);
    writeFileSync(path, damaged);
    return read(path);
  };
export const json =
  (change = (value: unknown) => value): Reader["mutate"] =>
  (sample, random) =>
    JSON.stringify(mutateJson(change(JSON.parse(sample.toString())), random));
export const lines: Reader["mutate"] = (sample, random) => {
  const all = sample.toString().trimEnd().split("\n"),
    at = Math.floor(random() * all.length);
  all[at] =
    random() < 0.1
      ? mutateBytes(Buffer.from(all[at]), random).toString()
      : JSON.stringify(mutateJson(JSON.parse(all[at]), random));
  return all.join("\n");
};
export const table =
  (delimiter: string): Reader["mutate"] =>
  (sample, random) =>
    mutateTable(sample.toString(), delimiter, random);

/** Without what it tells the console. */
export const quiet = <T>(work: () => T): T => {
  const { log } = console;
  console.log = () => {};
  try {
    return work();
  } finally {
    console.log = log;
  }
};

/** A copy of a folder's small files, one of which is damaged. */
export const inCopy =
  (
    from: string | (() => string),
    names: readonly string[],
    damagedName: string,
    read: (folder: string) => unknown,
  ): Reader["read"] =>
  (folder, damaged) => {
    for (const name of names)
      cpSync(join(typeof from === "string" ? from : from(), name), join(folder, name));
    writeFileSync(join(folder, damagedName), damaged);
    return read(folder);
  };

/** The header of a safetensors file changed as JSON, with its length. */
export const safetensors: Reader["mutate"] = (sample, random) => {
  if (random() < 0.3) return mutateBytes(sample, random, 0, 600);
  const length = Number(sample.readBigUInt64LE(0)),
    header = mutateJson(JSON.parse(sample.toString("utf8", 8, 8 + length)), random),
    text = Buffer.from(JSON.stringify(header) ?? "null"),
    size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, sample.subarray(8 + length)]);
};

/** A valid plan, run, model, doc2vec model and archive of runs, which prepareSamples made. */
export interface Samples {
  readonly plan: string;
  readonly run: string;
  readonly model: string;
  readonly doc2vec: string;
  readonly archive: string;
}

let made: Samples | undefined;
export const useSamples = (samples: Samples): void => {
  made = samples;
};
export const samples = (): Samples => made!;

/** A folder for one input, empty. */
export function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
