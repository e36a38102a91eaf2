import assert from "node:assert/strict";
import { test } from "node:test";
import { bertEncoder } from "../../../lib/models/bert";
import { parseConfig } from "../../../lib/models/bert/config";
import { Random } from "../../../lib/support/random";
import { neighbourAttention } from "../neighbours";

const config = parseConfig(
  {
    vocab_size: 8,
    hidden_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 8,
    max_position_embeddings: 40,
  },
  "config.json",
);
const started = neighbourAttention(config, bertEncoder(config).network(new Random(1)).weights);
const [positions, query, key] = [
  "embeddings.position_embeddings",
  "encoder.layer.0.attention.self.query",
  "encoder.layer.0.attention.self.key",
].map((name) => started[`bert.${name}.weight`].data);

/** W x of one head for place t; x is the place's embedding, of unit variance as LayerNorm makes it. */
function project(weight: ArrayLike<number>, head: number, t: number): number[] {
  const x = Array.from(positions.slice(t * 64, (t + 1) * 64));
  const scale = Math.sqrt(64 / x.reduce((sum, value) => sum + value * value, 0));
  return Array.from({ length: 32 }, (_, row) =>
    x.reduce((sum, value, i) => sum + weight[(head * 32 + row) * 64 + i] * value * scale, 0),
  );
}

test("the first head of the first layer looks one place back, the second one place ahead", () => {
  for (const [head, offset] of [
    [0, -1],
    [1, 1],
  ]) {
    for (let t = 2; t < 38; t++) {
      const q = project(query, head, t);
      const scores = Array.from({ length: 40 }, (_, s) =>
        project(key, head, s).reduce((sum, value, i) => sum + value * q[i], 0),
      );
      assert.equal(scores.indexOf(Math.max(...scores)), t + offset, `head ${head}, place ${t}`);
    }
  }
});

test("nothing but positions, queries and keys is changed, and every shape is kept", () => {
  const { weights } = bertEncoder(config).network(new Random(1));
  assert.equal(Object.keys(started).length, 3);
  for (const [name, { shape }] of Object.entries(started)) assert.deepEqual(shape, weights[name].shape);
});
