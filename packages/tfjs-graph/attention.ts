/**
 * Self-attention of a Transformer (Vaswani et al. 2017) with few and large ops.
 * Shapes: B batch, T tokens, S of them that ask, H hidden, N heads, D head width (H = N·D).
 */
import { isNative, type Tensor, tf } from "./backend";
import { customGradients } from "./custom-gradients";
import { boolAttribute, nativeOp, typeAttribute } from "./native";
import { range } from "./ops";

/** Batches of matrices multiplied, either transposed first; tfjs's own spends four reshapes on it. */
function products(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  if (!isNative()) return tf.matMul(a, b, transposeA, transposeB);
  const flags = [boolAttribute("adj_x", transposeA), boolAttribute("adj_y", transposeB)];
  return nativeOp("BatchMatMulV2", [typeAttribute("T", "float32"), ...flags], [a, b])[0];
}

/** a bᵀ of the last two axes. */
const timesTransposed = customGradients(([a, b], save) => {
  save([a, b]);
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
    () => products(dy, saved[1], false, false),
    () => products(dy, saved[0], true, false),
  ];
  return { value: products(a, b, false, true), gradFunc };
});

/** a b of the last two axes. */
const times = customGradients(([a, b], save) => {
  save([a, b]);
  const gradFunc = (dy: Tensor, saved: readonly Tensor[]) => [
    () => products(dy, saved[1], false, true),
    () => products(saved[0], dy, true, false),
  ];
  return { value: products(a, b, false, false), gradFunc };
});

/** [B, T, parts · H] cut into its parts, and each into heads: [B, N, T, D] for each part. */
export function cutParts(x: Tensor, parts: number, heads: number): Tensor[] {
  const [batch, tokens, width] = x.shape;
  const cut = tf.reshape(x, [batch, tokens, parts, heads, width / parts / heads]);
  return tf.unstack(tf.transpose(cut, [2, 0, 3, 1, 4]));
}

/** [B, T, H] cut into heads: [B, N, T, D]. */
export function cutHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, hidden] = x.shape;
  return tf.transpose(tf.reshape(x, [batch, tokens, heads, hidden / heads]), [0, 2, 1, 3]);
}

/** [B, N, T, D] with its heads put side by side again: [B, T, H]. */
export function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, width] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}

/**
 * What is added to attention scores: 0 where mask [B, T] (float32) is 1, -1e9 where it is 0 (padding). [B, 1,
 * 1, T]
 */
export function maskBias(mask: Tensor): Tensor {
  const [batch, tokens] = mask.shape;
  return tf.mul(tf.sub(tf.reshape(mask, [batch, 1, 1, tokens]), 1), 1e9);
}

/**
 * What is added to attention scores where a token sees those at most `distance` away: 0 there, -1e9 beyond.
 * [S, T]: the first S of T tokens ask.
 */
export function windowBias(asking: number, tokens: number, distance: number): Tensor {
  const away = tf.abs(tf.sub(tf.expandDims(range(asking), 1), range(tokens)));
  return tf.mul(tf.cast(tf.greater(away, distance), "float32"), -1e9);
}

/** Cosine and sine of the angles by which rotary positions turn pairs of elements, both [T, D / 2]. */
type Angles = readonly [cosine: Tensor, sine: Tensor];

/**
 * The angles of rotary position embeddings (Su et al. 2021): token t turns its pair i by t / base^(2i / D),
 * in the float32 steps that transformers takes.
 * @param width D, even
 */
export function rotaryAngles(tokens: number, width: number, base: number): Angles {
  const speeds = Float32Array.from(
    { length: width / 2 },
    (_, i) => 1 / Math.fround(base ** Math.fround((2 * i) / width)),
  );
  const angles = tf.mul(tf.expandDims(range(tokens), 1), tf.tensor1d(speeds));
  return [tf.cos(angles), tf.sin(angles)];
}

/** x [..., T, D] with element i and i + D / 2 turned as a pair. */
function turned(x: Tensor, [cosine, sine]: Angles): Tensor {
  const [low, high] = tf.split(x, 2, -1);
  const parts = [
    tf.sub(tf.mul(low, cosine), tf.mul(high, sine)),
    tf.add(tf.mul(high, cosine), tf.mul(low, sine)),
  ];
  return tf.concat(parts, -1);
}

/** Queries or keys [B, N, T, D] with their positions turned in. Its gradient turns back, and keeps no x. */
export function rotary(x: Tensor, angles: Angles): Tensor {
  const turn = customGradients(([input], save) => {
    save([...angles]);
    const gradFunc = (dy: Tensor, [cosine, sine]: readonly Tensor[]) => [
      () => turned(dy, [cosine, tf.neg(sine)]),
    ];
    return { value: turned(input, angles), gradFunc };
  });
  return turn(x);
}

interface Attention {
  /** [B, N, S, D]. */
  readonly query: Tensor;
  /** Each [B, N, T, D]. */
  readonly key: Tensor;
  readonly value: Tensor;
  /** [B, 1, 1, T] from maskBias(), or [B, 1, S, T] with windowBias() added. */
  readonly bias: Tensor;
  /** Dropout of the attention weights, [B, N, S, T]. */
  readonly drop?: (weights: Tensor) => Tensor;
}

/** Scaled dot-product attention: [B, N, S, D]. */
export function attention({ query, key, value, bias, drop = (weights) => weights }: Attention): Tensor {
  const scaled = tf.mul(query, 1 / Math.sqrt(query.shape[query.rank - 1])); // smaller than the scores
  return times(drop(tf.softmax(tf.add(timesTransposed(scaled, key), bias), -1)), value);
}
