/** The processor as far as it decides the last bits of a number. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { oneDnnAsked } from "./one-dnn";

/** Which numeric instructions there are: what libraries choose their kernels by. */
const NUMERIC = /^(s?sse|avx|fma|f16c|amx|asimd|sve|sme(?!p)|bf16|i8mm)/;
/** Variables that choose among the products that the processor could do. */
const LIMITS = ["TF_ENABLE_ONEDNN_OPTS", "DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA"];
/** Of an x86 processor, and of an ARM one on Linux. */
const NAMES = [
  "cpu family",
  "model",
  "stepping",
  "CPU implementer",
  "CPU part",
  "CPU variant",
  "CPU revision",
];

/**
 * Family, model, stepping and numeric instructions from Linux's /proc/cpuinfo; not the marketing name, which
 * clouds leave out and vendors give to different processors. Undefined if it names none of them.
 */
export function processorOf(cpuinfo: string): string | undefined {
  const [first] = cpuinfo.split("\n\n");
  const fields = new Map(
    first.split("\n").map((line) => line.split(":").map((part) => part.trim()) as [string, string]),
  );
  const known = NAMES.filter((name) => fields.has(name)).map((name) => `${name} ${fields.get(name)}`);
  const flags = (fields.get("flags") ?? fields.get("Features") ?? "").split(" ");
  return known.length === 0
    ? undefined
    : [...known, ...flags.filter((flag) => NUMERIC.test(flag)).sort()].join(" ");
}

/** This machine's processor: equal words, equal bits. Elsewhere than on Linux its name has to do. */
export function processor(): string {
  const known = process.platform === "linux" ? processorOf(readFileSync("/proc/cpuinfo", "utf8")) : undefined;
  const variables: NodeJS.ProcessEnv = { ...process.env, TF_ENABLE_ONEDNN_OPTS: oneDnnAsked() };
  const limits = LIMITS.filter((name) => variables[name]).map((name) => `${name}=${variables[name]}`);
  return [known ?? `${process.arch} ${cpus()[0]?.model.trim() ?? "unknown"}`, ...limits].join(" ");
}
