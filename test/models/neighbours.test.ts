import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../../lib/models/config";
import { bert } from "../../lib/models/bert";
import { neighbourAttention } from "../../lib/models/neighbours";
import { Random } from "../../lib/random";

const config = parseConfig({ vocab_size: 10, hidden_size: 64, num_hidden_layers: 1, num_attention_heads: 4, intermediate_size: 64, max_position_embeddings: 32 }, "test");
const weights = { ...bert(config, new Random(1), "none").weights };
const started = neighbourAttention(config, weights);
const H = 64, width = 16;
const position = (t: number) => started["bert.embeddings.position_embeddings.weight"].data.subarray(t * H, (t + 1) * H);

/** The place that `head` of the first layer looks at from place `from`, by positions alone. */
function looksAt(head: number, from: number): number {
  const project = (part: string, t: number) => Array.from({ length: width }, (_, row) => {
    const { data } = started[`bert.encoder.layer.0.attention.self.${part}.weight`];
    return position(t).reduce((sum, x, column) => sum + 20 * x * data[(head * width + row) * H + column], 0);
  });
  const query = project("query", from);
  const scores = Array.from({ length: 32 }, (_, t) => project("key", t).reduce((sum, x, i) => sum + x * query[i], 0));
  return scores.indexOf(Math.max(...scores));
}

for (const [head, offset] of [-1, 1, -2, 2].entries()) {
  test(`head ${head} starts by looking ${offset} from where it is`, () => {
    assert.deepEqual([8, 15, 22].map((from) => looksAt(head, from) - from), [offset, offset, offset]);
  });
}
