/** What is declared before a run: freeze modes, schedules, decay groups. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model } from "../../lib/models/model";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { ADAM, ADAMW, decayGroups } from "../../lib/train/optimizer";
import { constantSchedule, linearSchedule } from "../../lib/train/schedule";
import type { Tensor } from "../../packages/tfjs-graph/backend";

const NAMES = [
  "bert.embeddings.word_embeddings.weight",
  "bert.embeddings.LayerNorm.weight",
  "bert.encoder.layer.0.output.dense.weight",
  "bert.encoder.layer.1.output.dense.weight",
  "bert.encoder.layer.10.output.dense.bias",
  "bert.pooler.dense.weight",
  "classifier.weight",
  "mlp.2.bias",
];
const layerOf = (name: string) => /layer\.\d+|embeddings|pooler/.exec(name)?.[0] ?? "head";
const MODEL: Model = {
  layers: [...Array.from({ length: 11 }, (_, i) => `layer.${i}`), "embeddings", "pooler", "head"].map(
    (name) => ({
      name,
      parameters: NAMES.filter((parameter) => layerOf(parameter) === name),
      output: "sequence",
      apply: (x) => x as Tensor,
    }),
  ),
  weights: {},
};
const trained = (mode: FreezeMode, newPooler = false) => NAMES.filter(freezeMode(mode, MODEL, { newPooler }));
const HEAD = ["classifier.weight", "mlp.2.bias"];

test("all trains everything", () => assert.deepEqual(trained("all"), NAMES));
test("last trains the last layer by number, the pooler and the head", () => {
  assert.deepEqual(trained("last"), [
    "bert.encoder.layer.10.output.dense.bias",
    "bert.pooler.dense.weight",
    ...HEAD,
  ]);
});
test("last k trains the last k layers", () => assert.deepEqual(trained("last 10"), NAMES.slice(3)));
test("fixed trains the head alone", () => assert.deepEqual(trained("fixed"), HEAD));
test("fixed trains a pooler that the checkpoint does not have", () =>
  assert.deepEqual(trained("fixed", true), ["bert.pooler.dense.weight", ...HEAD]));
test("more layers than there are, and unknown modes, are refused with what is possible", () => {
  assert.throws(
    () => trained("last 12"),
    /"last 12": use all, last, fixed, or "last k" with k from 1 to the model's 11 layers/,
  );
  assert.throws(() => trained("first" as FreezeMode), /"first": use/);
});

// transformers.get_linear_schedule_with_warmup(optimizer, 2, 6) gives these factors.
test("the linear schedule is transformers'", () => {
  const rate = linearSchedule({ learningRate: 2, warmUpSteps: 2, steps: 6 });
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(rate), [0, 1, 2, 1.5, 1, 0.5, 0, 0]);
});
test("without warm-up the first step has the highest rate", () => {
  assert.deepEqual([0, 1].map(linearSchedule({ learningRate: 1, warmUpSteps: 0, steps: 2 })), [1, 0.5]);
});
test("the constant schedule stays after warming up", () => {
  assert.deepEqual([0, 1, 2, 99].map(constantSchedule({ learningRate: 2, warmUpSteps: 2 })), [0, 1, 2, 2]);
});

test("decay leaves out biases and LayerNorm; both groups are there and together all", () => {
  const { decayed, undecayed } = decayGroups(NAMES, ADAMW);
  assert.deepEqual(undecayed, [
    "bert.embeddings.LayerNorm.weight",
    "bert.encoder.layer.10.output.dense.bias",
    "mlp.2.bias",
  ]);
  assert.deepEqual([...decayed, ...undecayed].sort(), [...NAMES].sort());
});
test("Adam is PyTorch's: no decay, no clipping", () =>
  assert.deepEqual([ADAM.kind, ADAM.weightDecay, ADAM.clipNorm], ["adam", 0, 0]));
