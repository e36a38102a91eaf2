/** The settings of runs on stability: bias correction, norms by stage, weights that are not kept. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { TrialRun } from "../../lib/experiment/spec";
import { runTrials } from "../../lib/experiment/trials";
import { readMetrics } from "../../packages/run-log";
import { runsFolder, tinyTrials } from "./tiny-trials";

const folder = runsFolder();

let plain: TrialRun, uncorrected: TrialRun;
before(async () => {
  const [trial] = await tinyTrials(folder, 1, { freeze: "all", epochs: 1, learningRate: 1e-3 });
  const other = {
    ...trial,
    keepWeights: false,
    settings: { ...trial.settings, biasCorrection: false, gradientNorms: true, weightNorms: 2 },
  } as const;
  [plain, uncorrected] = await runTrials([trial, other], { processes: 1 });
});

test("without bias correction the same first step is followed by others", () => {
  const [one, other] = [plain, uncorrected].map((run) =>
    readMetrics(run.folder)
      .map((line) => line["train/loss"])
      .filter((loss) => loss !== undefined),
  );
  assert.equal(one[0], other[0]);
  assert.notEqual(one[1], other[1]);
});

test("the squares of the logged norms by stage add up to the global norm's, from the second step on as well", () => {
  const steps = readMetrics(uncorrected.folder).filter((line) => "train/grad_norm" in line);
  assert.ok(steps.length > 1);
  for (const line of steps) {
    const stages = Object.keys(line).filter((key) => key.startsWith("train/grad_norm/"));
    assert.ok(
      ["embeddings", "layer.0", "pooler", "head"].every((stage) =>
        stages.includes(`train/grad_norm/${stage}`),
      ),
      stages.join(),
    );
    const sum = stages.reduce((total, key) => total + line[key] ** 2, 0);
    assert.ok(
      Math.abs(sum / line["train/grad_norm"] ** 2 - 1) < 1e-5,
      `${sum}, ${line["train/grad_norm"] ** 2}`,
    );
  }
});

test("norms of weights stand in the log before the first step and after the last", () => {
  const steps = readMetrics(uncorrected.folder).map(({ step }) => step);
  const looks = readMetrics(uncorrected.folder).filter(
    (line) => "train/weight_norm/classifier.weight" in line,
  );
  assert.deepEqual(
    looks.map(({ step }) => step),
    [0, Math.max(...steps)],
  );
});

test("norms by stage are logged only where asked for", () =>
  assert.deepEqual(
    readMetrics(plain.folder)
      .flatMap(Object.keys)
      .filter((key) => key.startsWith("train/grad_norm/")),
    [],
  ));

test("weights are kept unless the trial says otherwise", () =>
  assert.deepEqual(
    [plain, uncorrected].map((run) => existsSync(join(run.folder, "trained.safetensors"))),
    [true, false],
  ));
