/** Every encoder goes through an experiment, from its folder to the folder for transformers. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runTrial } from "../../lib/experiment/classification";
import { storeDataset } from "../../lib/experiment/dataset";
import { chooseModel, planTrials } from "../../lib/experiment/trials";
import { loadPretrained } from "../../lib/models/pretrained";
import { exportRun } from "../../packages/export";
import { threadCount } from "../../packages/tfjs-graph";
import { checkModel } from "./predictions";
import { writeTinyModel } from "./tiny-model";
import { EXAMPLES, indices, runsFolder } from "./tiny-trials";

const folder = runsFolder();
const FAMILY = {
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 41,
};

const CASES = [
  {
    config: { ...FAMILY, model_type: "modernbert", classifier_pooling: "mean" },
    pooling: "mean",
    loraTargets: ["Wqkv"],
  },
  {
    config: { model_type: "distilbert", dim: 16, n_layers: 2, n_heads: 2, hidden_dim: 32 },
    pooling: "cls",
    loraTargets: ["q_lin", "v_lin"],
  },
  {
    config: { ...FAMILY, model_type: "roberta", type_vocab_size: 1, pad_token_id: 0 },
    pooling: "cls",
    loraTargets: ["query", "value"],
  },
  {
    config: { ...FAMILY, model_type: "electra", embedding_size: 8 },
    pooling: "cls",
    loraTargets: ["query", "value"],
  },
] as const;

for (const { config, pooling, loraTargets } of CASES)
  test(`${config.model_type}: a run pools and adapts as is usual for it, and its export gives the run's predictions`, async () => {
    const place = join(folder, config.model_type),
      out = join(folder, `${config.model_type}-out`);
    mkdirSync(place);
    writeTinyModel(
      place,
      EXAMPLES.map(({ text }) => text),
      { config },
    );
    const [trial] = planTrials({
      experiment: "test",
      systems: [{ system: "lora", settings: { freeze: "lora" } }],
      splits: [{ name: "fixed", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }],
      seeds: 1,
      classes: ["悪い", "良い"],
      dataset: storeDataset(EXAMPLES),
      model: await chooseModel(place),
      settings: { epochs: 3, learningRate: 0.02, batchSize: 8, maxLength: 40, threads: threadCount },
    });
    assert.deepEqual([trial.settings.pooling, trial.settings.loraTargets], [pooling, loraTargets]);
    const run = await runTrial(trial);
    await exportRun(run, out);
    await checkModel(run, loadPretrained(out));
    const { architectures } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    assert.match(architectures[0], /ForSequenceClassification$/);
  });
