/** What decides the last bits of a number, for golden files. */
import { processor } from "../../lib/processor";

/** Variables that keep TensorFlow from instructions that the processor has. */
const LIMITS = ["TF_ENABLE_ONEDNN_OPTS", "DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA"];

/**
 * This machine; `tensorflow` is the release that computes, if one does. Node.js is left out: 20 and 22 give
 * equal bits.
 */
export function machine(tensorflow = "none"): Record<string, string> {
  const limits = LIMITS.filter((name) => process.env[name]).map((name) => `${name}=${process.env[name]}`);
  return { processor: [processor(), ...limits].join(" "), tensorflow };
}
