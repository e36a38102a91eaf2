/** What is said of golden numbers, without TensorFlow: made-up ones of `metrics`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { processorOf } from "../../lib/support/processor";
import { type Case, type Golden, goldenText, shortest, verdict } from "./golden";

const HERE = { processor: "cpu family 25 model 1 stepping 1 avx2 fma", tensorflow: "2.21.0" };
const CASES = { one: { losses: [0.5, 0.25], norms: [2] }, two: { losses: [1] } };

function made(
  version: number,
  cases: Record<string, Case> = CASES,
  machine: Golden["machine"] = HERE,
): Golden {
  return { component: "metrics", version, machine, cases };
}
const moved = (by: number) => ({ ...CASES, one: { losses: [0.5, 0.25 + by], norms: [2] } });

test("equal numbers of an equal version stand, and there is nothing to write", () => {
  assert.deepEqual(verdict(made(1), made(1)), { writable: false });
});

test("numbers that move while the version stands are refused, with the case, the number and what to do", () => {
  const { problem = "", writable } = verdict(made(1), made(1, moved(0.125)));
  assert.equal(writable, false);
  assert.match(
    problem,
    /^numbers of metrics moved, but its version stands at 1\. case "one", losses\[1\]: 0\.25 → 0\.375 \(1 of 4/,
  );
  assert.match(
    problem,
    /undo the change, or add a line to HISTORY\.metrics in lib\/versions\.ts and run npm test -- --golden$/,
  );
});

test("a version raised though no number moved is refused", () => {
  const { problem = "", writable } = verdict(made(1), made(2));
  assert.equal(writable, false);
  assert.match(
    problem,
    /^the version of metrics was raised from 1 to 2, but none of 4 numbers moved: take the line out of HISTORY\.metrics/,
  );
});

test("a version raised with its numbers asks for the file to be written anew", () => {
  const { problem = "", writable } = verdict(made(1), made(2, moved(0.125)));
  assert.equal(writable, true);
  assert.match(
    problem,
    /raised from 1 to 2, but test\/golden\/metrics\.json is still that of 1\. case "one".*: run npm test -- --golden$/,
  );
});

test("a line taken out of the history is refused", () => {
  const { problem = "", writable } = verdict(made(2), made(1));
  assert.equal(writable, false);
  assert.match(
    problem,
    /are of version 2, but HISTORY\.metrics in lib\/versions\.ts has 1 lines: put the line back/,
  );
});

test("a component without a file may be written", () => {
  const { problem = "", writable } = verdict(undefined, made(1));
  assert.deepEqual([writable, problem], [true, "metrics has no golden numbers: run npm test -- --golden"]);
});

test("cases that come or go are no movement, and the file is written for them", () => {
  const { problem = "", writable } = verdict(made(1), made(1, { one: CASES.one, three: { p: [0.1] } }));
  assert.equal(writable, true);
  assert.match(problem, /new: three; gone: two: run/);
});

test("a raised version may bring the case that shows what changed", () => {
  assert.equal(verdict(made(1), made(2, { ...CASES, three: { p: [0.1] } })).writable, true);
});

test("a case that comes hides no number that moves", () => {
  const { problem = "", writable } = verdict(made(1), made(1, { ...moved(0.125), three: { p: [0.1] } }));
  assert.equal(writable, false);
  assert.match(problem, /^numbers of metrics moved/);
});

test("the last bit counts on an equal machine", () => {
  assert.match(verdict(made(1), made(1, moved(2 ** -54))).problem ?? "", /0\.25 → 0\.25000000000000006/);
});

for (const part of ["processor", "tensorflow"] as const) {
  test(`with another ${part} numbers may differ by 1e-5, not by more`, () => {
    const elsewhere = { ...HERE, [part]: "another" };
    assert.equal(verdict(made(1), made(1, moved(9e-6), elsewhere)).problem, undefined);
    assert.match(
      verdict(made(1), made(1, moved(1.1e-5), elsewhere)).problem ?? "",
      /^numbers of metrics moved/,
    );
  });
}

test("a series that is longer, shorter, new or gone has moved", () => {
  const others: readonly Case[] = [
    { losses: [0.5] },
    { losses: [0.5, 0.25, 1] },
    { norms: [2], losses: [0.5, 0.25] },
    {},
  ];
  const file = made(1, { one: { losses: [0.5, 0.25] } });
  for (const one of others) {
    const { problem = "" } = verdict(file, made(1, { one }));
    assert.match(problem, /: (nothing → [12]|0\.(25|5) → nothing) \([12] of [23] numbers moved\)/);
  }
});

test("a file gives back every bit, float32 in few digits", () => {
  const numbers = [Math.fround(0.1), Math.fround(1 / 3), Math.fround(1e-38), 1 / 3, -0.1, 12345678, 0].map(
    shortest,
  );
  const file = made(1, { one: { numbers } });
  assert.deepEqual(JSON.parse(goldenText(file)), file);
  assert.deepEqual([numbers[0], Math.fround(numbers[1])], [0.1, Math.fround(1 / 3)]);
  assert.throws(() => shortest(Number.NaN), /NaN is no golden number/);
});

const x86 = (name: string, flags: string) =>
  `processor\t: 0\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: ${name}\nstepping\t: 8\nflags\t\t: fpu ${flags} smep\n\nprocessor\t: 1\n`;

test("a processor is known by its family, model, stepping and numeric instructions, not by its name", () => {
  const known = processorOf(x86("Intel(R) Xeon(R) Platinum", "avx2 fma sse4_2 amx_tile avx512f"));
  assert.equal(known, "cpu family 6 model 143 stepping 8 amx_tile avx2 avx512f fma sse4_2");
  assert.equal(known, processorOf(x86("Intel Xeon", "sse4_2 aes avx2 avx512f fma amx_tile")));
  assert.notEqual(known, processorOf(x86("Intel Xeon", "sse4_2 avx2 fma")));
});

test("an ARM processor is known on Linux, and one that says nothing is not", () => {
  const arm = "processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n";
  assert.equal(processorOf(arm), "CPU implementer 0x41 CPU part 0xd40 asimd sve");
  assert.equal(processorOf("processor\t: 0\n"), undefined);
});
