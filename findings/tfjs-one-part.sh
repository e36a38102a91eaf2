#!/bin/sh
# TensorFlow.js: tf.unstack and tf.split have no gradient where they give one tensor.
#
# One would guess that x is taken apart and put together again by tf.stack(tf.unstack(x)) for any number of rows,
# gradient included, as torch.unbind and tf.unstack of Python do it. Seen instead: both forward passes work, with
# two parts both gradients too; with one part the gradients throw of an argument that the caller never gave,
# since the engine hands the gradient of a single output on by itself, and both read a list of them.
# Why it matters: a recurrent network written over tf.unstack trains until a batch comes whose texts all have one
# word. tf.slice and tf.reshape have no such case.
# Seen with @tensorflow/tfjs 4.22.0 (backend cpu; gradients are made in tfjs-core, src/engine.ts and
# src/gradients/, for every backend) on Node.js 20; exits 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "dependencies": { "@tensorflow/tfjs": "4.22.0" } }' >package.json
npm install --silent --ignore-scripts >/dev/null
cat >try.js <<'JS'
console.warn = () => {};
const tf = require("@tensorflow/tfjs");
tf.setBackend("cpu");
const ways = { unstack: (x) => tf.stack(tf.unstack(x)), split: (x) => tf.concat(tf.split(x, x.shape[0])) };
const gradient = (way, rows) => {
  try {
    return Array.from(tf.grad((x) => tf.sum(way(x)))(tf.ones([rows, 2])).dataSync()).join(", ");
  } catch (error) {
    return error.message;
  }
};
let same = true;
for (const [name, way] of Object.entries(ways))
  for (const rows of [2, 1]) {
    const [value, made] = [Array.from(way(tf.ones([rows, 2])).dataSync()).join(", "), gradient(way, rows)];
    console.log(`${name} of ${rows} row(s): ${value}; its gradient (guess ${value}): ${made}`);
    same &&= value === (rows === 2 ? "1, 1, 1, 1" : "1, 1") && (made === value) === (rows === 2);
  }
process.exit(same ? 0 : 1);
JS
node try.js
