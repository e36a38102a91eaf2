/**
 * Whose matrix products TensorFlow takes. Unless TF_ENABLE_ONEDNN_OPTS says so, it takes oneDNN's only on
 * processors with instructions for neural networks (release notes of 2.9), elsewhere Eigen's. With AVX2 alone
 * oneDNN's are faster too: a step of BERT-base took .80 of the time at 16 × 128 tokens, .88 at 16 × 16
 * (docs/speed.md). Bits differ, so what names the processor of a run names this.
 */
import { readFileSync } from "node:fs";

/** TensorFlow's own condition. */
const NEURAL = /\b(avx512_vnni|avx512_bf16|avx_vnni|amx_tile|amx_int8|amx_bf16)\b/;

/** What the first processor can do, by Linux; empty where nothing says so. */
function flagsOf(cpuinfo: string): string {
  return /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? "";
}

let known: string | undefined;
function ownFlags(): string {
  known ??= process.platform === "linux" ? flagsOf(readFileSync("/proc/cpuinfo", "utf8")) : "";
  return known;
}

/** TF_ENABLE_ONEDNN_OPTS: the user's, else this processor's, before TensorFlow is loaded too. */
export const oneDnnAsked = (): string | undefined => process.env.TF_ENABLE_ONEDNN_OPTS ?? oneDnnSetting();

/** What the variable is to be on a processor; undefined where TensorFlow's own choice stands. */
export function oneDnnSetting(flags = ownFlags()): "1" | undefined {
  return /\bavx2\b/.test(flags) && !NEURAL.test(flags) ? "1" : undefined;
}

/**
 * Whether products read a transposed matrix slowly, as Eigen's and oneDNN's for AVX-512 do. Those for AVX2
 * are slow where a matrix with long rows is read as it lies: 240 rows by [768, 3072] 78 GFLOPS, by
 * [3072, 768] transposed 125 (findings/onednn-long-rows.sh).
 * @param setting TF_ENABLE_ONEDNN_OPTS as TensorFlow reads it
 */
export function isSlowTransposed(setting: string | undefined, flags = ownFlags()): boolean {
  const isOn = setting !== "0" && setting !== "false";
  return !(isOn && /\bavx2\b/.test(flags) && !/\bavx512f\b/.test(flags));
}
