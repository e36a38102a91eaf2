/** Small BERTs and batches for golden numbers, random from lib's own generator and initial values. */
import { type BertConfig, parseConfig } from "../../lib/models/bert/config";
import type { Model } from "../../lib/models/model";
import { Random } from "../../lib/support/random";
import type { TokenIds } from "../../packages/tokenizer";

/** What config.json leaves out is lib's default. */
export const CONFIG = parseConfig(
  {
    vocab_size: 400,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 32,
    max_position_embeddings: 72,
  },
  "test/golden",
);

/** So small a network is nearly linear at BERT's initial deviation, but not at ten times as much. */
export const wider = (config: BertConfig): BertConfig => ({
  ...config,
  initializerRange: 10 * config.initializerRange,
});

export interface TextOptions {
  readonly count: number;
  readonly longest: number;
  readonly classes: number;
  /** Ids are below it, so that the other rows of the word embeddings are in no text. */
  readonly words?: number;
}

/** Texts of different lengths with two segments. The first token tells most classes, which are not even. */
export function textsOf({ count, longest, classes, words = 120 }: TextOptions, seed: number) {
  const random = new Random(seed);
  const labels = Array.from({ length: count }, () => Math.floor(classes * random.uniform() ** 1.5));
  const texts = labels.map((label): TokenIds => {
    const ids = Array.from(
      { length: 3 + random.integer(longest - 2) },
      () => 10 + random.integer(words - 10),
    );
    ids[0] = 4 + (random.uniform() < 0.85 ? label : random.integer(classes));
    const second = 1 + random.integer(ids.length);
    return { ids, segmentIds: ids.map((_, place) => Number(place >= second)) };
  });
  return { texts, labels };
}

/** The model with the weights whose names match multiplied. */
export function scaled(model: Model, names: RegExp, factor: number): Model {
  const weights = Object.entries(model.weights).map(
    ([name, { shape, data }]) =>
      [name, { shape, data: names.test(name) ? data.map((x) => factor * x) : data }] as const,
  );
  return { ...model, weights: Object.fromEntries(weights) };
}
