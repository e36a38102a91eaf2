/**
 * The pieces of a Transformer encoder, with few ops and gradients of their own. They work eagerly on native
 * TensorFlow and on wasm, and can be traced (trace.ts): nothing here reads a value back.
 *
 * Shapes: B batch, T tokens, H hidden, N heads, D head width, C classes, V vocabulary; I and O are a layer's
 * inputs and outputs.
 */
import { isNative, type Tensor, tf } from "./backend";
import { customGradients } from "./custom-gradients";
import { boolAttribute, nativeOp, typeAttribute } from "./native";

const FLOAT = [typeAttribute("T", "float32")];

interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The product of two matrices, either transposed first. Has no gradient of its own: see dense(). */
export function product(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): Tensor {
  if (!isNative()) return tf.matMul(a, b, transposeA, transposeB);
  const flags = [boolAttribute("transpose_a", transposeA), boolAttribute("transpose_b", transposeB)];
  return nativeOp("MatMul", [...FLOAT, ...flags], [a, b])[0];
}

/** The sum of [M, O] over its rows: [O]. */
export function sumOfRows(x: Tensor): Tensor {
  return isNative() ? nativeOp("BiasAddGrad", FLOAT, [x])[0] : tf.sum(x, 0);
}

const denseOfRows = customGradients(([x, w, b], save) => {
  save([x, w]);
  const xw = product(x, w, { transposeB: true }); // [M, O]
  const value = isNative() ? nativeOp("BiasAdd", FLOAT, [xw, b])[0] : tf.add(xw, b);
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
    () => product(dy, saved[1]), // [M, I]
    () => product(dy, saved[0], { transposeA: true }), // [O, I]
    () => sumOfRows(dy),
  ];
  return { value, gradFunc };
});

const productOfRows = customGradients(([x, w], save) => {
  save([x, w]);
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
    () => product(dy, saved[1]), // [M, I]
    () => product(dy, saved[0], { transposeA: true }), // [O, I]
  ];
  return { value: product(x, w, { transposeB: true }), gradFunc };
});

/**
 * x wᵀ + b, the weight stored as PyTorch and Hugging Face store it.
 * @param x [..., I]
 * @param w [O, I]
 * @param b [O]; without it x wᵀ
 * @returns [..., O]
 */
export function dense(x: Tensor, w: Tensor, b?: Tensor): Tensor {
  const [outputs, inputs] = w.shape;
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
  const value = b ? denseOfRows(rows, w, b) : productOfRows(rows, w);
  return x.rank === 2 ? value : tf.reshape(value, [...x.shape.slice(0, -1), outputs]);
}

/** Φ(x) and the slope of x Φ(x). */
function gaussian(x: Tensor): readonly [cdf: Tensor, slope: Tensor] {
  const cdf = tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
  const pdf = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return [cdf, tf.add(cdf, tf.mul(x, pdf))];
}

const geluWithGradient = tf.customGrad((...args) => {
  const [x, save] = args as [Tensor, tf.GradSaveFunc];
  const [cdf, slope] = gaussian(x);
  save([slope]); // alone: half the memory of x and cdf
  return { value: tf.mul(x, cdf), gradFunc: (dy: Tensor, [slope]: Tensor[]) => tf.mul(dy, slope) };
});

/** x Φ(x) with the exact normal distribution, BERT's "gelu" (Hendrycks and Gimpel 2016). Any shape. */
export function gelu(x: Tensor): Tensor {
  return geluWithGradient(x);
}

/** gelu(x) · gate, ModernBERT's GeGLU (Shazeer 2020). Both of the same shape. */
export const geglu = customGradients(([x, gate], save) => {
  const [cdf, slope] = gaussian(x),
    turned = tf.mul(x, cdf);
  save([tf.mul(gate, slope), turned]); // two tensors where gelu and product would keep three
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
    () => tf.mul(dy, saved[0]),
    () => tf.mul(dy, saved[1]),
  ];
  return { value: tf.mul(turned, gate), gradFunc };
});

/** The approximation of GELU by tanh, "gelu_new" in Hugging Face's configurations. Any shape. */
export function geluTanh(x: Tensor): Tensor {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton 2016).
 * @param x [..., H]
 * @param gamma [H] scale
 * @param beta [H] shift; none if left out
 * @param epsilon added to the variance; BERT's is 1e-12
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta?: Tensor, epsilon = 1e-12): Tensor {
  const hidden = x.shape[x.rank - 1];
  const normalise = customGradients(([input, scale, shift], save) => {
    const centred = tf.sub(input, tf.mean(input, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon)); // [M, 1]
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, scale]);
    const ofInput = (dy: Tensor, [n, r, g]: readonly Tensor[]) => {
      const dn = tf.mul(dy, g);
      const along = tf.add(tf.mean(dn, -1, true), tf.mul(n, tf.mean(tf.mul(dn, n), -1, true)));
      return tf.mul(r, tf.sub(dn, along));
    };
    const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
      () => ofInput(dy, saved),
      () => sumOfRows(tf.mul(dy, saved[0])),
      () => sumOfRows(dy),
    ];
    const scaled = tf.mul(normal, scale);
    return { value: shift ? tf.add(scaled, shift) : scaled, gradFunc };
  });
  const parameters = beta ? [gamma, beta] : [gamma];
  if (x.rank === 2) return normalise(x, ...parameters);
  return tf.reshape(normalise(tf.reshape(x, [-1, hidden]), ...parameters), x.shape);
}

/** 0, 1 … count - 1, float32 [count]; traced for texts of any length, it is as long as they are. */
export function range(count: number): Tensor {
  if (!isNative()) return tf.range(0, count);
  const bounds = [0, count, 1].map((bound) => tf.scalar(bound, "int32"));
  return tf.cast(nativeOp("Range", [typeAttribute("Tidx", "int32")], bounds)[0], "float32");
}

/**
 * Rows of a table. Unlike tf.gather it never reads the ids back to the host.
 * @param table [V, H]
 * @param ids int32 of any shape, each from 0 to V - 1
 * @returns [...ids.shape, H]
 */
export function gather(table: Tensor, ids: Tensor): Tensor {
  const [rows, width] = table.shape;
  const pick = tf.customGrad((...args) => {
    const [all, save] = args as [Tensor, tf.GradSaveFunc];
    const flat = tf.reshape(ids, [-1]) as tf.Tensor1D;
    save([flat]); // else it is disposed of before the gradient asks for it
    const types = [
      ["Tparams", "float32"],
      ["Tindices", "int32"],
      ["Taxis", "int32"],
    ] as const;
    const attributes = types.map(([name, dtype]) => typeAttribute(name, dtype));
    const value = isNative()
      ? nativeOp("GatherV2", attributes, [all, flat, tf.scalar(0, "int32")])[0]
      : tf.gather(all, flat);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.unsortedSegmentSum(dy, saved[0] as tf.Tensor1D, rows),
    };
  });
  return tf.reshape(pick(table), [...ids.shape, width]);
}

/** The first token's vector of each text, that of [CLS]: [B, T, H] → [B, H]. */
export function firstToken(x: Tensor): Tensor {
  const [batch, , hidden] = x.shape;
  return tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, hidden]), [batch, hidden]);
}

/**
 * The mean of the vectors where mask [B, T] (float32) is 1: [B, T, H] → [B, H]. A text without any gives 0.
 */
export function meanOfTokens(x: Tensor, mask: Tensor): Tensor {
  const count = tf.maximum(tf.sum(mask, 1, true), 1); // [B, 1]
  return tf.div(tf.sum(tf.mul(x, tf.expandDims(mask, 2)), 1), count);
}

/**
 * Cross entropy of every row, in nats.
 * @param logits [M, C]
 * @param labels int32 [M], each from 0 to C - 1
 * @returns [M]
 */
export function crossEntropies(logits: Tensor, labels: Tensor): Tensor {
  const ofLogits = tf.customGrad((...args) => {
    const [x, save] = args as [Tensor, tf.GradSaveFunc];
    const [value, slope] = isNative() ? nativeCrossEntropies(x, labels) : plainCrossEntropies(x, labels);
    save([slope]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0], tf.reshape(dy, [-1, 1])) };
  });
  return ofLogits(logits);
}

const nativeCrossEntropies = (logits: Tensor, labels: Tensor): Tensor[] =>
  nativeOp(
    "SparseSoftmaxCrossEntropyWithLogits",
    [...FLOAT, typeAttribute("Tlabels", "int32")],
    [logits, labels],
    2,
  );

function plainCrossEntropies(logits: Tensor, labels: Tensor): Tensor[] {
  const truth = tf.cast(tf.oneHot(labels as tf.Tensor1D, logits.shape[1] ?? 0), "float32");
  const logProbabilities = tf.logSoftmax(logits, -1);
  return [tf.neg(tf.sum(tf.mul(truth, logProbabilities), 1)), tf.sub(tf.exp(logProbabilities), truth)];
}

interface Soft {
  /** A teacher's logits, [M, C]. */
  readonly taught: Tensor;
  /** w, from 0 to 1. */
  readonly softTargets?: number;
  /** T, above 0; 1 if left out. */
  readonly temperature?: number;
}

/**
 * Losses of rows beside what a teacher says of them, as Hinton et al. 2015 have it: 1 - w of the row's loss
 * and w T² of the divergence from the teacher's softmax, the logits of both divided by T. The T² keeps the
 * size of the gradient, which falls as 1 / T².
 * @param losses [M]
 * @param logits [M, C]
 * @returns [M]
 */
export function distilled(
  losses: Tensor,
  logits: Tensor,
  { taught, softTargets: w = 0, temperature: t = 1 }: Soft,
): Tensor {
  const apart = divergences(tf.div(logits, t), tf.div(taught, t));
  return tf.add(tf.mul(losses, 1 - w), tf.mul(apart, w * t * t));
}

/**
 * How far the softmax of each row is from that of another one, in nats: Kullback and Leibler's Σ q log(q /
 * p).
 * @param logits [M, C], of p
 * @param wanted logits of q, [M, C]; no gradient goes there
 * @returns [M]
 */
function divergences(logits: Tensor, wanted: Tensor): Tensor {
  const ofLogits = tf.customGrad((...args) => {
    const [x, save] = args as [Tensor, tf.GradSaveFunc];
    const [known, truth] = [x, wanted].map((one) => tf.logSoftmax(one, -1)),
      q = tf.exp(truth);
    save([tf.sub(tf.exp(known), q)]);
    return {
      value: tf.sum(tf.mul(q, tf.sub(truth, known)), 1),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(saved[0], tf.reshape(dy, [-1, 1])),
    };
  });
  return ofLogits(logits);
}

/**
 * The weighted mean of the rows' cross entropies, as torch.nn.functional.cross_entropy gives it with class
 * weights. A row of weight 0 (padding, a masked position) counts for nothing.
 * @param weights float32 [M]: the weight of the row's class, or 0; their sum must not be 0
 * @returns a scalar
 */
export function crossEntropy(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return tf.div(tf.sum(tf.mul(crossEntropies(logits, labels), weights)), tf.sum(weights));
}
