import assert from "node:assert/strict";
import { test } from "node:test";
import { rowOf } from "../../../lib/evaluate/comparison";
import { corpusOf, type LanguageResults, measured, schedules } from "..";
import type { Judged } from "../writer";

const PIECES = 30;
/** Numbers around a mean, others for each seed. */
const around = (mean: number, seed: number) =>
  Array.from({ length: PIECES }, (_, i) => mean + 0.3 * Math.sin(7 * i + seed));
const judgedAt = (gold: number, own: number, seed = 0): Judged => ({
  gold: around(gold, seed),
  own: around(own, seed),
  judge: around(-5, seed),
  written: Array.from({ length: PIECES }, () => "あい"),
});
const systems = schedules(10, [0.5]);
const run = (system: string, seed: number, gold: number, own: number) => ({
  ...{ folder: "", changes: [], reused: true, trial: { system, settings: { initSeed: seed } } },
  result: { ...judgedAt(gold, own, seed), failed: false, seconds: 1, curve: [] },
});
const seeds = [1, 2, 3, 4, 5];
const results: LanguageResults = {
  experiment: {
    ...{ name: "test", corpus: corpusOf(["あい"], 1), systems, seeds: 5, steps: 10, batchSize: 1, length: 8 },
    ...{ prefix: 2, own: 2, embedding: 1, hidden: 1, learningRate: 1, clipNorm: 1, pieces: PIECES, looks: 1 },
  },
  pieces: Array.from({ length: PIECES }, () => ({ read: [0], next: [0] })),
  runs: [
    ...seeds.map((seed) => run("teacher forcing", seed, -4, -4.3)),
    ...seeds.map((seed) => run("linear to 0.5", seed, -4.5, -4.6)),
  ],
  counted: { trigrams: judgedAt(-4.2, -4.2) },
  human: { judge: around(-4, 0), written: [] },
};

test("means are those of the numbers, whatever their size, and a measure that a row lacks is left out", () => {
  const { gold, own, gap, judge } = measured(results);
  const near = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 0.02, `${value}`);
  near(rowOf(gold, "teacher forcing").mean, -4);
  near(rowOf(own, "teacher forcing").mean, -4.3);
  near(rowOf(gap, "teacher forcing").mean, -0.3);
  near(rowOf(gap, "trigrams").mean, 0);
  assert.equal(rowOf(judge, "the held-out text").seeds, 1);
  assert.throws(() => rowOf(gold, "the held-out text"), /no row "the held-out text"/);
});

test("a schedule may be clearly worse behind gold characters and clearly less hurt by its own", () => {
  const { gold, gap } = measured(results);
  assert.equal(rowOf(gold, "linear to 0.5").baseline?.clear, "worse");
  assert.equal(rowOf(gap, "linear to 0.5").baseline?.clear, "better");
  assert.equal(rowOf(gap, "linear to 0.5").baseline?.other, "teacher forcing");
});
