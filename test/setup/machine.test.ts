import assert from "node:assert/strict";
import test from "node:test";
import { satisfies } from "../../setup/facts.mjs";
import { instructionSets, readMemoryAvailable } from "../../setup/machine.mjs";
import { checkNode } from "../../setup/node.mjs";

const range = ">=20.19 <21 || >=22.12 <23 || >=24 <25";

for (const [version, right] of [
  ["20.18.3", false],
  ["20.19.0", true],
  ["20.20.2", true],
  ["21.7.0", false],
  ["22.11.0", false],
  ["22.12.0", true],
  ["23.0.0", false],
  ["24.21.0", true],
] as const) {
  test(`Node ${version} is ${right ? "taken" : "refused"}`, () =>
    assert.equal(satisfies(version, range), right));
}

test("a wrong Node is named with the right ones", () => {
  assert.throws(
    () => checkNode("18.19.0", range),
    /komalab needs Node\.js >=20\.19 <21 \|\| >=22\.12 <23 \|\| >=24 <25; this is 18\.19\.0/,
  );
});

test("instruction sets are read from the processor's flags", () => {
  assert.deepEqual(instructionSets("processor : 0\nflags\t\t: fpu avx sse2 avx2 fma avx512_bf16\n"), [
    "avx",
    "avx2",
    "fma",
    "avx512_bf16",
  ]);
  assert.deepEqual(instructionSets("processor : 0\nFeatures\t: fp asimd bf16\n"), ["asimd", "bf16"]);
  assert.deepEqual(instructionSets(""), []);
});

test("free memory is what programs can still get, caches included", () => {
  assert.equal(
    readMemoryAvailable("MemTotal: 24000000 kB\nMemFree: 100 kB\nMemAvailable:   20000000 kB\n"),
    20_480_000_000,
  );
});
