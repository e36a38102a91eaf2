import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf, warningsOf } from "../../../test/show/chart";
import { gradientNorms, lossAgainstScore, type SeedPoint, seedBoxes } from "../index";

const point = (group: string, series: string, value: number, seed: number): SeedPoint => ({
  panel: "3 epochs",
  group,
  series,
  value,
  seed,
  ending: value <= 0.7 ? "failed" : "successful",
});
const points = ["1e-4", "1e-3"].flatMap((group) =>
  ["off", "on"].flatMap((series) => [0.7, 0.8, 0.9].map((value, i) => point(group, series, value, i + 1))),
);
const boxes = seedBoxes(points, {
  title: "安定性",
  across: "learning rate",
  metric: "accuracy",
  line: { name: "the majority class", value: 0.7 },
});
const steps = (scale: number) =>
  [1, 2, 3].map((step) => ({
    step,
    epoch: 1,
    "train/grad_norm": 1,
    "train/grad_norm/embeddings": scale * step,
    "train/grad_norm/layer.0": 1,
    "train/grad_norm/head": 0,
  }));
const norms = gradientNorms(
  { failed: [steps(1), steps(3), steps(2)], successful: [steps(1)] },
  { title: "norms" },
);
const scatter = lossAgainstScore(
  [{ series: "3 epochs", loss: 0, score: 0.7, ending: "diverged", name: "a" }],
  { title: "loss", metric: "accuracy", lines: [0.6] },
);

test("one box a group and series with its quartiles, and every run as a point of its ending", () => {
  const values = valuesOf(boxes),
    [box] = values;
  assert.equal(values.length, 4 * (1 + 3));
  assert.deepEqual(
    [box.low, box.lower, box.median, box.upper, box.high, box.n],
    [0.7, 0.75, 0.8, 0.85, 0.9, 3],
  );
  assert.equal(values.filter(({ ending }) => ending === "failed").length, 4);
});

test("points stand within their own box", () => {
  const values = valuesOf(boxes),
    box = values.find(({ median, group, series }) => median && group === "1e-3" && series === "on");
  const own = values.filter(({ ending, group, series }) => ending && group === "1e-3" && series === "on");
  assert.ok(own.length === 3 && own.every(({ at }) => at > box!.from && at < box!.to));
});

test("norms are medians over a panel's runs; a norm of 0 has no place on a logarithmic axis", () => {
  const failed = valuesOf(norms).filter(({ panel }) => panel === "failed");
  assert.deepEqual(
    failed.filter(({ stage }) => stage === "embeddings").map(({ norm }) => norm),
    [2, 4, 6],
  );
  assert.deepEqual([...new Set(failed.map(({ stage }) => stage))], ["embeddings", "layer 1"]);
});

test("a log whose first line has no gradients is drawn from its others", () => {
  const late = gradientNorms({ all: [[{ step: 0, epoch: 1 }, ...steps(1)]] }, { title: "norms" });
  assert.deepEqual(
    valuesOf(late).map(({ step }) => step),
    [1, 1, 2, 2, 3, 3],
  );
});

test("the description counts failed runs", () =>
  assert.match(
    boxes.description,
    /the majority class \(0\.70\)\. 3 epochs, 1e-4, off: median 0\.80, 1 of 3 failed;/,
  ));

test("vega-lite compiles them without a warning", () =>
  assert.deepEqual([boxes, norms, scatter].flatMap(warningsOf), []));

test("runs without norms are refused with the reason", () =>
  assert.throws(() => gradientNorms({ a: [[{ step: 1 }]] }, { title: "" }), /without gradientNorms/));
