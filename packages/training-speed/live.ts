/** A few steps of a network at hand in two ways that give the same numbers: op by op, and compiled. */
import { classifier } from "../../lib/models/heads";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { BatchLoader, labelInputs } from "../../lib/train/batches";
import { trainableLayers } from "../../lib/train/features";
import { lossOf } from "../../lib/train/loss";
import { openFor } from "../../lib/train/open";
import { optimizerOf } from "../../lib/train/optimizer";
import { resolveTrainSettings } from "../../lib/train/settings";
import { ready } from "../tfjs-graph";
import type { TokenIds } from "../tokenizer";

export interface LiveOptions {
  /** Of the model. */
  readonly folder: string;
  readonly texts: readonly TokenIds[];
  /** Of each text its class, from 0. */
  readonly labels: readonly number[];
  /** Each on the same batch, of all texts. */
  readonly steps: number;
}

export interface LiveRun {
  readonly mode: "eager" | "traced";
  /** Of opening: with "traced" of compiling. */
  readonly opened: number;
  /** Of each step; the first one has TensorFlow optimise the graph. */
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
}

/**
 * Trains all layers from the same weights, with the same masks of dropout, op by op and compiled, a step of
 * each in turn.
 */
export async function liveSteps({ folder, texts, labels, steps }: LiveOptions): Promise<LiveRun[]> {
  await ready();
  const pretrained = loadPretrained(folder),
    classes = Math.max(...labels) + 1,
    head = { head: "linear", classes } as const;
  const { model } = fill(classifier(pretrained.encoder, head, new Random(1)), pretrained);
  const { weights, trainable, apply } = await trainableLayers({
    ...{ model, texts, cache: "memory" },
    freeze: () => true,
  });
  const settings = resolveTrainSettings(),
    loader = new BatchLoader(texts, { batchSize: texts.length });
  const inputs = {
    ...loader.inputs([...texts.keys()], Math.max(...loader.lengths)),
    ...labelInputs(
      labels,
      labels.map(() => 1),
      labels.length,
    ),
  };
  const runs = (["eager", "traced"] as const).map((mode) => {
    const begun = performance.now();
    const engine = openFor(model, texts, {
      ...{ weights, trainable, mode, optimizer: optimizerOf(settings) },
      trainShapes: [loader.shapes(true)],
      loss: (context) => {
        const { labels, weights } = context.inputs;
        return lossOf(settings, apply(context), { labels, weights });
      },
    });
    const [seconds, losses]: [number[], number[]] = [[], []];
    return { engine, mode, opened: (performance.now() - begun) / 1000, seconds, losses };
  });
  try {
    for (let seed = 1; seed <= steps; seed++)
      for (const { engine, seconds, losses } of runs) {
        const begun = performance.now();
        losses.push(engine.step(inputs, { learningRate: settings.learningRate, seed }).loss);
        seconds.push((performance.now() - begun) / 1000);
      }
    return runs.map(({ engine: _, ...run }) => run);
  } finally {
    for (const { engine } of runs) engine.dispose();
  }
}
