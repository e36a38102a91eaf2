import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { decayGroups, groupNorms, loggedNorms, shrinkage, stepsToShrink } from "..";

const tensor = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
const WEIGHTS = {
  "bert.embeddings.LayerNorm.weight": tensor(3),
  "classifier.weight": tensor(1, 2, 2),
  "classifier.bias": tensor(4),
};

test("every parameter is in one of the two groups, and neither is empty", () =>
  assert.deepEqual(decayGroups(Object.keys(WEIGHTS)), {
    matrices: ["classifier.weight"],
    spared: ["bert.embeddings.LayerNorm.weight", "classifier.bias"],
  }));

test("the norm of a group is that of all its weights together", () =>
  assert.deepEqual(groupNorms(WEIGHTS), { matrices: 3, spared: 5 }));

const logged = (lines: readonly Readonly<Record<string, number>>[]) => {
  const folder = mkdtempSync(join(tmpdir(), "komalab-log-"));
  try {
    writeFileSync(
      join(folder, "metrics.jsonl"),
      lines.map((line) => `${JSON.stringify({ ...line, epoch: 1 })}\n`).join(""),
    );
    return loggedNorms({ folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("a run's norms are read from its log, at the steps that have some", () => {
  const norms = {
    "train/weight_norm/a.weight": 6,
    "train/weight_norm/b.weight": 8,
    "train/weight_norm/a.bias": 1,
  };
  const read = logged([
    { step: 0, ...norms },
    { step: 1, "train/loss": 1 },
    { step: 2, ...norms },
  ]);
  assert.deepEqual(read, [
    { step: 0, matrices: 10, spared: 1 },
    { step: 2, matrices: 10, spared: 1 },
  ]);
});

test("a run that was trained without weightNorms is refused with the remedy", () =>
  assert.throws(() => logged([{ step: 1, "train/loss": 1 }]), /no norms .*: train it with weightNorms/));

const BERT = { schedule: "linear", learningRate: 5e-5, warmupRatio: 0, weightDecay: 0.01 } as const;

test("a fine-tuning of 700 steps takes less than a fiftieth of a percent of a weight", () => {
  const taken = 1 - shrinkage(BERT, 700);
  assert.ok(Math.abs(taken - 0.01 * 5e-5 * 0.5 * 701) < 1e-7); // rates 1, 699/700 … 1/700 sum to 350.5
});

test("without decay nothing shrinks, however long", () => {
  assert.equal(shrinkage({ ...BERT, weightDecay: 0 }, 700), 1);
  assert.equal(stepsToShrink({ ...BERT, weightDecay: 0 }, 0.01), Infinity);
});

test("so many steps take the share that was asked for", () => {
  const steps = stepsToShrink({ ...BERT, weightDecay: 1 }, 0.01);
  assert.ok(Math.abs(1 - shrinkage({ ...BERT, weightDecay: 1 }, steps) - 0.01) < 1e-4);
});
