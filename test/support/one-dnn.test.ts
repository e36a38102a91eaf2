import assert from "node:assert/strict";
import { test } from "node:test";
import { isSlowTransposed, oneDnnSetting } from "../../lib/support/one-dnn";
import { processor } from "../../lib/support/processor";

const HASWELL = "fpu sse4_2 avx f16c avx2 fma",
  ICE_LAKE = `${HASWELL} avx512f avx512_vnni`,
  SKYLAKE = `${HASWELL} avx512f avx512bw`;

test("oneDNN is turned on where there is AVX2 and TensorFlow leaves it off", () => {
  assert.equal(oneDnnSetting(HASWELL), "1");
  assert.equal(oneDnnSetting(SKYLAKE), "1");
});
test("where TensorFlow turns oneDNN on by itself, its choice stands", () => {
  assert.equal(oneDnnSetting(ICE_LAKE), undefined);
  assert.equal(oneDnnSetting(`${HASWELL} avx_vnni`), undefined);
});
test("without AVX2, and where nothing names the processor's instructions, TensorFlow's choice stands", () => {
  assert.equal(oneDnnSetting("fpu sse4_2 avx"), undefined);
  assert.equal(oneDnnSetting(""), undefined);
});
test("oneDNN's products for AVX2 read a transposed matrix as fast as any", () => {
  assert.equal(isSlowTransposed("1", HASWELL), false);
});
test("Eigen's products and those for AVX-512 read a transposed matrix slowly", () => {
  assert.equal(isSlowTransposed("0", HASWELL), true);
  assert.equal(isSlowTransposed(undefined, ICE_LAKE), true);
  assert.equal(isSlowTransposed("1", SKYLAKE), true);
});
test("what names the processor of a run says whether oneDNN was turned on, before TensorFlow is loaded too", () => {
  const asked = process.env.TF_ENABLE_ONEDNN_OPTS ?? oneDnnSetting();
  assert.equal(/ TF_ENABLE_ONEDNN_OPTS=(\w+)/.exec(processor())?.[1], asked);
});
