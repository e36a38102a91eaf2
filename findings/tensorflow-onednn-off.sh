#!/bin/sh
# TensorFlow: oneDNN is off where a processor has AVX2 and nothing newer, though its products are faster there.
#
# One would guess that the x86 wheels of TensorFlow, which have had oneDNN on by default since 2.9, compute with it on
# any processor that it has kernels for. Seen instead: without instructions for neural networks (AVX512_VNNI,
# AVX512_BF16, AVX_VNNI or AMX) products have the bits of TF_ENABLE_ONEDNN_OPTS=0, with them those of =1. The release
# notes of 2.9 name such processors, for which it is on; that the others keep Eigen's products is said nowhere at run time.
# Why it matters: processors with AVX2 alone (AMD's to Zen 3, Intel's desktop ones to the eleventh generation) leave
# time on the table: on 2 cores of an AMD EPYC the scores of BERT-base's attention (16 x 12 heads, 128 tokens) took 1.5 to
# 2.4 times as long as with =1, a training step of BERT-base (16 x 128 tokens) 1.24 times. And two machines that differ in
# these instructions alone have other last bits because another library computes.
# Seen with tensorflow-cpu 2.21.0 (its rule is in tensorflow/core/util/util.cc) on Python 3.11, Linux, x86; exits 1 if
# that changes, 0 with a word where it cannot be seen.
set -eu
grep -q '^flags.* avx2' /proc/cpuinfo || { echo "not seen: no processor with AVX2"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0
cat >try.py <<'PY'
import hashlib
import time

import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(2)
random = np.random.default_rng(1)
a, b = (tf.constant(random.normal(size=size).astype(np.float32)) for size in ((2048, 3072), (3072, 768)))
query, key = (tf.constant(random.normal(size=(16, 12, 128, 64)).astype(np.float32)) for _ in range(2))


def milliseconds():
    start = time.perf_counter()
    tf.matmul(query, key, transpose_b=True).numpy()
    return (time.perf_counter() - start) * 1000


milliseconds()
print(hashlib.sha256(tf.matmul(a, b).numpy().tobytes()).hexdigest()[:12], f"{np.median([milliseconds() for _ in range(25)]):.1f}")
PY
export TF_CPP_MIN_LOG_LEVEL=3
unset TF_ENABLE_ONEDNN_OPTS
of() { "$@" venv/bin/python try.py 2>/dev/null; }
default=$(of env) off=$(of env TF_ENABLE_ONEDNN_OPTS=0) on=$(of env TF_ENABLE_ONEDNN_OPTS=1)
echo "bits of a product, milliseconds of attention's scores: by default $default, off $off, on $on"
if grep -qE '^flags.* (avx512_vnni|avx512_bf16|avx_vnni|amx_tile|amx_int8|amx_bf16)( |$)' /proc/cpuinfo; then
  echo "this processor has instructions for neural networks: on by default"
  like=$on
else
  echo "this processor has none: off by default (guess: on)"
  like=$off
fi
[ "${off% *}" != "${on% *}" ] && [ "${default% *}" = "${like% *}" ]
