/**
 * A start for pre-training in which the first layer's heads already look at neighbours. From random weights a
 * small BERT spends thousands of steps at the loss of guessing by frequency before attention finds the words
 * beside a masked one; started like this it does not. Positions are sinusoids (Vaswani et al. 2017), whose
 * rotation is a shift; that attention may start structured is Trockman and Kolter's observation (2023,
 * "Mimetic initialization of self-attention layers"). The parameters are BERT's own and are all trained on.
 */

import type { BertConfig } from "../../lib/models/bert/config";
import { PARTS } from "../../lib/models/bert/names";
import type { Weights } from "../../lib/support/host-array";

/** Of the position embeddings: about as large as the words', so that both come through the normalisation. */
const AMPLITUDE = 0.05;
/** Of queries and keys: a head then gives most of its attention to one place. */
const SHARPNESS = 0.7;
/** The slowest sinusoid turns once in 2π · 100 tokens. */
const SLOWEST = 100;
/** Where each head looks, in tokens before and after. */
const OFFSETS = [-1, 1, -2, 2, -3, 3, -4, 4];

/** New values for the position embeddings [T, H] and for the first layer's queries and keys [H, H]. */
export function neighbourAttention(
  { hiddenSize, heads, maxPositions }: BertConfig,
  weights: Weights,
): Weights {
  const width = hiddenSize / heads;
  const speeds = Array.from(
    { length: Math.floor(width / 2) },
    (_, f) => SLOWEST ** (-f / Math.floor(width / 2)),
  );
  const first = PARTS.layer(0);
  const names = {
    positions: `${PARTS.positions}.weight`,
    query: `${first.query}.weight`,
    key: `${first.key}.weight`,
  };
  const positions = new Float32Array(maxPositions * hiddenSize);
  const [query, key] = [names.query, names.key].map((name) => Float32Array.from(weights[name].data));
  speeds.forEach((speed, f) => {
    for (let t = 0; t < maxPositions; t++) {
      positions[t * hiddenSize + 2 * f] = AMPLITUDE * Math.sin(speed * t);
      positions[t * hiddenSize + 2 * f + 1] = AMPLITUDE * Math.cos(speed * t);
    }
    for (let head = 0; head < heads; head++) {
      const [sine, cosine] = [Math.sin, Math.cos].map(
        (wave) => SHARPNESS * wave(speed * OFFSETS[head % OFFSETS.length]),
      );
      const at = (row: number, column: number) => (head * width + 2 * f + row) * hiddenSize + 2 * f + column;
      key[at(0, 0)] += SHARPNESS;
      key[at(1, 1)] += SHARPNESS;
      query[at(0, 0)] += cosine; // the query of place t is the key of place t + offset
      query[at(0, 1)] += sine;
      query[at(1, 0)] -= sine;
      query[at(1, 1)] += cosine;
    }
  });
  const like = (name: string, data: Float32Array) => [name, { shape: weights[name].shape, data }] as const;
  return Object.fromEntries([
    like(names.positions, positions),
    like(names.query, query),
    like(names.key, key),
  ]);
}
