import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { applyLayers, type Inputs } from "../../lib/models/model";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { maskedWordLoss } from "../../packages/pre-training/masked-loss";
import { tf } from "../../packages/tfjs-graph/backend";
import { openTokenizer } from "../../packages/tokenizer";

const folder = join(projectRoot, "data/model");

test("the built-in model takes at most 12 MB", () => {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  assert.ok(bytes <= 12e6, `${bytes} bytes`);
});

test("its README states the last point of its learning curve", () => {
  const curve = JSON.parse(readFileSync(join(folder, "curve.json"), "utf8"));
  const { step, heldOutLoss, heldOutAccuracy } = curve.at(-1);
  const readme = readFileSync(join(folder, "README.md"), "utf8").replace(/(\d),(?=\d{3})/g, "$1");
  for (const number of [String(step), heldOutLoss.toFixed(2), heldOutAccuracy.toFixed(3)])
    assert.ok(readme.includes(number), number);
});

test("it tells hidden words of everyday sentences better than by their frequency", async () => {
  const tokenizer = await openTokenizer(folder);
  const pretrained = loadPretrained(folder);
  const filled = fill(pretrained.encoder.maskedWords(new Random(1)), pretrained);
  assert.deepEqual([filled.missing, filled.leftOver], [[], []]);
  const parameters = Object.fromEntries(
    Object.entries(filled.model.weights).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], "float32"),
    ]),
  );
  /**
   * Mean loss over the words of a sentence, each hidden in turn; with `blind` all its other words are hidden,
   * too.
   */
  const lossOf = (ids: readonly number[], blind: boolean) => {
    const places = ids.map((_, i) => i).slice(1, -1);
    const hidden = (place: number) =>
      ids.map((id, i) => (i === place || (blind && places.includes(i)) ? tokenizer.vocabulary.mask : id));
    const rows = tf.tensor2d(places.map(hidden), undefined, "int32");
    const inputs: Inputs = {
      ids: rows,
      segmentIds: tf.zerosLike(rows),
      mask: tf.ones(rows.shape),
      places: tf.tensor1d(
        places.map((place, row) => row * ids.length + place),
        "int32",
      ),
      words: tf.tensor1d(
        places.map((place) => ids[place]),
        "int32",
      ),
      counts: tf.ones([places.length]),
    };
    return maskedWordLoss(
      applyLayers(filled.model.layers, null, { parameters, inputs, dropout: (x) => x }),
      inputs,
    ).dataSync()[0];
  };
  const sentences = [
    "私は昨日学校へ行きました。",
    "お前は何を言っているんだ!",
    "どうしてそんなことを言うのですか。",
    "それはとても良いことだと思います。",
    "彼は黙って部屋を出て行った。",
  ];
  const mean = (blind: boolean) =>
    sentences.reduce((sum, text) => sum + lossOf(tokenizer.encode(text).ids, blind), 0) / sentences.length;
  assert.ok(mean(false) < mean(true) - 0.5, `${mean(false)} nats with the sentence, ${mean(true)} without`);
});
