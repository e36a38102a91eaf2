/**
 * Whether a long training grows: `node --import tsx bench/growth.ts [STEPS]` takes 2,000 steps of a small
 * BERT and prints the memory of the process and the number of tensors on the way.
 */
import { nativeBackend, tf } from "../packages/tfjs-graph";
import { BERT_BASE, openStep } from "./model";

const SIZE = { layers: 4, hidden: 64, heads: 4, vocabulary: 3000, batch: 8, tokens: 24 };

async function main(): Promise<void> {
  const steps = Number(process.argv[2] ?? 2000);
  const { step } = await openStep({ ...BERT_BASE, ...SIZE });
  const { binding } = nativeBackend() as unknown as { binding: { getNumOfTensors(): number } };
  for (let done = 1; done <= steps; done++) {
    step();
    if (![10, 0.1 * steps, 0.25 * steps, 0.5 * steps, 0.75 * steps, steps].includes(done)) continue;
    const megabytes = process.memoryUsage().rss / 1e6;
    console.log(
      `${done} steps: ${megabytes.toFixed(0)} MB, ${tf.memory().numTensors} tensors of TensorFlow.js, ${binding.getNumOfTensors()} of the binding`,
    );
  }
}

void main();
