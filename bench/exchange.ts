/**
 * Models between komalab and Python's transformers, both ways, with the largest difference of an output
 * relative to the largest output: `tsx bench/exchange.ts`. Exit code 1 if one is above 1e-5 or a tensor is
 * missing.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fill, openCheckpoint, saveCheckpoint } from "../lib/models/checkpoint";
import { bertClassifier } from "../lib/models/heads";
import { applyStages, type Model } from "../lib/models/model";
import { Random } from "../lib/random";
import { ready, tf } from "../lib/tensor/backend";
import type { Encoding } from "../lib/text/tokenizer";
import { tokenInputs } from "../lib/train/batches";
import { train } from "../lib/train/loop";
import { BERT_BASE, configOf, randomExamples, randomModel, type StepOptions } from "./model";
import { peerPython } from "./peers";

type Rows = readonly (readonly number[])[];

interface Line {
  readonly model: string;
  readonly difference: number;
  readonly missing: string;
  readonly leftOver: string;
}

const LIMIT = 1e-5;
const CLASSES = ["不評", "好評"];
const TINY: StepOptions = {
  ...BERT_BASE,
  layers: 3,
  hidden: 48,
  heads: 4,
  vocabulary: 200,
  batch: 8,
  tokens: 12,
};

/** What the first stages of a model give for texts, without dropout. */
function outputOf(model: Model, texts: readonly Encoding[], stages = model.stages): number[] {
  const host = tokenInputs(texts, texts.length, Math.max(...texts.map(({ ids }) => ids.length)));
  const tensors = (arrays: typeof host) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
  return [
    ...applyStages(stages, null, {
      parameters: tensors(model.weights),
      inputs: tensors(host),
      dropout: (x) => x,
    }).dataSync(),
  ];
}

const difference = (actual: readonly number[], expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value))) / Math.max(...expected.map(Math.abs));

/** Checkpoints that transformers stored, opened here. */
function fromPython(folder: string): Line[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { ids, types, lengths, output } = JSON.parse(
        readFileSync(join(folder, name, "expected.json"), "utf8"),
      ) as {
        readonly ids: Rows;
        readonly types: Rows;
        readonly lengths: readonly number[];
        readonly output: Rows;
      };
      const checkpoint = openCheckpoint(join(folder, name));
      const { model, missing, leftOver } = fill(
        bertClassifier(checkpoint.config, { head: "linear", classes: 3 }, new Random(1)),
        checkpoint,
      );
      const texts = lengths.map((length, i) => ({
        ids: ids[i].slice(0, length),
        types: types[i].slice(0, length),
      }));
      const stages = name.startsWith("BertForSequence") ? model.stages : model.stages.slice(0, -1);
      return {
        model: `${name} → komalab`,
        difference: difference(outputOf(model, texts, stages), output.flat()),
        missing: missing.join(" "),
        leftOver: leftOver.join(" "),
      };
    });
}

/**
 * A classifier fine-tuned here, saved as f32 and f16. @returns the logits that komalab gives from each folder
 */
async function save(folder: string): Promise<Readonly<Record<string, number[]>>> {
  const data = randomExamples(TINY);
  const { model } = await train({
    model: randomModel(TINY),
    freeze: () => true,
    data: { train: data, validation: data },
    settings: { epochs: 2, learningRate: 1e-3, cache: "memory" },
  });
  const texts = data.texts
    .slice(0, 5)
    .map(({ ids, types }, i) => ({ ids: ids.slice(i), types: types.slice(i) }));
  const tokenizer = join(folder, "..", "tokenizer");
  mkdirSync(tokenizer);
  writeFileSync(
    join(tokenizer, "vocab.txt"),
    Array.from({ length: TINY.vocabulary }, (_, i) => `piece${i}\n`).join(""),
  );
  writeFileSync(join(tokenizer, "tokenizer_config.json"), "{}\n");
  const logits = (["f32", "f16"] as const).map((type) => {
    const out = join(folder, `fine-tuned-${type}`);
    saveCheckpoint(out, {
      config: configOf(TINY),
      weights: model.weights,
      type,
      tokenizerFrom: tokenizer,
      labels: CLASSES,
    });
    writeFileSync(join(out, "expected.json"), JSON.stringify({ ids: texts.map(({ ids }) => ids) }));
    const again = fill(randomModel(TINY, 9), openCheckpoint(out));
    return [`fine-tuned-${type}`, outputOf(again.model, texts)] as const;
  });
  return Object.fromEntries(logits);
}

/** What transformers made of the saved folders, a line of JSON each. */
function toPython(lines: readonly string[], logits: Readonly<Record<string, number[]>>): Line[] {
  return lines.map((line) => {
    const answer = JSON.parse(line) as {
      readonly folder: string;
      readonly logits: Rows;
      readonly labels: readonly string[];
      readonly missing: readonly string[];
      readonly leftOver: readonly string[];
    };
    if (answer.labels.join() !== CLASSES.join())
      throw new Error(`${answer.folder}: transformers reads the classes ${answer.labels.join()}`);
    return {
      model: `${answer.folder} → transformers`,
      difference: difference(logits[answer.folder], answer.logits.flat()),
      missing: answer.missing.join(" "),
      leftOver: answer.leftOver.join(" "),
    };
  });
}

async function main(): Promise<void> {
  await ready();
  const python = await peerPython();
  const folder = mkdtempSync(join(tmpdir(), "komalab-exchange-"));
  const run = (what: string, path: string) => {
    const done = spawnSync(python, [join(__dirname, "exchange.py"), what, path], {
      encoding: "utf8",
      env: { ...process.env, HF_HUB_OFFLINE: "1" },
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.split("\n").filter((line) => line.startsWith("{"));
  };
  try {
    const [theirs, ours] = ["theirs", "ours"].map((name) => join(folder, name));
    [theirs, ours].forEach((path) => mkdirSync(path));
    run("make", theirs);
    const logits = await save(ours);
    const lines = [...fromPython(theirs), ...toPython(run("read", ours), logits)];
    console.table(
      lines.map((line) => ({
        ...line,
        difference: line.difference.toExponential(1),
        leftOver: line.leftOver.split(" ").filter(Boolean).length,
      })),
    );
    if (lines.some((line) => !(line.difference <= LIMIT))) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
