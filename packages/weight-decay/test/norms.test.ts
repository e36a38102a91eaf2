import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf, warningsOf } from "../../../test/show/chart";
import { endNorms, normsChart } from "..";

const way = (system: string, ...norms: (readonly [step: number, matrices: number, spared: number])[]) => ({
  system,
  norms: norms.map(([step, matrices, spared]) => ({ step, matrices, spared })),
});
const ways = [
  way("no decay", [0, 10, 4], [5, 10, 4], [9, 10, 4]),
  way("no decay", [0, 20, 4], [5, 20, 4], [9, 30, 4]),
  way("all 1", [0, 10, 4], [5, 9, 3], [9, 8, 1]),
  way("all 1", [0, 10, 4], [5, 90, 9]), // diverged
  way("L2 1", [0, 10, 4]),
];
const drawn = (training: "fine-tuning" | "pre-training") =>
  normsChart(ways, { group: "matrices", systems: ["no decay", "all 1"], training });
const means = (training: Parameters<typeof drawn>[0]) =>
  valuesOf(drawn(training)).map(({ series, x, value }) => [series, x, value]);

test("in fine-tuning the change since each run's beginning is drawn, in percent, of the runs that came so far", () =>
  assert.deepEqual(means("fine-tuning"), [
    ["no decay", 0, 0],
    ["no decay", 5, 0],
    ["no decay", 9, 25],
    ["all 1", 0, 0],
    ["all 1", 5, 395],
    ["all 1", 9, -20],
  ]));

test("in pre-training the norm itself is drawn", () =>
  assert.deepEqual(means("pre-training").slice(0, 3), [
    ["no decay", 0, 15],
    ["no decay", 5, 15],
    ["no decay", 9, 20],
  ]));

test("vega-lite compiles it without a warning", () => assert.deepEqual(warningsOf(drawn("fine-tuning")), []));

test("norms at the end are parts of those without decay, of the runs that reached it", () =>
  assert.deepEqual(endNorms(ways), [
    { system: "no decay", runs: 2, matrices: 1, spared: 1 },
    { system: "all 1", runs: 1, matrices: 0.4, spared: 0.25 },
    { system: "L2 1", runs: 0, matrices: null, spared: null },
  ]));
