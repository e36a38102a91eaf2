/** Tiny runs of two encoders, exported as transformers.js opens them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runTrial } from "../../../lib/experiment/classification";
import { storeDataset } from "../../../lib/experiment/dataset";
import type { ClassificationSettings, TrialRun } from "../../../lib/experiment/spec";
import { chooseModel, planTrials } from "../../../lib/experiment/trials";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { EXAMPLES, indices } from "../../../test/experiment/tiny-trials";
import { exportOnnx } from "../../export";
import { threadCount } from "../../tfjs-graph";

/** With weights so large that answers differ before much is learnt. */
const FAMILY = {
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 40,
  initializer_range: 0.3,
};
const CONFIGS = {
  bert: { model_type: "bert", ...FAMILY },
  distilbert: {
    model_type: "distilbert",
    dim: 16,
    n_layers: 2,
    n_heads: 2,
    hidden_dim: 32,
    initializer_range: 0.3,
  },
  modernbert: { model_type: "modernbert", ...FAMILY },
};

/** Trains it and writes `folder`/`kind`. */
export async function exported(
  folder: string,
  kind: keyof typeof CONFIGS,
  settings: Partial<ClassificationSettings> = {},
): Promise<TrialRun> {
  const place = join(folder, `${kind}-source`);
  mkdirSync(place, { recursive: true });
  writeTinyModel(
    place,
    EXAMPLES.map(({ text }) => text),
    { config: CONFIGS[kind] },
  );
  const [trial] = planTrials({
    experiment: "test",
    systems: [{ system: kind, settings }],
    splits: [{ name: "fixed", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }],
    seeds: 1,
    classes: ["悪い", "良い"],
    dataset: storeDataset(EXAMPLES),
    model: await chooseModel(place),
    settings: { epochs: 12, learningRate: 0.02, batchSize: 4, maxLength: 40, threads: threadCount },
  });
  const run = await runTrial(trial);
  await exportOnnx(run, join(folder, kind), { precisions: ["f32", "f16", "int8"] });
  return run;
}

/** The words of a text and the run's probability of the second class, of each text that it was tested on. */
export const answersOf = ({ result }: TrialRun): { readonly text: string; readonly good: number }[] =>
  result.items.map((id, i) => ({
    text: EXAMPLES[Number(id.slice(1))].text,
    good: result.probabilities![i][1],
  }));
