/** Adam and AdamW against PyTorch: the numbers and the script that made them are in reference/. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { HostArray, Weights } from "../../../lib/support/host-array";
import { ready, tf } from "../backend";
import { openEngine } from "../engine";
import { type HostInputs, shapesOf } from "../engine-types";
import { nativeBackend } from "../native";
import {
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
  scaleByParameter,
} from "../optimizer";
import { onNative } from "./native";

interface Reference {
  readonly decay: number;
  readonly epsilon: number;
  readonly rates: readonly number[];
  readonly start: Readonly<Record<string, { shape: number[]; data: number[] }>>;
  readonly gradients: readonly Readonly<Record<string, number[]>>[];
  readonly variants: Readonly<Record<string, { weights: Record<string, number[]>; norms: number[] }>>;
}
const reference = JSON.parse(readFileSync(join(__dirname, "reference/adamw.json"), "utf8")) as Reference;

const array = (shape: readonly number[], data: readonly number[]): HostArray => ({
  shape,
  data: Float32Array.from(data),
});
const weights: Weights = Object.fromEntries(
  Object.entries(reference.start).map(([name, { shape, data }]) => [name, array(shape, data)]),
);
const names = Object.keys(weights);
/** The loss is the sum of weight · input, so that a step's inputs are its gradients. */
const inputs = reference.gradients.map(
  (step): HostInputs =>
    Object.fromEntries(names.map((name) => [name, array(weights[name].shape, step[name])])),
);

const options = { beta1: 0.9, beta2: 0.999, epsilon: reference.epsilon, biasCorrection: true };
const adam = scaleByAdam(options);
const decay = addDecayedWeights(reference.decay, (name) => name === "dense.weight");
const variants: Readonly<Record<string, Optimizer>> = {
  adamw: [adam, decay],
  "adamw, clipped at 1": [clipByGlobalNorm(1), adam, decay],
  adam: [decay, adam],
  "adamw without bias correction": [scaleByAdam({ ...options, biasCorrection: false }), decay],
};

before(ready);
for (const [name, optimizer] of Object.entries(variants)) {
  for (const mode of ["traced", "eager"] as const) {
    test(`ten steps of ${name} equal PyTorch's (${mode})`, mode === "traced" ? onNative : {}, () => {
      const engine = openEngine({
        weights,
        trainable: names,
        optimizer,
        mode,
        trainShapes: [shapesOf(inputs[0])],
        loss: (context) =>
          tf.addN(names.map((key) => tf.sum(tf.mul(context.parameters[key], context.inputs[key])))),
      });
      const norms = inputs.map(
        (step, i) => engine.step(step, { learningRate: reference.rates[i], seed: 0 }).gradientNorm,
      );
      const after = engine.weights();
      assert.equal(engine.mode, mode);
      engine.dispose();
      const expected = reference.variants[name];
      norms.forEach((norm, i) =>
        assert.ok(
          Math.abs(norm / expected.norms[i] - 1) < 1e-6,
          `norm ${i}: ${norm}, PyTorch ${expected.norms[i]}`,
        ),
      );
      for (const key of names) {
        const { data } = after[key];
        // in a graph 1 - beta2 is formed of float32s, as TensorFlow's own op has it: 1.3e-5 of it is lost
        const most = (mode === "traced" ? 1e-5 : 1e-6) * Math.max(...expected.weights[key].map(Math.abs));
        expected.weights[key].forEach((value, i) =>
          assert.ok(Math.abs(data[i] - value) <= most, `${key} ${i}: ${data[i]}, PyTorch ${value}`),
        );
      }
    });
  }
}

for (const [name, optimizer] of Object.entries(variants)) {
  for (const mode of ["traced", "eager"] as const)
    test(
      `a parameter's factor is one of its rate: ${name} (${mode})`,
      mode === "traced" ? onNative : {},
      () => {
        const trained = (chain: Optimizer, times = 1) => {
          const engine = openEngine({
            ...{ weights, trainable: names, optimizer: chain, mode },
            trainShapes: [shapesOf(inputs[0])],
            loss: (context) =>
              tf.addN(names.map((key) => tf.sum(tf.mul(context.parameters[key], context.inputs[key])))),
          });
          inputs.forEach((step, i) =>
            engine.step(step, { learningRate: times * reference.rates[i], seed: 0 }),
          );
          const after = engine.weights();
          engine.dispose();
          return after;
        };
        const [first, ...others] = names,
          some = trained([...optimizer, scaleByParameter((key) => (key === first ? 0.25 : 1))]);
        // of powers of two every bit is the same
        assert.deepEqual(some[first], trained(optimizer, 0.25)[first]);
        for (const key of others) assert.deepEqual(some[key], trained(optimizer)[key]);
      },
    );
}

for (const [name, optimizer] of [
  ...Object.entries(variants),
  ["adamw with factors", [adam, decay, scaleByParameter((key) => (key === "dense.weight" ? 0.7 : 3))]],
] as const) {
  test(`in one pass ${name} has the bits of TensorFlow's own ops, by which a GPU computes`, onNative, () => {
    const shape = [517, 601]; // large enough for two threads, and odd
    const value = (scale: number) =>
      array(
        shape,
        Array.from({ length: shape[0] * shape[1] }, (_, i) => scale * Math.sin(i * scale)),
      );
    const trained = (isUsingGpuDevice: boolean): Weights => {
      const backend = nativeBackend();
      const present = backend.isUsingGpuDevice;
      Object.assign(backend, { isUsingGpuDevice });
      try {
        const engine = openEngine({
          weights: { "dense.weight": value(0.3), "dense.bias": value(0.7) },
          trainable: ["dense.weight", "dense.bias"],
          optimizer,
          trainShapes: [{ x: { shape, dtype: "float32" } }],
          loss: ({ parameters, inputs: { x } }) =>
            tf.addN(Object.values(parameters).map((parameter) => tf.sum(tf.mul(parameter, x)))),
        });
        for (const step of [1, 2, 3]) engine.step({ x: value(step) }, { learningRate: 1e-2, seed: 1 });
        const { firstMoments, secondMoments } = engine.optimizerState();
        const after = {
          ...engine.weights(),
          m: firstMoments["dense.bias"],
          v: secondMoments["dense.weight"],
        };
        assert.equal(engine.mode, "traced");
        engine.dispose();
        return after;
      } finally {
        Object.assign(backend, { isUsingGpuDevice: present });
      }
    };
    assert.deepEqual(trained(false), trained(true));
  });
}
