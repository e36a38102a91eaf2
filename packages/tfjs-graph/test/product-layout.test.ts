import assert from "node:assert/strict";
import { test } from "node:test";
import { openEngine } from "../engine";
import { shapesOf } from "../engine-types";
import { Graph } from "../graph";
import { AttributeType, boolAttribute } from "../native";
import type { Variable } from "../optimizer-graph";
import { turnFrozen } from "../product-layout";
import { onNative } from "./native";
import { ADAMW, TINY, tinyBatch, tinyLogits, tinyLoss, tinyWeights } from "./tiny";

/** A graph that reads one weight [outputs, inputs] by products, transposed or not, and by another op. */
function turned(shape: readonly number[], products: readonly boolean[], other = false) {
  const graph = new Graph();
  const handle = graph.node("VarHandleOp", [], [{ name: "shape", type: AttributeType.shape, value: shape }]);
  const read = graph.node("ReadVariableOp", [handle]);
  const names = products.map((transposed) =>
    graph.node("MatMul", ["x", read], [boolAttribute("transpose_b", transposed)]),
  );
  if (other) graph.node("GatherV2", [read, "ids", "axis"]);
  const variable: Variable = { name: "w", value: { shape, data: new Float32Array(0) }, handle, read };
  const wasTurned = turnFrozen(graph, [variable]).has(variable);
  const attributeOf = (name: string, attribute: string) =>
    graph.nodes.find((node) => node.name === name)?.attributes.find((one) => one.name === attribute)?.value;
  return {
    wasTurned,
    stored: attributeOf(handle, "shape"),
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
test("a weight that anything but a product reads stays", () => {
  assert.equal(turned([2, 6], [true], true).wasTurned, false);
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
