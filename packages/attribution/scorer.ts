/**
 * A trained model that is asked about texts: its logits, the vector that its head reads, and what each token
 * adds to a logit.
 *
 * Shapes: B batch, T tokens, H hidden, C classes.
 */
import { applyLayers, type Layer, type Model } from "../../lib/models/model";
import type { HostArray } from "../../lib/support/host-array";
import { remembered } from "../../lib/support/remembered";
import { BatchLoader, planBatches, tokenShapes } from "../../lib/train/batches";
import { logitsOf } from "../../lib/train/predict";
import { type Engine, openEngine, ready, type Tensor, tf } from "../tfjs-graph";
import type { TokenIds } from "../tokenizer";

const BATCH = 32;

export interface Scorer {
  /** Of each text its logits, [C], without dropout. */
  logits(texts: readonly TokenIds[]): Float32Array[];
  /** Of each text the vector that the head reads, [H]. */
  vectors(texts: readonly TokenIds[]): Float32Array[];
  /**
   * Gradient × input (Shrikumar et al. 2017; Denil et al. 2014 for words): the gradient of one class' logit
   * with respect to what the embeddings give for each token, times that vector, summed over its dimensions;
   * [T] for each text, signed. Of the words' rows alone it would be 0 in ModernBERT: they are normalised at
   * once, so that their lengths change nothing.
   * @param labels of each text the class
   */
  gradientTimesInput(texts: readonly TokenIds[], labels: readonly number[]): Float32Array[];
  /** Frees all memory. */
  dispose(): void;
}

const tensorOf = ({ shape, data }: HostArray): Tensor =>
  tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");

/**
 * Takes a model into TensorFlow: one of lib/models with its head, as `train` (lib/train/fit) gives it or
 * trainedModel (packages/export) reads it from a run.
 * @throws if it has no word embeddings, as one over doc2vec's vectors
 */
export async function openScorer(model: Model): Promise<Scorer> {
  await ready();
  const { layers, weights, lookup, maxTokens: longest } = model;
  if (lookup === undefined)
    throw new Error("this model has no word embeddings: words can be marked for BERT and its kin alone");
  const engines = new Map<readonly Layer[], Engine>();
  const outputsOf = (some: readonly Layer[], texts: readonly TokenIds[]) => {
    const loader = new BatchLoader(texts, { batchSize: BATCH, longest });
    const engine = remembered(engines, some, () =>
      openEngine({
        weights: Object.fromEntries(some.flatMap(({ parameters }) => parameters.map((p) => [p, weights[p]]))),
        outputs: (context) => applyLayers(some, null, context),
        outputShapes: [tokenShapes(BATCH)],
      }),
    );
    return texts.length === 0 ? [] : logitsOf(loader, engine);
  };
  const [embeddings, ...rest] = layers,
    below = layers.slice(0, -1);
  let parameters: Record<string, Tensor> | undefined;

  const ofBatch = (inputs: Readonly<Record<string, HostArray>>, labels: readonly number[]) => {
    parameters ??= Object.fromEntries(
      Object.entries(weights).map(([name, value]) => [name, tensorOf(value)]),
    );
    const known = parameters;
    return tf.tidy(() => {
      const fed = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, tensorOf(value)]));
      const context = { parameters: known, inputs: fed, dropout: (x: Tensor) => x };
      const embedded = embeddings.apply(null, context); // [B, T, H]
      const logitOf = (x: Tensor): Tensor => {
        const logits = applyLayers(rest, x, context); // [B, C]
        const chosen = tf.oneHot(tf.tensor1d([...labels], "int32"), logits.shape[1] as number);
        return tf.sum(tf.mul(logits, tf.cast(chosen, "float32"))); // a row depends on its own tokens alone
      };
      return tf.sum(tf.mul(tf.grad(logitOf)(embedded), embedded), 2).dataSync() as Float32Array; // [B, T]
    });
  };

  return {
    logits: (texts) => outputsOf(layers, texts),
    vectors: (texts) => outputsOf(below, texts),
    gradientTimesInput(texts, labels) {
      const loader = new BatchLoader(texts, { batchSize: BATCH, longest }),
        found = new Array<Float32Array>(texts.length);
      for (const { items, tokens } of texts.length === 0 ? [] : planBatches(loader)) {
        const inputs = loader.inputs(items, tokens);
        const classes = Array.from({ length: BATCH }, (_, row) => labels[items[row]] ?? 0);
        const times = ofBatch(inputs, classes);
        items.forEach((item, row) => {
          const from = row * tokens;
          found[item] = Float32Array.from(times.subarray(from, from + texts[item].ids.length));
        });
      }
      return found;
    },
    dispose() {
      for (const engine of engines.values()) engine.dispose();
      engines.clear();
      tf.dispose(Object.values(parameters ?? {}));
      parameters = undefined;
    },
  };
}
