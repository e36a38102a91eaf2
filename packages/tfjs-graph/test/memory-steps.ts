/**
 * Two steps of an encoder of which almost all memory are activations, with or without checkpointing (first
 * argument); prints the losses, and the most bytes that the process has held beyond those of before, as JSON.
 */
import { ready } from "../backend";
import { openEngine } from "../engine";
import { shapesOf } from "../engine-types";
import { ADAMW, tinyBatch, tinyLoss, tinyWeights } from "./tiny";

const SIZES = { layers: 8, hidden: 64, heads: 4, vocabulary: 20, classes: 2 };

async function main(): Promise<void> {
  await ready();
  const weights = tinyWeights(SIZES),
    batch = tinyBatch(SIZES, 32, 128);
  const engine = openEngine({
    weights,
    trainable: Object.keys(weights),
    loss: tinyLoss(SIZES, 0.1),
    trainShapes: [shapesOf(batch)],
    optimizer: ADAMW,
    checkpointing: process.argv[2] === "checkpointing",
  });
  const most = () => process.resourceUsage().maxRSS * 1024,
    before = most();
  const losses = [1, 2].map((seed) => engine.step(batch, { learningRate: 1e-3, seed }).loss);
  console.log(JSON.stringify({ losses, bytes: most() - before }));
}

void main();
