import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot, readJson } from "../../../lib/support/files";
import { gainOf, headlineTiming, memoryOf, timingOf } from "..";

interface Row {
  readonly name: string;
  readonly komalab: number;
  readonly pytorch: number;
  readonly ratio: number;
}
const { rows } = readJson<{ readonly rows: readonly Row[] }>(join(projectRoot, "bench", "results.json"))!;
const row = (name: string) => rows.find((one) => one.name === name)!;

test("a way's speed is its own number of its row, TensorFlow's that of the peer", () => {
  assert.equal(timingOf("int8", 32).tokens, row("classify-int8-32").komalab);
  assert.equal(timingOf("tensorflow", 32).tokens, row("classify-f32-32").pytorch);
  assert.deepEqual(
    [timingOf("tensorflow", 1).ratio, timingOf("f16", 1).ratio],
    [1, row("classify-f16-1").ratio],
  );
});

test("the lowest and the highest ratio stand behind it", () =>
  assert.match(timingOf("int8", 1).ratioInWords, /^\d+\.\d × \(\d+\.\d to \d+\.\d\)$/));

test("a headline's milliseconds are those of its row, the built-in model's those of the peer", () => {
  assert.equal(headlineTiming("svm").milliseconds, row("headlines-svm").komalab);
  assert.equal(headlineTiming("tensorflow").milliseconds, row("headlines-lstm").pytorch);
});

test("what was not measured is refused with the command", () =>
  assert.throws(() => timingOf("int4", 1), /has no row classify-int4-1: measure it by npm run bench/));

test("memory is in MB, TensorFlow's that of the peer", () => {
  assert.equal(memoryOf("int8"), 1000 * row("memory-classify-int8").komalab);
  assert.equal(memoryOf("tensorflow"), 1000 * row("memory-classify-f32").pytorch);
});

test("what sorting and processes gain is the ratio of their own rows", () =>
  assert.deepEqual(
    [gainOf("sorted").ratio, gainOf("processes").ratio],
    [row("classify-sorted").ratio, row("classify-processes").ratio],
  ));
