/**
 * One training step of lib/train on a random BERT: seconds, milliseconds, or the peak of memory in GB after
 * three steps; or seconds of compiling it (weights given to TensorFlow included) and the peak of memory after
 * that.
 */
import { BERT_BASE, prepareStep, type StepOptions } from "./model";
import { peakMemory, secondsOf, serve } from "./side";

export interface StepRow extends Partial<StepOptions> {
  readonly measure: "s" | "ms" | "memory" | "compile" | "compile-memory";
}

const SECONDS = 0.5; // short steps are repeated that long
const WARM_UP = 2; // steps that fill caches and pools of memory

void serve(async ({ measure, ...options }: StepRow) => {
  const open = await prepareStep({ ...BERT_BASE, ...options });
  if (measure === "compile") return { measure: () => secondsOf(open, 0) };
  if (measure === "compile-memory") return { measure: () => (open(), peakMemory()) };
  const { step } = open();
  const steps = (count: number) => Array.from({ length: count }, step);
  if (measure === "memory") return { measure: () => (steps(3), peakMemory()) };
  steps(WARM_UP);
  const factor = measure === "ms" ? 1000 : 1;
  return { measure: () => factor * secondsOf(step, SECONDS) };
});
