/**
 * The matrix products of a whole run (fit.ts) without anything between them: seconds that TensorFlow needs
 * for them at the row counts of its batches. What a run takes beyond that is komalab's; what it takes for
 * them is the machine's and the library's. BERT's layers: all of them trained, their biases, adapters beside
 * their queries and values, the last layer, or none.
 *
 * Shapes: B texts of T tokens a batch, M = B·T, H hidden, 4H intermediate, N heads of D.
 */
import { readFileSync } from "node:fs";
import { Random } from "../lib/support/random";
import { paddedLength, planBatches } from "../lib/train/batches";
import { featureBatches, inEqualBatches, pooledRows } from "../packages/feature-store";
import {
  boolAttribute,
  DataType,
  nativeBackend,
  productsSeeRows,
  ready,
  typeAttribute,
} from "../packages/tfjs-graph";
import { BERT_BASE, LORA, type StepOptions } from "./model";
import type { Labelled, Reviews } from "./reviews";
import { serve } from "./side";

interface Options extends Partial<StepOptions> {
  readonly data: string;
  readonly epochs: number;
}

/** [..., M, K] × [..., K, C], as many of them. */
interface Product {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

type Sizes = Pick<StepOptions, "hidden" | "heads">;

/** The gradients of a dense layer that are wanted: of its weights, of its inputs. */
type Backward = "" | "weights" | "inputs" | "both";

/** Of a dense layer: forward, and its gradients. */
function dense(rows: number, from: number, to: number, backward: Backward): Product[] {
  const forward = { left: [rows, from], right: [from, to] };
  const weights = { left: [from, rows], right: [rows, to] },
    inputs = { left: [rows, to], right: [to, from] };
  return {
    "": [forward],
    weights: [forward, weights],
    inputs: [forward, inputs],
    both: [forward, weights, inputs],
  }[backward];
}

/** A dense layer's adapter of this rank; 0 is none. */
const adapter = (rows: number, width: number, rank: number, trained: boolean): Product[] =>
  rank === 0
    ? []
    : [
        ...dense(rows, width, rank, trained ? "both" : ""),
        ...dense(rows, rank, width, trained ? "both" : ""),
      ];

/** Scores and their sums of values; each has two products of its size backward. */
function attention(
  batch: number,
  asking: number,
  tokens: number,
  { hidden, heads }: Sizes,
  trained: boolean,
) {
  const width = hidden / heads,
    one: readonly Product[] = [
      { left: [batch, heads, asking, width], right: [batch, heads, width, tokens] },
      { left: [batch, heads, asking, tokens], right: [batch, heads, tokens, width] },
    ];
  return trained ? [...one, ...one, ...one] : [...one];
}

interface LayerOptions {
  /** What is wanted of its weights and its inputs. */
  readonly backward: Backward;
  /** The same of the maps that read the layer's own inputs, if it is less. */
  readonly below?: Backward;
  /** Of its queries' and values' adapters. */
  readonly rank?: number;
}

/** A layer over all tokens. */
function layer(
  batch: number,
  tokens: number,
  sizes: Sizes,
  { backward, below = backward, rank = 0 }: LayerOptions,
): Product[] {
  const rows = batch * tokens,
    { hidden } = sizes,
    trained = backward !== "";
  return [
    ...dense(rows, hidden, 3 * hidden, below),
    ...[1, 2].flatMap(() => adapter(rows, hidden, rank, trained)),
    ...attention(batch, tokens, tokens, sizes, trained),
    ...dense(rows, hidden, hidden, backward),
    ...dense(rows, hidden, 4 * hidden, backward),
    ...dense(rows, 4 * hidden, hidden, backward),
  ];
}

/** The last layer: the first token alone asks. */
function lastLayer(
  batch: number,
  tokens: number,
  sizes: Sizes,
  { backward, below = backward, rank = 0 }: LayerOptions,
): Product[] {
  const { hidden } = sizes,
    rows = batch * tokens,
    trained = backward !== "";
  return [
    ...dense(batch, hidden, hidden, below),
    ...dense(rows, hidden, 2 * hidden, below),
    ...adapter(batch, hidden, rank, trained),
    ...adapter(rows, hidden, rank, trained),
    ...attention(batch, 1, tokens, sizes, trained),
    ...dense(batch, hidden, hidden, backward),
    ...dense(batch, hidden, 4 * hidden, backward),
    ...dense(batch, 4 * hidden, hidden, backward),
  ];
}

/** All products of a run. */
function productsOf(options: StepOptions, { train, validation }: Reviews, epochs: number): Product[] {
  const { layers, batch: batchSize, freeze } = options;
  const lengths = ({ ids }: Labelled) => ids.map(({ length }) => length);
  const batches = (part: Labelled, random?: Random) =>
    planBatches({ lengths: lengths(part), batchSize }, random).map(({ tokens }) => tokens);
  const perEpoch = (of: (tokens: number, trained: boolean) => Product[]): Product[] =>
    Array.from({ length: epochs }, () => [
      ...batches(train, new Random(1)).flatMap((tokens) => of(tokens, true)),
      ...batches(validation).flatMap((tokens) => of(tokens, false)),
    ]).flat();
  const below = (tokens: number, rows: number, how: LayerOptions) =>
    Array.from({ length: layers - 1 }, (_, i) =>
      // beneath the first layer's adapters nothing is trained
      layer(rows, tokens, options, i === 0 && how.rank ? { ...how, below: "" } : how),
    ).flat();
  if (freeze !== "last" && freeze !== "fixed") {
    const rank = freeze === "lora" ? LORA.rank : 0;
    return perEpoch((tokens, trained) => {
      const how = { backward: !trained ? "" : freeze === "all" ? "both" : "inputs", rank } as const;
      return [...below(tokens, batchSize, how), ...lastLayer(batchSize, tokens, options, how)];
    });
  }
  const texts = new Map([...train.ids, ...validation.ids].map((ids) => [ids.join(), ids.length]));
  const large = featureBatches([...texts.values()].map((tokens) => paddedLength(tokens)));
  const equal = inEqualBatches(large),
    computed = productsSeeRows() ? equal : [...large, equal[0]]; // as lib/train/features.ts does
  const frozen = computed.flatMap(({ rows, tokens }) => [
    ...below(tokens, rows, { backward: "" }),
    ...(freeze === "fixed" ? lastLayer(pooledRows(rows), tokens, options, { backward: "" }) : []),
  ]);
  if (freeze === "fixed") return frozen;
  return [
    ...frozen,
    ...perEpoch((tokens, trained) =>
      lastLayer(batchSize, tokens, options, {
        backward: trained ? "both" : "",
        below: trained ? "weights" : "",
      }),
    ),
  ];
}

/**
 * Seconds of one product, of as many calls as fill a twentieth of a second: of the matrix on the right as it
 * lies and transposed, the faster. Such matrices are as many as there are layers, in turn: a run finds none
 * of its weights in the processor's caches.
 */
function secondsOf({ left, right }: Product, layers: number): number {
  const { binding } = nativeBackend();
  const operand = (shape: readonly number[]) =>
    binding.createTensor(
      shape,
      DataType.float32,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 7) - 3),
    );
  const isBatch = left.length > 2,
    op = isBatch ? "BatchMatMulV2" : "MatMul",
    names = isBatch ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"];
  const first = operand(left);
  const read = (transposed: boolean) => {
    const shape = transposed
        ? [...right.slice(0, -2), right[right.length - 1], right[right.length - 2]]
        : right,
      others = Array.from({ length: isBatch ? 1 : layers }, () => operand(shape)),
      switches = names.map((name, i) => boolAttribute(name, i === 1 && transposed)),
      attributes = [typeAttribute("T", "float32"), ...switches];
    const product = (call: number) =>
      binding.deleteTensor(binding.executeOp(op, attributes, [first, others[call % others.length]], 1)[0].id);
    product(0);
    const start = performance.now();
    let calls = 0;
    for (; calls < others.length || performance.now() - start < 50; calls++) product(calls);
    const seconds = (performance.now() - start) / 1000 / calls;
    for (const id of others) binding.deleteTensor(id);
    return seconds;
  };
  const fastest = Math.min(read(false), read(true));
  binding.deleteTensor(first);
  return fastest;
}

void serve(async ({ data, epochs, ...given }: Options) => {
  await ready();
  const options = { ...BERT_BASE, ...given },
    products = productsOf(options, JSON.parse(readFileSync(data, "utf8")), epochs);
  const counts = new Map<string, { readonly product: Product; count: number }>();
  for (const product of products) {
    const name = `${product.left} ${product.right}`,
      known = counts.get(name);
    if (known) known.count++;
    else counts.set(name, { product, count: 1 });
  }
  const flops = products.reduce(
    (sum, { left, right }) => sum + 2 * left.reduce((a, b) => a * b) * right[right.length - 1],
    0,
  );
  return {
    measure: () =>
      [...counts.values()].reduce(
        (sum, { product, count }) => sum + count * secondsOf(product, options.layers),
        0,
      ),
    note: `${products.length} products, ${(flops / 1e12).toFixed(1)} TFLOP`,
  };
});
