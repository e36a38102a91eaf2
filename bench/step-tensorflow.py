"""One training step of the same BERT in Python's TensorFlow, the strongest peer: tf.function, dropout, clipping at 1, AdamW with TensorFlow's fused Adam.

With bf16, products are computed in bf16, weights and everything else in float32.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import tensorflow as tf
from side import peak_memory, seconds_of, serve

BERT_BASE = dict(layers=12, hidden=768, heads=12, vocabulary=32000, batch=16, tokens=128, precision="float32", dropout=0.1, batches=4)
RATE, DECAY, BETA1, BETA2, EPSILON = 2e-5, 0.01, 0.9, 0.999, 1e-8


def open(options):
    o = BERT_BASE | options
    B, T, H, N, rate = o["batch"], o["tokens"], o["hidden"], o["heads"], o["dropout"]
    D = H // N
    weights = {}

    def weight(name, *shape):
        if name not in weights:
            kind = tf.ones(shape) if name.endswith("gamma") else tf.zeros(shape) if name.endswith(("bias", "beta")) else tf.random.normal(shape, stddev=0.02)
            weights[name] = tf.Variable(kind, name=name)
        return weights[name]

    def product(a, b, **transposed):
        if o["precision"] == "float32":
            return tf.matmul(a, b, **transposed)
        return tf.cast(tf.matmul(tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16), **transposed), tf.float32)

    def dense(x, name, outputs):
        return tf.nn.bias_add(product(x, weight(f"{name}.weight", x.shape[-1], outputs)), weight(f"{name}.bias", outputs))

    def norm(x, name):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, weight(f"{name}.beta", H), weight(f"{name}.gamma", H), 1e-12)

    drop = lambda x: tf.nn.dropout(x, rate) if rate else x
    split = lambda x: tf.transpose(tf.reshape(x, [B, T, N, D]), [0, 2, 1, 3])

    def logits(ids, mask):
        words = tf.gather(weight("words", o["vocabulary"], H), ids) + weight("types", 2, H)[0]
        x = tf.reshape(words + weight("positions", 512, H)[:T], [B * T, H])
        x = drop(norm(x, "embeddings"))
        bias = (tf.reshape(mask, [B, 1, 1, T]) - 1) * 1e9
        for i in range(o["layers"]):
            query, key, value = (split(dense(x, f"{i}.{part}", H)) for part in ("query", "key", "value"))
            shares = drop(tf.nn.softmax(product(query, key, transpose_b=True) * D**-0.5 + bias))
            attended = tf.reshape(tf.transpose(product(shares, value), [0, 2, 1, 3]), [B * T, H])
            x = norm(x + drop(dense(attended, f"{i}.output", H)), f"{i}.attention")
            wide = tf.nn.gelu(dense(x, f"{i}.up", 4 * H), approximate=False)
            x = norm(x + drop(dense(wide, f"{i}.down", H)), f"{i}.layer")
        first = tf.reshape(x, [B, T, H])[:, 0]
        return dense(drop(tf.tanh(dense(first, "pooler", H))), "classifier", 2)

    data = []
    for _ in range(o["batches"]):
        ids = tf.cast(float(o["vocabulary"]) ** tf.random.uniform([B, T]), tf.int32)
        data.append((tf.minimum(ids, o["vocabulary"] - 1), tf.ones([B, T]), tf.random.uniform([B], maxval=2, dtype=tf.int32)))
    logits(*data[0][:2])  # makes the weights
    variables = list(weights.items())
    moments = {name: (tf.Variable(tf.zeros(w.shape)), tf.Variable(tf.zeros(w.shape))) for name, w in variables}
    powers = [tf.Variable(1.0), tf.Variable(1.0)]

    @tf.function
    def train(ids, mask, labels):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits(ids, mask)))
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, [w for _, w in variables])]
        gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
        power1, power2 = powers[0].assign(powers[0] * BETA1), powers[1].assign(powers[1] * BETA2)
        for (name, w), g in zip(variables, gradients):
            m, v = moments[name]
            if not name.endswith(("bias", "beta", "gamma")):
                w.assign_sub(RATE * DECAY * w)
            tf.raw_ops.ResourceApplyAdam(var=w.handle, m=m.handle, v=v.handle, beta1_power=power1, beta2_power=power2, lr=RATE,
                                         beta1=BETA1, beta2=BETA2, epsilon=EPSILON, grad=g)
        return loss

    compiled = lambda: train.get_concrete_function(*data[0])
    if o["measure"] == "compile":
        return lambda: seconds_of(compiled, 0), None
    if o["measure"] == "compile-memory":
        return lambda: (compiled(), peak_memory())[1], None

    count = 0

    def step():
        nonlocal count
        count += 1
        return float(train(*data[count % len(data)]))

    if o["measure"] == "memory":
        return lambda: ([step() for _ in range(3)], peak_memory())[1], None
    for _ in range(2):
        step()
    return lambda: seconds_of(step, 0.5), None


serve(open, ["tensorflow-cpu"])
