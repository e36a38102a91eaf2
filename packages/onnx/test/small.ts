/** Small random classifiers of every encoder, and what TensorFlow and onnxruntime make of texts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Encoder } from "../../../lib/models/encoder";
import { readEncoder } from "../../../lib/models/encoders";
import { classifier, type Head } from "../../../lib/models/heads";
import { applyLayers, type Model } from "../../../lib/models/model";
import type { Pooling } from "../../../lib/models/poolings";
import { Random } from "../../../lib/support/random";
import { tokenInputs } from "../../../lib/train/batches";
import { ready, tf } from "../../tfjs-graph";
import type { TokenIds } from "../../tokenizer";
import type { TextNetwork } from "..";

export const CLASSES = 3;
const FAMILY = {
  vocab_size: 300,
  hidden_size: 24,
  num_hidden_layers: 4,
  num_attention_heads: 2,
  intermediate_size: 40,
  max_position_embeddings: 41,
  initializer_range: 0.2,
};

/** What config.json says of each, here with what some have of their own: GELU by tanh, short windows. */
export const CONFIGS = {
  bert: FAMILY,
  distilbert: { vocab_size: 300, dim: 24, n_layers: 4, n_heads: 2, hidden_dim: 40, initializer_range: 0.2 },
  roberta: { ...FAMILY, type_vocab_size: 1, pad_token_id: 0 },
  electra: { ...FAMILY, embedding_size: 8, hidden_act: "gelu_new" },
  modernbert: { ...FAMILY, local_attention: 6, classifier_pooling: "mean" },
} as const;
export type Kind = keyof typeof CONFIGS;

export function encoderOf(kind: Kind): Encoder {
  const folder = mkdtempSync(join(tmpdir(), "komalab-onnx-"));
  try {
    const path = join(folder, "config.json");
    writeFileSync(path, JSON.stringify({ model_type: kind, ...CONFIGS[kind] }));
    return readEncoder(path).encoder;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const modelOf = (kind: Kind, head: Head, pooling?: Pooling): Model =>
  classifier(encoderOf(kind), { head, classes: CLASSES, pooling }, new Random(5));

export const networkOf = ({ layers, weights }: Model): TextNetwork => ({
  weights,
  outputs: (context) => applyLayers(layers, null, context),
});

/** Texts of these lengths, the second half of each in the second segment. */
export function randomTexts(lengths: readonly number[]): TokenIds[] {
  const random = new Random(6);
  return lengths.map((length) => {
    const ids = Array.from({ length }, () => 5 + random.integer(290));
    return { ids, segmentIds: ids.map((_, i) => Number(2 * i >= length)) };
  });
}

const longest = (texts: readonly TokenIds[]) => Math.max(...texts.map(({ ids }) => ids.length));

/** The logits by TensorFlow, one text's after the other's. */
export async function byTensorFlow(
  { layers, weights }: Model,
  texts: readonly TokenIds[],
): Promise<number[]> {
  await ready();
  const host = tokenInputs(texts, texts.length, longest(texts));
  const tensors = (arrays: typeof host) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
  const context = { parameters: tensors(weights), inputs: tensors(host), dropout: (x: tf.Tensor) => x };
  return [...applyLayers(layers, null, context).dataSync()];
}

/** The same by onnxruntime. */
export async function byOnnxruntime(
  model: readonly Uint8Array[],
  texts: readonly TokenIds[],
): Promise<number[]> {
  const session = await InferenceSession.create(Buffer.concat(model), { intraOpNumThreads: 1 });
  const { ids, mask, segmentIds } = tokenInputs(texts, texts.length, longest(texts));
  const arrays: Readonly<Record<string, typeof ids>> = {
    input_ids: ids,
    attention_mask: mask,
    token_type_ids: segmentIds,
  };
  const feeds = session.inputNames.map((name) => {
    const { data, shape } = arrays[name];
    return [name, new Tensor("int64", BigInt64Array.from([...data].map(BigInt)), shape)] as const;
  });
  const { logits } = await session.run(Object.fromEntries(feeds));
  return [...(logits.data as Float32Array)];
}

export const furthest = (actual: readonly number[], expected: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
