/**
 * What tips.ts measures: each tip of the tuning guide off and on, and a way from the slowest to the fastest.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../lib/support/files";
import type { TipOptions } from "./tip";

/** One configuration, in processes of its own. */
export interface TipSide {
  readonly options?: TipOptions;
  /** Variables of the environment; those of a number of threads are set anyway. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What stands before node, such as taskset -c 0. */
  readonly command?: readonly string[];
  readonly threads?: number;
  /** Side by side; the slowest counts. */
  readonly processes?: number;
  /** Its memory is told: it shares its process with no other row. */
  readonly alone?: true;
}

export interface TipRow {
  /** The number of the tip, and what of it is switched. */
  readonly tip: string;
  readonly off: TipSide;
  readonly on: TipSide;
  /** Why it cannot be measured here. */
  readonly skip?: string;
}

export interface Stage {
  readonly stage: string;
  readonly side: TipSide;
}

/** Where Debian's packages were unpacked, without root: README.md says how. */
const TOOLS = join(cacheFolder(), "bench-tools");

/** The folders of libraries there, and of the system. */
const LIBRARIES = [join(TOOLS, "usr", "lib"), "/usr/lib"].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((part) => part.endsWith("-linux-gnu"))
        .map((part) => join(folder, part))
    : [],
);

const found = (folders: readonly string[], name: string): string | undefined =>
  folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
const library = (name: string) => found(LIBRARIES, name);

/** jemalloc 5.3 is left out: preloaded, it ends Node 20 within TensorFlow's optimiser of graphs. */
const TCMALLOC = "libtcmalloc_minimal.so.4";

function allocator(tip: string, name: string): TipRow {
  const path = library(name);
  return {
    ...{ tip, off: {}, on: { variables: { LD_PRELOAD: path ?? "" } } },
    ...(path === undefined && { skip: `there is no ${name} in ${LIBRARIES.join(", ")}` }),
  };
}

function boundToNode(tip: string): TipRow {
  const path = found([join(TOOLS, "usr", "bin"), ...(process.env.PATH ?? "").split(":")], "numactl");
  return {
    ...{ tip, off: {} },
    on: {
      command: [path ?? "numactl", "--cpunodebind=0", "--membind=0"],
      variables: { LD_LIBRARY_PATH: LIBRARIES.join(":") },
    },
    ...(path === undefined && { skip: "there is no numactl" }),
  };
}

/** malloc keeps what is freed, up to its largest threshold, in the place of giving it back to the system. */
const KEPT = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=4294967296";
const LOW = { ONEDNN_DEFAULT_FPMATH_MODE: "BF16", TF_SET_ONEDNN_FPMATH_MODE: "BF16" };
const LARGE = { batch: 64, batches: 1, steps: 1 };

export function tipRows(cores: number): readonly TipRow[] {
  const all = `0-${cores - 1}`;
  return [
    { tip: "1 batches made ahead", off: {}, on: { options: { ahead: true } } },
    { tip: "2 validation without gradients", off: {}, on: { options: { measure: "outputs" } } },
    { tip: "4 no gradients to zero", off: { options: { zeroed: true } }, on: {} },
    { tip: "5 GELU with its own gradient", off: { options: { gelu: "plain" } }, on: {} },
    { tip: "5 Adam in one pass", off: { options: { adam: "passes" } }, on: {} },
    {
      tip: "7 activations computed again",
      off: { options: { tokens: 128 }, alone: true },
      on: { options: { tokens: 128, checkpointing: true }, alone: true },
    },
    {
      tip: "8 no debug mode",
      off: { options: { layers: 2, mode: "eager", debug: true } }, // it takes long
      on: { options: { layers: 2, mode: "eager" } },
    },
    boundToNode("9 bound to its node"),
    { tip: "10 all cores as threads", off: { threads: 1 }, on: {} },
    { tip: "10 bound to cores", off: {}, on: { command: ["taskset", "-c", all] } },
    { tip: "10 one op at a time", off: {}, on: { variables: { TF_NUM_INTEROP_THREADS: "1" } } },
    allocator("12 tcmalloc", TCMALLOC),
    allocator("12 mimalloc", "libmimalloc.so.2.0"),
    { tip: "12 malloc keeps memory", off: {}, on: { variables: { GLIBC_TUNABLES: KEPT } } },
    { tip: "12 huge pages", off: {}, on: { variables: { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" } } },
    { tip: "13 oneDNN", off: { variables: { TF_ENABLE_ONEDNN_OPTS: "0" } }, on: {} },
    {
      tip: "14 processes side by side",
      off: { options: { steps: 2 * cores } },
      on: { options: { steps: 2 }, threads: 1, processes: cores },
    },
    { tip: "15 products in bf16 by environment", off: {}, on: { variables: LOW } },
    { tip: "16 compiled step", off: { options: { mode: "eager" } }, on: {} },
    { tip: "18 weights stay where they are", off: { options: { reading: true } }, on: {} },
    { tip: "19 dropout drawn by TensorFlow", off: { options: { drawn: true } }, on: {} },
    { tip: "20 bfloat16", off: {}, on: { options: { precision: "bfloat16" } } },
    {
      tip: "20 multiples of 8",
      off: { options: { tokens: 61 } },
      on: { options: { tokens: 61, padded: 64 } },
    },
    {
      tip: "21 one graph for all lengths",
      off: { options: { measure: "lengths", graphs: "each" } },
      on: { options: { measure: "lengths" } },
    },
    {
      tip: "23 one update for four parts",
      off: { options: { steps: 4 } },
      on: { options: { ...LARGE, accumulate: 4 } },
    },
    {
      tip: "25 batches by length",
      off: { options: { measure: "epoch", batching: "longest" } },
      on: { options: { measure: "epoch" } },
    },
    { tip: "2020 batch of 64 for 16", off: { options: { steps: 4 } }, on: { options: LARGE } },
    {
      tip: "komalab frozen layers cached",
      off: { options: { freeze: "last", cached: false } },
      on: { options: { freeze: "last" } },
    },
  ];
}

/** Each stage adds to the one before; an epoch over texts of unequal length, all layers trained. */
export function stages(): readonly Stage[] {
  const epoch = { measure: "epoch" } as const,
    longest = { ...epoch, batching: "longest" } as const;
  const tcmalloc = library(TCMALLOC);
  const low = { ...epoch, precision: "bfloat16" } as const;
  return [
    {
      stage: "op by op, one thread, padded to the longest",
      side: { options: { ...longest, mode: "eager" }, threads: 1 },
    },
    { stage: "all cores", side: { options: { ...longest, mode: "eager" } } },
    { stage: "compiled step", side: { options: { ...longest, adam: "passes" } } },
    { stage: "Adam in one pass", side: { options: longest } },
    { stage: "batches by length", side: { options: epoch } },
    { stage: "bfloat16", side: { options: low } },
    tcmalloc === undefined
      ? { stage: "malloc keeps memory", side: { options: low, variables: { GLIBC_TUNABLES: KEPT } } }
      : { stage: "tcmalloc", side: { options: low, variables: { LD_PRELOAD: tcmalloc } } },
  ];
}
