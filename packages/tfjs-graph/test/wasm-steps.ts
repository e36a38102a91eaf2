/**
 * Six steps of the tiny encoder with dropout on the backend that KOMALAB_BACKEND names; prints backend, mode,
 * reason, losses and tensors as JSON.
 */
import { ready, tf } from "../backend";
import { openEngine } from "../engine";
import { shapesOf } from "../engine-types";
import { ADAMW, TINY, tinyBatch, tinyLoss, tinyWeights } from "./tiny";

async function main(): Promise<void> {
  const backend = await ready();
  const weights = tinyWeights(TINY);
  const batch = tinyBatch(TINY, 3, 5);
  const engine = openEngine({
    weights,
    trainable: Object.keys(weights),
    loss: tinyLoss(TINY, 0.1),
    trainShapes: [shapesOf(batch)],
    optimizer: ADAMW,
  });
  const tensors: number[] = [];
  const losses = Array.from({ length: 6 }, (_, i) => {
    const { loss } = engine.step(batch, { learningRate: 1e-3, seed: i });
    tensors.push(tf.memory().numTensors);
    return loss;
  });
  const { mode, reason } = engine;
  engine.dispose();
  console.log(JSON.stringify({ backend, mode, reason, losses, tensors, left: tf.memory().numTensors }));
}

void main();
