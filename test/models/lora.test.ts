import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bertEncoder } from "../../lib/models/bert";
import { classifier } from "../../lib/models/heads";
import { type LoraOptions, withAdapters } from "../../lib/models/lora";
import { applyLayers, type Model } from "../../lib/models/model";
import type { HostArray } from "../../lib/support/host-array";
import { Random } from "../../lib/support/random";
import { tokenInputs } from "../../lib/train/batches";
import { ready, tf } from "../../packages/tfjs-graph/backend";
import { CONFIG, textsOf } from "../golden/networks";

before(ready);

const LORA: LoraOptions = { rank: 4, alpha: 8, targets: ["query", "value"] };
const MODEL = classifier(bertEncoder(CONFIG), { head: "linear", classes: 3 }, new Random(1));
const { texts } = textsOf({ count: 4, longest: 10, classes: 3 }, 1);

function logitsOf({ layers, weights }: Model): Float32Array {
  const tensors = (arrays: Readonly<Record<string, HostArray>>) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
  const inputs = tensors(tokenInputs(texts, texts.length, 10));
  return applyLayers(layers, null, {
    parameters: tensors(weights),
    inputs,
    dropout: (x) => x,
  }).dataSync() as Float32Array;
}
const filled = (model: Model, value: number): Model => ({
  ...model,
  weights: Object.fromEntries(
    Object.entries(model.weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: name.includes("lora_B") ? new Float32Array(data.length).fill(value) : data },
    ]),
  ),
});
const added = ({ weights }: Model) => Object.keys(weights).filter((name) => !(name in MODEL.weights));

test("A is uniform in ±1/√inputs, B is 0, and the model begins as it was", () => {
  const model = withAdapters(MODEL, { ...LORA, rank: 64 }, new Random(2));
  const bound = 1 / Math.sqrt(CONFIG.hiddenSize);
  for (const name of added(model)) {
    const data = Array.from(model.weights[name].data);
    if (name.endsWith("lora_B.weight")) assert.ok(data.every((x) => x === 0));
    else {
      assert.ok(data.every((x) => Math.abs(x) < bound));
      const deviation = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
      assert.ok(Math.abs(deviation / (bound / Math.sqrt(3)) - 1) < 0.1, `${deviation}`);
    }
  }
  assert.deepEqual(logitsOf(model), logitsOf(MODEL));
});

test("every map of a layer that the encoder names can be adapted, and changes the logits", () => {
  for (const target of bertEncoder(CONFIG).names.maps) {
    const model = withAdapters(MODEL, { ...LORA, targets: [target] }, new Random(2));
    const maps = target === "output.dense" ? 2 : 1; // it ends the name of the attention's as well, as in PEFT
    assert.equal(added(model).length, 2 * maps * CONFIG.layers, target);
    assert.notDeepEqual(logitsOf(filled(model, 0.1)), logitsOf(MODEL), target);
  }
});

test("a map that two targets name has one adapter", () => {
  const model = withAdapters(
    MODEL,
    { ...LORA, targets: ["output.dense", "attention.output.dense"] },
    new Random(2),
  );
  assert.equal(added(model).length, 4 * CONFIG.layers);
});

test("a target that ends no map's name is refused", () =>
  assert.throws(
    () => withAdapters(MODEL, { ...LORA, targets: ["query", "q_proj"] }, new Random(1)),
    /no map of the model is called q_proj, which is to be adapted/,
  ));
