import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf, warningsOf } from "../../../test/show/chart";
import { front, pareto } from "..";

const point = (system: string, x: number, value: number) => ({
  system,
  x,
  value,
  low: value - 0.1,
  high: value + 0.1,
});
const points = [
  point("BERT", 100, 0.9),
  point("int8", 300, 0.89),
  point("f16", 80, 0.9),
  point("doc2vec", 200, 0.5),
  point("TF-IDF", 9000, 0.7),
];
const drawn = pareto(points, { title: "速さと正解率", x: "tokens a second", metric: "accuracy" });

test("the front has what no other one reaches in both, from slow to fast", () =>
  assert.deepEqual(
    front(points).map(({ system }) => system),
    ["BERT", "int8", "TF-IDF"],
  ));

test("of equals both are on the front", () =>
  assert.equal(front([point("a", 1, 0.5), point("b", 1, 0.5)]).length, 2));

test("each system is drawn once with its interval", () =>
  assert.deepEqual(
    valuesOf(drawn).map(({ system, x, low }) => [system, x, low]),
    points.map(({ system, x, low }) => [system, x, Number(low.toPrecision(5))]),
  ));

test("the sentence beneath names the values and the front", () =>
  assert.match(drawn.description, /TF-IDF 0\.70 .* at 9000; none is better in both than BERT, int8, TF-IDF/));

test("vega-lite compiles it without a warning", () => assert.deepEqual(warningsOf(drawn), []));

test("of many systems no two have the same colour and shape", () => {
  const many = Array.from({ length: 15 }, (_, i) => point(`system ${i}`, i + 1, 0.5));
  const { layer } = pareto(many, {
    title: "速さと正解率",
    x: "tokens a second",
    metric: "accuracy",
  }) as unknown as {
    readonly layer: readonly {
      readonly encoding: Record<string, { readonly scale: { readonly range: string[] } }>;
    }[];
  };
  const [, , { encoding }] = layer;
  const { color, shape } = encoding;
  assert.equal(new Set(color.scale.range.map((one, i) => `${one} ${shape.scale.range[i]}`)).size, 15);
});
