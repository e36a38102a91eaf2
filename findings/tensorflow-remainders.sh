#!/bin/sh
# TensorFlow: the same number has other last bits at the end of a tensor than before it.
#
# One would guess that an elementwise function of float32 gives a number that depends on its argument alone, so that
# a text's vector is the same whatever else is in its batch, as long as each row is computed by itself. Seen instead:
# on x86 processors tf.math.rsqrt, tf.exp and tf.math.reciprocal compute the numbers that fill vector registers by
# one formula and what is left over at the end of the tensor by another, which differs in the last bit for some;
# tf.sqrt, tf.tanh and tf.math.erf agree. Layer normalisation and softmax are made of the first kind.
# Why it matters: embeddings that are kept and compared, or taken for a duplicate if they are equal, change with the
# number of rows that are computed at once. Those of tensors of a multiple of 8 numbers do not, with AVX-512 too.
# Seen with tensorflow-cpu 2.21.0 (Eigen's packet functions, Eigen/src/Core/arch/) on Python 3.11; exits 1 if that
# changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0
cat >try.py <<'PY'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

values = np.linspace(0.5, 2, 1000, dtype=np.float32)
functions = {
    "rsqrt": tf.math.rsqrt,
    "exp": tf.exp,
    "reciprocal": tf.math.reciprocal,
    "sqrt": tf.sqrt,
    "tanh": tf.tanh,
    "erf": tf.math.erf,
}
differing = {}
for name, function in functions.items():
    alike = [function(tf.fill([17], value)).numpy().view(np.int32) for value in values]
    differing[name] = sum(bits[0] != bits[16] for bits in alike)
    print(f"{name}: of {len(values)} numbers {differing[name]} (guess 0) differ in the 17th place from the first")
first, last = list(functions)[:3], list(functions)[3:]
same = all(differing[name] > 0 for name in first) and all(differing[name] == 0 for name in last)
raise SystemExit(0 if same else 1)
PY
venv/bin/python try.py 2>/dev/null
