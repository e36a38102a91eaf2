import assert from "node:assert/strict";
import { test } from "node:test";
import { heatMap } from "../../lib/show/heatmap";
import { drawSvg } from "../../packages/chart-picture";
import { warningsOf } from "./chart";

const cells = ["fixed", "last"].flatMap((panel) =>
  ["喜楽", "恐怖"].flatMap((row) =>
    ["ギャグ", "少女漫画", "mean over touches"].map((column, i) => ({
      panel,
      row,
      column,
      value: row === "恐怖" ? null : 0.2 + 0.3 * i,
      remark: row === "恐怖" ? "too few\nn = 4" : "n = 10",
    })),
  ),
);
const chart = heatMap(cells, { title: "F1", metric: "F1" });

test("vega-lite compiles it without a warning", () => assert.deepEqual(warningsOf(chart), []));

test("every cell prints its number or its remark, and names are broken to the width of a cell", async () => {
  const svg = await drawSvg(chart);
  assert.equal(svg.match(/>0\.80</g)?.length, 2);
  assert.equal(svg.match(/>too few</g)?.length, 6);
  const small = [...svg.matchAll(/<text(?=[^>]*font-size="9px")[^>]*>(.*?)<\/text>/gs)].map(([, name]) =>
    name.split(/<[^>]*>/).filter((line) => line !== ""),
  );
  const names = small.filter(([first]) => !/^(too few|n = \d+)$/.test(first)); // remarks are as small
  const broken = [["ギャグ"], ["少女漫画"], ["mean", "over", "touches"]]; // four letters of 9 px fit in a cell of 41 with a gap
  assert.deepEqual(names, [...broken, ...broken]);
});

test("its sentence names the highest number of each panel", () => {
  assert.equal(
    chart.description,
    "F1. Highest F1 of each panel: fixed: 喜楽, mean over touches 0.80; last: 喜楽, mean over touches 0.80.",
  );
});

test("nothing to draw is an error", () =>
  assert.throws(() => heatMap([], { title: "", metric: "F1" }), /no cell to draw/));
