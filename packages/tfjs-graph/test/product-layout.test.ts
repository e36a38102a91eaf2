import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend";
import { openEngine } from "../engine";
import { shapesOf } from "../engine-types";
import { Graph } from "../graph";
import { AttributeType, boolAttribute } from "../native";
import { dense } from "../ops";
import type { Variable } from "../optimizer-graph";
import { layOut } from "../product-layout";
import { onNative } from "./native";
import { ADAMW, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

/** A graph that reads one weight [outputs, inputs] by products, transposed or not, and by another op. */
function readBy(shape: readonly number[], products: readonly boolean[], other = false) {
  const graph = new Graph();
  const handle = graph.node("VarHandleOp", [], [{ name: "shape", type: AttributeType.shape, value: shape }]);
  const read = graph.node("ReadVariableOp", [handle]);
  const names = products.map((transposed) =>
    graph.node("MatMul", ["x", read], [boolAttribute("transpose_b", transposed)]),
  );
  if (other) graph.node("GatherV2", [read, "ids", "axis"]);
  const variable: Variable = { name: "w", value: { shape, data: new Float32Array(0) }, handle, read };
  return { graph, names, variable };
}

interface Read {
  readonly other?: boolean;
  readonly slowTransposed?: boolean;
}

/** What becomes of such a graph where the weight is stored once. */
function turned(
  shape: readonly number[],
  products: readonly boolean[],
  { other, slowTransposed }: Read = {},
) {
  const { graph, names, variable } = readBy(shape, products, other);
  const wasTurned = layOut(graph, { frozen: [variable], slowTransposed }).turned.has(variable);
  const attributeOf = (name: string, attribute: string) =>
    graph.nodes.find((node) => node.name === name)?.attributes.find((one) => one.name === attribute)?.value;
  return {
    wasTurned,
    stored: attributeOf(variable.handle, "shape"),
    transposed: names.map((name) => attributeOf(name, "transpose_b")),
  };
}

test("a weight with long rows is stored the other way round, and its products read it so", () => {
  assert.deepEqual(turned([2, 6], [true, false]), {
    wasTurned: true,
    stored: [6, 2],
    transposed: [false, true],
  });
});
test("a weight with short rows stays where its gradient's product reads it as it is", () => {
  assert.deepEqual(turned([6, 2], [true, false]), {
    wasTurned: false,
    stored: [6, 2],
    transposed: [true, false],
  });
});
test("where nothing reads a weight as it is, it is turned whatever its rows", () => {
  assert.deepEqual(turned([6, 2], [true]), { wasTurned: true, stored: [2, 6], transposed: [false] });
});
test("where a weight may be stored twice, each product reads the copy that lies for it", () => {
  const { graph, variable } = readBy([6, 2], [true, false]);
  const { copies } = layOut(graph, { frozen: [variable], twice: true });
  const products = graph.nodes.filter(({ op }) => op === "MatMul");
  assert.deepEqual(
    products.map(({ inputs, attributes }) => [inputs[1], attributes[0].value]),
    [
      [copies[0].read, false],
      [variable.read, false],
    ],
  );
  const stored = graph.nodes.find(({ name }) => name === copies[0].handle);
  assert.deepEqual(stored?.attributes[0].value, [2, 6]);
});
test("a weight that anything but a product reads stays", () => {
  assert.equal(turned([2, 6], [true], { other: true }).wasTurned, false);
});
test("where a transposed matrix is read as fast as any, one is turned only if its long rows are read as they lie", () => {
  const wasTurned = (shape: readonly number[], products: readonly boolean[]) =>
    turned(shape, products, { slowTransposed: false }).wasTurned;
  assert.deepEqual(
    [wasTurned([2, 6], [true, false]), wasTurned([6, 2], [true, false]), wasTurned([2, 6], [true])],
    [true, false, false],
  );
});
test("where a transposed matrix is read as fast as any, nothing is stored twice", () => {
  const { graph, variable } = readBy([6, 2], [true, false]);
  assert.deepEqual(layOut(graph, { frozen: [variable], twice: true, slowTransposed: false }).copies, []);
});

/** A step that trains a weight [2, 6]: its product with x, and its gradient, of a product or another op. */
function turnedStep(gradientOp: string, reader = "L2Loss", gradient = "gradient") {
  const graph = new Graph();
  const variable = (name: string): Variable => {
    const shape = { name: "shape", type: AttributeType.shape, value: [2, 6] };
    const handle = graph.node("VarHandleOp", [], [shape], name),
      read = graph.node("ReadVariableOp", [handle], [], `${name}_read`);
    return { name, value: { shape: [2, 6], data: new Float32Array(12) }, handle, read };
  };
  const slot = { weight: variable("weight"), first: variable("first"), second: variable("second") };
  const transposes = (a: boolean, b: boolean) => [
    boolAttribute("transpose_a", a),
    boolAttribute("transpose_b", b),
  ];
  graph.node("MatMul", ["x", slot.weight.read], transposes(false, true), "y");
  graph.node(gradientOp, ["dy", "x"], transposes(true, false), "gradient");
  graph.node(reader, ["gradient"]);
  graph.node("KomalabAdam", [slot.weight.read, slot.first.read, slot.second.read, gradient]);
  const turned = [...layOut(graph, { frozen: [], slots: [slot] }).turned].map(({ name }) => name);
  const nodeOf = (name: string) => graph.nodes.find((node) => node.name === name)!;
  const flags = (name: string) => nodeOf(name).attributes.map(({ value }) => value);
  return {
    turned,
    product: flags("y"),
    gradient: [nodeOf("gradient").inputs, flags("gradient")],
    first: flags("first"),
  };
}

test("a trained weight with long rows is turned with its moments, and so is its gradient's product", () => {
  assert.deepEqual(turnedStep("MatMul"), {
    turned: ["weight", "first", "second"],
    product: [false, false],
    gradient: [
      ["x", "dy"],
      [true, false],
    ],
    first: [[6, 2]],
  });
});
test("a trained weight stays whose gradient is no product, a part of one, or read as a matrix", () => {
  const stay = [
    turnedStep("AddV2"),
    turnedStep("MatMul", "MatMul"),
    turnedStep("MatMul", "L2Loss", "split:1"),
  ];
  assert.deepEqual(
    stay.map(({ turned }) => turned),
    [[], [], []],
  );
});
test("a weight that outputs read number by number beside another one stays", onNative, () => {
  const [w, v] = [1, 2].map((seed) => ({
    shape: [2, 6],
    data: Float32Array.from({ length: 12 }, (_, i) => i * seed),
  }));
  const x = { shape: [3, 6], data: new Float32Array(18).fill(1) },
    shapes = [shapesOf({ x })];
  const engine = openEngine({
    ...{ weights: { w, v }, trainable: ["w"], trainShapes: shapes, outputShapes: shapes, optimizer: ADAMW },
    loss: ({ parameters, inputs }) => tf.mean(tf.square(dense(inputs.x, parameters.w))),
    outputs: ({ parameters }) => tf.sub(parameters.w, parameters.v),
  });
  assert.deepEqual(
    [...engine.outputs({ x }).data],
    [...w.data].map((value, i) => value - v.data[i]),
  );
  engine.dispose();
});
test("a gradient's product that reads another turned weight is not changed twice", () => {
  const graph = new Graph();
  const matrix = (name: string, size: number): Variable => {
    const shape = [size, size];
    const handle = graph.node(
      "VarHandleOp",
      [],
      [{ name: "shape", type: AttributeType.shape, value: shape }],
      name,
    );
    const read = graph.node("ReadVariableOp", [handle]);
    return { name, value: { shape, data: new Float32Array(size * size) }, handle, read };
  };
  const frozen = matrix("frozen", 4),
    slot = { weight: matrix("weight", 4), first: matrix("first", 4), second: matrix("second", 4) };
  graph.node("MatMul", ["x", slot.weight.read], [boolAttribute("transpose_b", true)]);
  graph.node("MatMul", ["dy", frozen.read], [boolAttribute("transpose_b", true)], "gradient");
  graph.node("KomalabAdam", [slot.weight.read, slot.first.read, slot.second.read, "gradient"]);
  const { turned } = layOut(graph, { frozen: [frozen], slots: [slot] });
  assert.deepEqual(
    [...turned].map(({ name }) => name),
    ["frozen"],
  );
});
test("what is frozen gives losses and logits that do not differ from what is trained", onNative, () => {
  const weights = tinyWeights(TINY),
    batch = tinyBatch(TINY, 3, 5),
    shapes = [shapesOf(batch)];
  const firstOf = (trainable: readonly string[]) => {
    const engine = openEngine({
      ...{ weights, trainable, trainShapes: shapes, outputShapes: shapes, optimizer: ADAMW },
      loss: tinyLoss(TINY),
      outputs: (context) => tinyLogits(TINY, context),
    });
    const logits = [...engine.outputs(batch).data],
      { loss } = engine.step(batch, { learningRate: 1e-3, seed: 1 });
    engine.dispose();
    return [loss, ...logits];
  };
  const names = Object.keys(weights);
  const all = firstOf(names),
    biases = firstOf(names.filter((name) => name.endsWith("bias")));
  biases.forEach((value, i) => assert.ok(Math.abs(value - all[i]) < 1e-6, `${i}: ${value}, ${all[i]}`));
});
