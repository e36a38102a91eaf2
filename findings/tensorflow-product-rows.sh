#!/bin/sh
# TensorFlow: with AVX2 a row of a matrix product has other last bits at another place, and among fewer rows.
#
# One would guess that every row of A B depends on its own row of A alone, so that equal rows give equal rows. Seen
# instead, on an x86 processor with AVX2 and no AVX-512: of 512 equal rows Eigen's product (the default there) gives the
# last two other bits, as if six rows were taken at once and what is left summed up in another way; of 280 rows two in
# the middle too, where one thread's part ends; of 528, a multiple of 48, none. oneDNN's product
# (TF_ENABLE_ONEDNN_OPTS=1) gives all of 256 rows other bits than the same rows among 2,048.
# Why it matters: a text's embedding depends on which texts are computed with it and where it stands, so that what is
# cached, compared or taken for a duplicate by its bits is not the same twice. On a processor with AVX-512 none of this
# was seen in multiples of 8 rows.
# Seen with tensorflow-cpu 2.21.0 on Python 3.11, Linux, x86, 2 threads; exits 1 if that changes, 0 with a word where it
# cannot be seen.
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
import sys

import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(2)
random = np.random.default_rng(1)
vector, weights = (random.normal(size=size).astype(np.float32) for size in ((768,), (768, 768)))


def product(rows):
    return tf.matmul(np.tile(vector, (rows, 1)), weights).numpy().view(np.int32)


def differing(rows, row):
    return int((product(rows) != row).any(axis=1).sum())


first = product(512)[0]
seen = {rows: differing(rows, first) for rows in (512, 528)}
among = differing(256, product(2048)[0])
print(f"{sys.argv[1]}: of 512 equal rows {seen[512]} (guess 0) differ from the first, of 528 {seen[528]};",
      f"of 256 differ {among} (guess 0) from the first of 2,048")
same = seen == {512: 2, 528: 0} if sys.argv[1] == "Eigen" else among == 256
raise SystemExit(0 if same else 1)
PY
export TF_CPP_MIN_LOG_LEVEL=3
TF_ENABLE_ONEDNN_OPTS=0 venv/bin/python try.py Eigen 2>/dev/null
TF_ENABLE_ONEDNN_OPTS=1 venv/bin/python try.py oneDNN 2>/dev/null
