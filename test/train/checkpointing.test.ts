/**
 * Activations that are computed again change no bit of a run, except where what stands behind the last layer
 * (a mean, a dropout) multiplies its gradient: there TensorFlow orders products otherwise.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readEncoder } from "../../lib/models/encoders";
import { classifier } from "../../lib/models/heads";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { train } from "../../lib/train/fit";
import { freezeMode } from "../../lib/train/freeze";
import type { TrainSettings } from "../../lib/train/settings";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { smallExamples } from "./small";

const folder = mkdtempSync(join(tmpdir(), "checkpointing-"));
after(() => rmSync(folder, { recursive: true }));

const BERT = {
  ...{ model_type: "bert", vocab_size: 10, hidden_size: 12, num_hidden_layers: 3, num_attention_heads: 2 },
  ...{ intermediate_size: 20, max_position_embeddings: 32, hidden_act: "gelu" },
};
const { cases } = JSON.parse(readFileSync(join(projectRoot, "test/reference/encoders.json"), "utf8")) as {
  readonly cases: Readonly<Record<string, { readonly config: object }>>;
};
const configs = {
  bert: BERT,
  ...Object.fromEntries(Object.entries(cases).map(([name, { config }]) => [name, config])),
};

/** TensorFlow's optimiser of graphs reorders a sum or a product of these in one of the two steps. */
const REORDERED = /^bert$|DistilBERT|RoBERTa|the mean/;

for (const [name, config] of Object.entries(configs)) {
  const bits = !REORDERED.test(name);
  test(
    `with checkpointing a ${name} has the same ${bits ? "bits" : "losses"}, with dropout`,
    onNative,
    async () => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(config));
      const run = async (more: Partial<TrainSettings>) => {
        const model = classifier(readEncoder(path).encoder, { head: "linear", classes: 2 }, new Random(1));
        const { history, model: trained } = await train({
          model,
          freeze: freezeMode("all", model, { newPooler: true }),
          data: { train: smallExamples(20, 1), validation: smallExamples(8, 2) },
          settings: { epochs: 2, batchSize: 8, learningRate: 0.01, ...more },
          cache: "memory",
        });
        return { history: history.map((epoch) => ({ ...epoch, seconds: 0 })), weights: trained.weights };
      };
      const [again, plain] = [await run({ checkpointing: true }), await run({})];
      if (bits) return assert.deepEqual(again, plain);
      again.history.forEach(({ trainLoss, validationLoss }, i) => {
        assert.ok(Math.abs(trainLoss / plain.history[i].trainLoss - 1) < 1e-5);
        assert.ok(Math.abs(validationLoss / plain.history[i].validationLoss - 1) < 1e-5);
      });
    },
  );
}
