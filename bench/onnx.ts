/**
 * What komalab writes as ONNX, read by Python: `tsx bench/onnx.ts`. Random classifiers of every encoder are
 * checked by onnx.checker, and run by onnxruntime in a batch and text by text, beside TensorFlow's logits;
 * fine-tuned models of reviews (jrte-corpus where it is in KOMALAB_SHARED) are run through transformers.js,
 * and their accuracy is compared. Exit code 1 if float32 differs by 1e-4 or more, a file is not of opset 17
 * and IR version 8, an id is another one, or the accuracy of a precision may be .01 or more away from that
 * of float32.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJrte } from "../lib/data/corpora";
import { pairedDifference } from "../lib/evaluate/paired";
import type { TrialRun } from "../lib/experiment/spec";
import { reviewTask, run } from "../lib/index";
import { projectRoot } from "../lib/support/files";
import { bestClass } from "../lib/train/predict";
import { exportOnnx } from "../packages/export";
import { FILE_NAMES, onnxModel, openOnnx, type Precision } from "../packages/onnx";
import {
  byTensorFlow,
  CONFIGS,
  furthest,
  type Kind,
  modelOf,
  networkOf,
  randomTexts,
} from "../packages/onnx/test/small";
import { ready } from "../packages/tfjs-graph";
import { openTokenizer, type TokenIds } from "../packages/tokenizer";
import { shared } from "../test/shared";
import { onnxPython } from "./peers";
import { noReviews } from "./reviews";

const PRECISIONS: readonly Precision[] = ["f32", "f16", "int8"];
const [EQUAL, AWAY] = [1e-4, 0.01];
const folder = mkdtempSync(join(tmpdir(), "komalab-onnx-"));
process.env.KOMALAB_RUNS ??= join(folder, "runs"); // trained again each time, unless a folder is named

/** Random classifiers of every encoder. @returns TensorFlow's logits of each */
async function random(
  place: string,
  texts: readonly TokenIds[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const logits = new Map<string, readonly number[]>();
  for (const kind of Object.keys(CONFIGS) as Kind[])
    for (const [head, pooling] of [
      ["linear", undefined],
      ["3MLP", "max"],
    ] as const) {
      const model = modelOf(kind, head, pooling),
        name = `${kind}-${head}`;
      mkdirSync(join(place, name, "onnx"), { recursive: true });
      for (const precision of PRECISIONS)
        writeFileSync(
          join(place, name, "onnx", FILE_NAMES[precision]),
          Buffer.concat(onnxModel(networkOf(model), precision)),
        );
      writeFileSync(join(place, name, "ids.json"), JSON.stringify(texts));
      logits.set(name, await byTensorFlow(model, texts));
    }
  return logits;
}

/**
 * Good and bad sentences of jrte-corpus where it is, of which an interval is narrow enough; else the built-in
 * reviews.
 */
function reviewsPath(): string {
  if (noReviews !== undefined) return join(projectRoot, "data", "reviews.tsv");
  const rows = readJrte(shared("data/jrte-corpus/pn.tsv").path).filter(({ label }) => label !== 0);
  const path = join(folder, "jrte.tsv");
  writeFileSync(
    path,
    ["text\tlabel", ...rows.map(({ text, label }) => `${text}\t${label > 0 ? "好評" : "不評"}`)].join("\n"),
  );
  return path;
}

interface Answer {
  readonly folder: string;
  readonly file: string;
  readonly opset: readonly number[];
  readonly ir: number;
  readonly logits: readonly (readonly number[])[];
  readonly alone: readonly (readonly number[])[];
  readonly ids: readonly (readonly number[])[] | null;
}

async function python(place: string): Promise<Answer[]> {
  const { status, stdout, stderr } = spawnSync(
    await onnxPython(),
    [join(__dirname, "onnx-python.py"), place],
    {
      encoding: "utf8",
      env: { ...process.env, HF_HUB_OFFLINE: "1" },
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Answer);
}

/** A run's classes by transformers.js, in batches of one, and the bytes of its file. */
async function answers(
  runs: readonly TrialRun[],
  place: string,
  precision: Precision,
  texts: readonly TokenIds[],
) {
  const predictions = [];
  for (const [seed, { result }] of runs.entries()) {
    const classify = await openOnnx(join(place, `reviews-${seed}`), precision),
      predicted: number[] = [];
    for (const text of texts) predicted.push(bestClass((await classify([text]))[0]));
    predictions.push({ gold: result.gold, predicted });
  }
  return { predictions, bytes: statSync(join(place, "reviews-0", "onnx", FILE_NAMES[precision])).size };
}

async function main(): Promise<void> {
  await ready();
  const place = join(folder, "models"),
    texts = randomTexts([9, 30, 3, 17]);
  const expected = await random(place, texts);
  const task = await reviewTask(reviewsPath(), { testFraction: 0.8, validationFraction: 0.2 });
  const { runs } = await run(task, {
    name: "onnx",
    systems: { BERT: { freeze: "last", pooling: "mean", learningRate: 5e-4 } },
    seeds: 2,
    settings: { epochs: 5 },
  });
  const { encode } = await openTokenizer("data/model"),
    reviews = task.splits[0].test.map((i) => task.items[i].text),
    ids = reviews.map((text) => encode(text));
  for (const [seed, one] of runs.entries()) {
    const out = join(place, `reviews-${seed}`);
    await exportOnnx(one, out, { precisions: PRECISIONS });
    writeFileSync(join(out, "ids.json"), JSON.stringify(ids.slice(0, 20)));
    writeFileSync(join(out, "texts.json"), JSON.stringify(reviews.slice(0, 20)));
  }
  let isWrong = false;
  const read = await python(place);
  console.table(
    read.map(({ folder: name, file, opset, ir, logits, alone, ids: theirs }) => {
      const known =
        expected.get(name) ??
        read.find((one) => one.folder === name && one.file === FILE_NAMES.f32)!.logits.flat();
      const far = furthest(logits.flat(), known),
        same = theirs?.filter((row, i) => `${row}` === `${ids[i].ids}`).length;
      isWrong ||=
        `${opset}` !== "17" || ir !== 8 || (file === FILE_NAMES.f32 && !(far < EQUAL)) || (same ?? 20) !== 20;
      return {
        model: `${name}/${file}`,
        difference: far.toExponential(1),
        "alone or in a batch": furthest(alone.flat(), logits.flat()).toExponential(1),
        ...(theirs && { ids: `${same} of ${theirs.length}` }),
      };
    }),
  );
  const ofTensorFlow = runs.map(({ result: { gold, predicted } }) => ({ gold, predicted }));
  const accuracy = ({ gold, predicted }: (typeof ofTensorFlow)[0]) =>
    gold.filter((label, i) => label === predicted[i]).length / gold.length;
  const lines = [];
  for (const precision of PRECISIONS) {
    const { predictions, bytes } = await answers(runs, place, precision, ids);
    const { mean, interval } = pairedDifference([predictions], [ofTensorFlow], accuracy);
    isWrong ||= Math.max(...[interval.low, interval.high].map(Math.abs)) >= AWAY;
    lines.push({
      precision,
      MB: (bytes / 1e6).toFixed(1),
      accuracy: (predictions.reduce((sum, one) => sum + accuracy(one), 0) / runs.length).toFixed(4),
      "to TensorFlow": `${mean.toFixed(4)} (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`,
    });
  }
  console.table(lines);
  if (isWrong) process.exitCode = 1;
}

main()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true }));
