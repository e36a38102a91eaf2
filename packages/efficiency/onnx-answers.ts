/** What runs say of their test texts once they are written as ONNX and run by transformers.js. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedRun } from "../../lib/evaluate/comparison";
import { prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import { softmax } from "../../lib/support/softmax";
import { bestClass } from "../../lib/train/predict";
import { exportOnnx } from "../export";
import { FILE_NAMES, openOnnx, type Precision } from "../onnx";

interface OnnxAnswers {
  /** One a run, beside those of the runs themselves. */
  readonly answers: readonly NamedRun[];
  /** Of a model's file. */
  readonly bytes: number;
}

const AT_ONCE = 32;

/**
 * Writes each run as ONNX, has it answer its test texts, and forgets it.
 * @param system what its answers are called
 * @throws as exportOnnx and openOnnx
 */
export async function onnxAnswers(
  runs: readonly TrialRun[],
  precision: Precision,
  system: string,
): Promise<OnnxAnswers> {
  const answers: NamedRun[] = [],
    folder = mkdtempSync(join(tmpdir(), "komalab-onnx-"));
  let bytes = 0;
  try {
    for (const [i, run] of runs.entries()) {
      const { test } = (await prepare(run.trial)).data,
        out = join(folder, `${i}`);
      await exportOnnx(run, out, { precisions: [precision] });
      bytes = statSync(join(out, "onnx", FILE_NAMES[precision])).size;
      const classify = await openOnnx(out, precision),
        logits: Float32Array[] = [];
      for (let at = 0; at < test.texts.length; at += AT_ONCE)
        logits.push(...(await classify(test.texts.slice(at, at + AT_ONCE))));
      rmSync(out, { recursive: true }); // a large model's files would fill the disk
      answers.push({
        system,
        testSet: run.trial.testSet,
        seed: run.trial.settings.initSeed,
        gold: test.labels,
        items: test.items.map(({ id }) => id),
        predicted: logits.map(bestClass),
        probabilities: logits.map((row) => softmax(row)),
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { answers, bytes };
}
