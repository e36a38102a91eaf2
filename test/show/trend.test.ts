import assert from "node:assert/strict";
import { test } from "node:test";
import { trend } from "../../lib/show/trend";
import { valuesOf, warningsOf } from "./chart";

const point = (series: string, x: number, value: number) => ({
  series,
  x,
  value,
  low: value - 0.1,
  high: value + 0.1,
  seeds: [value - 0.05, value + 0.05],
});
const points = [
  point("TF-IDF", 5, 0.4),
  point("TF-IDF", 1, 0.5),
  point("BERT", 1, 0.6),
  point("BERT", 5, 0.7),
];
const drawn = trend(points, { title: "文脈", x: "lines", metric: "F1" });
const values = valuesOf(drawn);

test("every point has its mean with the interval and one row for each seed", () => {
  assert.equal(values.length, 4 * 3);
  assert.deepEqual(
    values
      .filter(({ series, x, n }) => series === "BERT" && x === 5 && n === 2)
      .map(({ value, low, high }) => [value, low, high]),
    [[0.7, 0.6, 0.8]],
  );
});

test("values of x stand in ascending order at equal distances, series side by side", () => {
  const at = (series: string, x: number) =>
    Number(values.find((row) => row.series === series && row.x === x)?.at);
  assert.ok(
    Math.abs(at("BERT", 5) - at("BERT", 1) - 1) < 1e-9 &&
      at("TF-IDF", 1) < at("BERT", 1) &&
      at("TF-IDF", 5) > at("BERT", 1),
  );
});

test("the description tells every number", () => {
  assert.equal(
    drawn.description,
    "文脈. F1 against lines, with its interval: TF-IDF: 1 0.50 (0.40 to 0.60), 5 0.40 (0.30 to 0.50); BERT: 1 0.60 (0.50 to 0.70), 5 0.70 (0.60 to 0.80).",
  );
});

test("vega-lite compiles it without a warning", () => assert.deepEqual(warningsOf(drawn), []));

test("no points are refused", () =>
  assert.throws(() => trend([], { title: "", x: "", metric: "" }), /no point to draw/));
