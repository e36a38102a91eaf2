/**
 * The matrix products of a whole run (fit.ts) without anything between them: seconds that TensorFlow needs for
 * them at the row counts of its batches. What a run takes beyond that is komalab's; what it takes for them is
 * the machine's and the library's. BERT's layers, all of them trained, the last or none.
 *
 * Shapes: B texts of T tokens a batch, M = B·T, H hidden, 4H intermediate, N heads of D.
 */
import { readFileSync } from "node:fs";
import { Random } from "../lib/support/random";
import { paddedLength, planBatches } from "../lib/train/batches";
import { featureBatches, inSmallBatches } from "../lib/train/feature-batches";
import { boolAttribute, DataType, nativeBackend, ready, typeAttribute } from "../packages/tfjs-graph";
import { BERT_BASE, type StepOptions } from "./model";
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

/** Of a dense layer: forward; and backward, where it is trained: for its weights, and for its inputs too. */
function dense(rows: number, from: number, to: number, backward: "" | "weights" | "both"): Product[] {
  const forward = { left: [rows, from], right: [from, to] };
  const weights = { left: [from, rows], right: [rows, to] },
    inputs = { left: [rows, to], right: [to, from] };
  if (backward === "") return [forward];
  return backward === "weights" ? [forward, weights] : [forward, weights, inputs];
}

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

/** A layer over all tokens. */
function layer(batch: number, tokens: number, { hidden, heads }: Sizes, trained: boolean): Product[] {
  const rows = batch * tokens,
    backward = trained ? "both" : "";
  return [
    ...dense(rows, hidden, 3 * hidden, backward),
    ...attention(batch, tokens, tokens, { hidden, heads }, trained),
    ...dense(rows, hidden, hidden, backward),
    ...dense(rows, hidden, 4 * hidden, backward),
    ...dense(rows, 4 * hidden, hidden, backward),
  ];
}

/** The last layer: the first token alone asks. `frozenBelow`: no gradient of its inputs is wanted. */
function lastLayer(
  batch: number,
  tokens: number,
  { hidden, heads }: Sizes,
  { trained, frozenBelow }: { readonly trained: boolean; readonly frozenBelow: boolean },
): Product[] {
  const above = trained ? "both" : "",
    below = !trained ? "" : frozenBelow ? "weights" : "both";
  return [
    ...dense(batch, hidden, hidden, below),
    ...dense(batch * tokens, hidden, 2 * hidden, below),
    ...attention(batch, 1, tokens, { hidden, heads }, trained),
    ...dense(batch, hidden, hidden, above),
    ...dense(batch, hidden, 4 * hidden, above),
    ...dense(batch, 4 * hidden, hidden, above),
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
  const below = (count: number, tokens: number, rows: number, trained: boolean) =>
    Array.from({ length: count }, () => layer(rows, tokens, options, trained)).flat();
  if (freeze === "all")
    return perEpoch((tokens, trained) => [
      ...below(layers - 1, tokens, batchSize, trained),
      ...lastLayer(batchSize, tokens, options, { trained, frozenBelow: false }),
    ]);
  if (freeze !== "last" && freeze !== "fixed") throw new Error(`no products are listed for ${freeze}`);
  const texts = new Map([...train.ids, ...validation.ids].map((ids) => [ids.join(), ids.length]));
  const large = featureBatches([...texts.values()].map((tokens) => paddedLength(tokens)));
  const frozen = [...large, ...inSmallBatches(large).slice(0, 1)].flatMap(({ rows, tokens }) => [
    ...below(layers - 1, tokens, rows, false),
    ...(freeze === "fixed" ? lastLayer(rows, tokens, options, { trained: false, frozenBelow: true }) : []),
  ]);
  if (freeze === "fixed") return frozen;
  return [
    ...frozen,
    ...perEpoch((tokens, trained) => lastLayer(batchSize, tokens, options, { trained, frozenBelow: true })),
  ];
}

/** Seconds of one product, of as many calls as fill a twentieth of a second. */
function secondsOf({ left, right }: Product): number {
  const { binding } = nativeBackend();
  const operand = (shape: readonly number[]) =>
    binding.createTensor(
      shape,
      DataType.float32,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 7) - 3),
    );
  const inputs = [operand(left), operand(right)],
    isBatch = left.length > 2;
  const names = isBatch ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"];
  const attributes = [typeAttribute("T", "float32"), ...names.map((name) => boolAttribute(name, false))];
  const product = () =>
    binding.deleteTensor(
      binding.executeOp(isBatch ? "BatchMatMulV2" : "MatMul", attributes, inputs, 1)[0].id,
    );
  product();
  const start = performance.now();
  let calls = 0;
  for (; calls === 0 || performance.now() - start < 50; calls++) product();
  const seconds = (performance.now() - start) / 1000 / calls;
  for (const id of inputs) binding.deleteTensor(id);
  return seconds;
}

void serve(async ({ data, epochs, ...given }: Options) => {
  await ready();
  const products = productsOf({ ...BERT_BASE, ...given }, JSON.parse(readFileSync(data, "utf8")), epochs);
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
      [...counts.values()].reduce((sum, { product, count }) => sum + count * secondsOf(product), 0),
    note: `${products.length} products, ${(flops / 1e12).toFixed(1)} TFLOP`,
  };
});
