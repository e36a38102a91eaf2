/**
 * What is frozen is computed once per text: the layers before the first trained parameter give features,
 * which are kept (packages/feature-store), and epochs cost only what is trained. Dropout in frozen layers is
 * off, else there would be nothing to keep.
 *
 * A text's features do not depend, to the bit, on the texts that are computed with it
 * (packages/feature-store/batches.ts).
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  EQUAL_TOKENS,
  type FeatureBatch,
  FeatureStore,
  featureBatches,
  inEqualBatches,
  LEAST_ROWS,
  LEAST_TOKENS,
  pooledRows,
} from "../../packages/feature-store";
import {
  backendName,
  checkpointed,
  type Engine,
  openForBatches,
  productsSeeRows,
  type StepContext,
  type Tensor,
  threadCount,
  withRows,
} from "../../packages/tfjs-graph";
import type { TokenIds } from "../../packages/tokenizer";
import { applyLayers, type Layer, type Model } from "../models/model";
import { cacheFolder, canonicalJson, sha256 } from "../support/files";
import { type HostArray, sizeOf, type Weights } from "../support/host-array";
import { oneDnnAsked } from "../support/one-dnn";
import type { OnProgress } from "../support/progress";
import { madeWithNow } from "../versions";
import { type Features, paddedLength, tokenInputs } from "./batches";
import type { Freeze } from "./freeze";

/** Of texts that are predicted once, for which features are kept: 1.6 GB where they are 768 wide. */
const MOST_TOKENS = 2 ** 19;
const MOST_STORES = 4; // in memory, each for one model's frozen layers

interface TrainableLayers {
  /** Names of the trained parameters. */
  readonly trainable: readonly string[];
  /** All that these layers read, what is frozen among it too. */
  readonly weights: Weights;
  /** From the inputs of a BatchLoader with these features to logits [B, C]; no dropout in frozen layers. */
  readonly apply: (context: StepContext) => Tensor;
  /** Of the layers before them; undefined if none is frozen. */
  readonly features?: Features;
}

interface FeatureOptions {
  readonly model: Model;
  readonly freeze: Freeze;
  readonly texts: readonly TokenIds[];
  /**
   * disk: features are also kept in cacheFolder()/features, for the next process; memory: in this process
   * alone (random weights, for instance).
   */
  readonly cache: "disk" | "memory";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Splits a model at its frozen part: the layers from the first trained parameter on, with the features of
 * `texts` that they begin with, computed where they are not yet known.
 * @throws if nothing is trained; if a text is longer than the model takes; AbortError if the signal fires
 *   meanwhile
 */
export async function trainableLayers(options: FeatureOptions): Promise<TrainableLayers> {
  const { model, freeze } = options;
  const trained = model.layers.findIndex((layer) => layer.parameters.some((name) => freeze(name)));
  if (trained < 0) throw new Error("the freeze mode trains none of the model's parameters");
  // the embeddings alone are looked up faster than a vector for every token is kept
  const first = trained === 1 && model.layers[0].output === "sequence" ? 0 : trained;
  const [frozen, layers] = [model.layers.slice(0, first), model.layers.slice(first)];
  const weights = weightsOf(model, layers);
  const apply = (context: StepContext) => {
    let x: Tensor | null = frozen.length > 0 ? context.inputs.features : null;
    for (const layer of layers) {
      const trained = layer.parameters.some((name) => freeze(name));
      x = trained ? checkpointed(layer, x, context) : layer.apply(x, { ...context, dropout: (y) => y });
    }
    return x as Tensor;
  };
  return {
    trainable: Object.keys(weights).filter((name) => freeze(name)),
    weights,
    apply,
    features: frozen.length > 0 ? await featuresOf(frozen, options) : undefined,
  };
}

/** The weights that some of a model's layers read. */
function weightsOf(model: Model, layers: readonly Layer[]): Weights {
  const read = new Set(layers.flatMap((layer) => layer.parameters));
  return Object.fromEntries(Object.entries(model.weights).filter(([name]) => read.has(name)));
}

const stores = new Map<string, FeatureStore>(); // the longest unused first

/** The features of `texts`, those that are not yet known computed. */
async function featuresOf(frozen: readonly Layer[], options: FeatureOptions): Promise<Features> {
  const { model, texts, cache } = options;
  const key = keyOf(model, frozen);
  const folder = cache === "disk" ? join(cacheFolder(), "features", key) : "";
  const store = stores.get(key) ?? new FeatureStore(folder);
  stores.delete(key);
  stores.set(key, store); // now the newest
  if (stores.size > MOST_STORES) forget([...stores.keys()][0]);
  const { output } = frozen[frozen.length - 1];
  const missing = [...new Map(texts.map((text) => [textKey(text), text]))].filter(
    ([name]) => !store.has(name),
  );
  if (missing.length > 0) {
    const done = (i: number, features: Float32Array) => store.add(missing[i][0], features);
    try {
      await compute(frozen, { ...options, texts: missing.map(([, text]) => text) }, done);
    } finally {
      store.flush();
    }
  }
  const of = (text: TokenIds) => store.get(textKey(text));
  const width =
    texts.length === 0 ? 0 : of(texts[0]).length / (output === "sequence" ? texts[0].ids.length : 1);
  return { output, width, of };
}

function forget(key: string): void {
  stores.get(key)?.close();
  stores.delete(key);
}

/**
 * Whether texts that are predicted, not trained on, are worth their features, which grow with them: of more
 * texts the whole network is computed batch by batch.
 */
export const areKept = (texts: readonly TokenIds[]): boolean =>
  texts.reduce((sum, { ids }) => sum + ids.length, 0) <= MOST_TOKENS;

/** Forgets the features that are kept in memory. */
export function forgetFeatures(): void {
  for (const key of stores.keys()) forget(key);
}

/** Computes the features of all `texts`, batch by batch. */
async function compute(
  frozen: readonly Layer[],
  options: FeatureOptions,
  done: (i: number, features: Float32Array) => void,
): Promise<void> {
  const { model, texts, onProgress, signal } = options;
  const large = featureBatches(texts.map(({ ids }) => paddedLength(ids.length, model.maxTokens))),
    equal = inEqualBatches(large);
  const layers = new FrozenLayers(model, frozen, [...large, ...equal]);
  /** The features of a batch's items. */
  const of = (batch: FeatureBatch): Float32Array[] => {
    const own = batch.items.map((i) => texts[i]);
    const { shape, data } = layers.outputs(own, batch);
    const size = sizeOf(shape.slice(1));
    return own.map(({ ids }, row) => {
      const used = shape.length === 3 ? ids.length * shape[2] : size;
      return data.slice(row * size, row * size + used) as Float32Array;
    });
  };
  let finished = 0;
  try {
    const [first] = large,
      [part] = equal; // of the first's texts
    const tried = new Map([[part, of(part)]]); // few texts are computed in equal batches, with no second try
    if (first.rows > part.rows && !productsSeeRows()) tried.set(first, of(first));
    const alike = isDeepStrictEqual(tried.get(first)?.slice(0, part.items.length), tried.get(part));
    for (const batch of alike ? large : equal) {
      const computed = tried.get(batch) ?? of(batch);
      computed.forEach((features, row) => done(batch.items[row], features));
      finished += batch.items.length;
      onProgress?.({ task: "features of what is frozen", done: finished, total: texts.length });
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
      signal?.throwIfAborted();
    }
  } finally {
    layers.dispose();
  }
}

/**
 * Frozen layers in two engines: those that give vectors of tokens, and those that give one a text, for which
 * a batch may have more rows (pooledRows).
 */
class FrozenLayers {
  private readonly parts: readonly (readonly Layer[])[];
  private readonly engines: Engine[] = [];

  constructor(
    private readonly model: Model,
    frozen: readonly Layer[],
    private readonly batches: readonly FeatureBatch[],
  ) {
    const tokens = frozen.filter(({ output }) => output === "sequence").length;
    this.parts = [frozen.slice(0, tokens), frozen.slice(tokens)].filter(({ length }) => length > 0);
  }

  /** Of a batch with these texts: [B, T, H] or [B, H], a row for each and more. */
  outputs(texts: readonly TokenIds[], batch: FeatureBatch): HostArray {
    let x: HostArray | undefined;
    for (const [i, layers] of this.parts.entries()) {
      const rowsOf = (one: FeatureBatch) => (layers[0].output === "pooled" ? pooledRows(one.rows) : one.rows),
        rows = rowsOf(batch);
      const inputs = { ...tokenInputs(texts, rows, batch.tokens), ...(x && { features: withRows(x, rows) }) };
      this.engines[i] ??= openForBatches(
        {
          weights: weightsOf(this.model, layers),
          outputs: (context) => applyLayers(layers, context.inputs.features ?? null, context),
        },
        inputs,
        this.batches.map(rowsOf),
      );
      x = this.engines[i].outputs(inputs);
    }
    return x as HostArray;
  }

  dispose(): void {
    for (const engine of this.engines) engine.dispose();
  }
}

const hashes = new WeakMap<object, string>();

function hashOf({ shape, data }: HostArray): string {
  const known = hashes.get(data) ?? sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  hashes.set(data, known);
  return `${shape} ${known}`;
}

/**
 * What features are kept under: their weights, their layers with the model's configuration, the declared
 * version of the network's code (versions.ts), and what decides the last bits (TensorFlow's version, the
 * backend, its threads, the products it was told to take, the least tokens of a batch, those of equal batches
 * where they matter and, where they are of texts, the least rows). Another of any of these has features of
 * its own, and those of before stay where they are; the length that a text is padded to is the code's, so a
 * change of it raises the network's version.
 */
function keyOf(model: Model, frozen: readonly Layer[]): string {
  const weights = Object.entries(weightsOf(model, frozen)).map(([name, value]) => [name, hashOf(value)]);
  // as features on disk spell it, whose keys stay
  const spelt = { sequence: "tokens", pooled: "text" } as const;
  const stages = frozen.map(({ name, output }) => `${name}: ${spelt[output]}`);
  const { configuration } = model;
  const { network, tensorflow } = madeWithNow();
  const computed = { network, tensorflow, backend: backendName(), threadCount, leastTokens: LEAST_TOKENS },
    ofTexts = frozen[frozen.length - 1].output === "pooled" && { leastRows: LEAST_ROWS };
  const oneDnn = oneDnnAsked(),
    products = { ...(oneDnn && { oneDnn }), ...(productsSeeRows() && { equalTokens: EQUAL_TOKENS }) };
  const key = { weights, stages, configuration, ...computed, ...ofTexts, ...products };
  return sha256(canonicalJson(key)).slice(0, 16);
}

const textKey = ({ ids, segmentIds }: TokenIds) => `${ids.join(" ")}/${segmentIds.join("")}`;
