#!/bin/sh
# oneDNN: with AVX2 a matrix with long rows is multiplied slower as it lies than transposed.
#
# One would guess that A B, with B as a product reads it, takes no longer than A times the transpose of a matrix that
# holds B the other way round: at worst the library copies that one into B's order first. Seen instead, by TensorFlow's
# MatMul with oneDNN's kernels for AVX2: 240 rows by [768, 3072] take 1.6 to 2.1 times as long as by a transposed
# [3072, 768]. From 480 rows on both are level, and so are [3072, 768] as it lies and a transposed [768, 3072]. With
# AVX-512 it is the other way round: there the transposed one took 1.6 times as long.
# Why it matters: how dense layers store their weights decides how long short batches take, and the order that is right
# on a server is wrong on a notebook. Eigen's products, which TensorFlow takes with AVX2 by default, do as AVX-512.
# Seen with tensorflow-cpu 2.21.0 on Python 3.11, Linux, 2 cores of an AMD EPYC; a busy machine may hide it. Exits 1 if
# that changes, 0 with a word where it cannot be seen.
set -eu
if ! grep -q '^flags.* avx2' /proc/cpuinfo || grep -q '^flags.* avx512f' /proc/cpuinfo; then
  echo "not seen: no processor with AVX2 and without AVX-512"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0
cat >try.py <<'PY'
import time

import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(2)
random = np.random.default_rng(1)


def tensor(*shape):
    return tf.constant(random.normal(size=shape).astype(np.float32))


# twelve matrices in turn, as a network's layers: none is in the processor's caches
inputs, lying, turned = tensor(240, 768), [tensor(768, 3072) for _ in range(12)], [tensor(3072, 768) for _ in range(12)]


def seconds(matrices, transposed):
    start = time.perf_counter()
    for matrix in matrices:
        tf.matmul(inputs, matrix, transpose_b=transposed)
    return (time.perf_counter() - start) / len(matrices)


pairs = [(seconds(lying, False), seconds(turned, True)) for _ in range(33)][3:]
slow, fast = np.median(pairs, axis=0)
gflops = 2 * 240 * 768 * 3072 / 1e9
print(f"240 rows by [768, 3072]: {gflops / slow:.0f} GFLOPS, by a transposed [3072, 768]: {gflops / fast:.0f};",
      f"{slow / fast:.2f} times as long (guess: at most 1)")
raise SystemExit(0 if slow / fast > 1.15 else 1)
PY
export TF_CPP_MIN_LOG_LEVEL=3
TF_ENABLE_ONEDNN_OPTS=1 venv/bin/python try.py 2>/dev/null
