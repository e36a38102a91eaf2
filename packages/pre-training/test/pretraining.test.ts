import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadPretrained } from "../../../lib/models/pretrained";
import { Random } from "../../../lib/support/random";
import { openTokenizer, vocabularyOf } from "../../tokenizer";
import type { TokenCorpus } from "../corpus-cache";
import { PRETRAIN_DEFAULTS, type PretrainOptions, pretrain } from "../pretraining";
import { tokenTexts } from "../tokens";

const folder = mkdtempSync(join(tmpdir(), "pretraining-"));
after(() => rmSync(folder, { recursive: true }));

// a language in which two words of three are あ: even a tiny model learns that soon
const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ..."あいうえおかきくけこ"];
const random = new Random(5);
const text = (length: number) =>
  Array.from({ length }, () => (random.uniform() < 2 / 3 ? 5 : 5 + random.integer(10)));
const texts = (count: number, length: number) =>
  tokenTexts(Array.from({ length: count }, () => text(length)));
writeFileSync(join(folder, "vocab.txt"), `${pieces.join("\n")}\n`);
const corpus: TokenCorpus = {
  dialogue: texts(300, 9),
  prose: texts(300, 20),
  heldOutDialogue: texts(60, 9),
  heldOutProse: texts(60, 20),
  vocabulary: vocabularyOf(pieces),
  folder,
  hash: "test",
};
const run = (name: string, steps: number, more: Partial<PretrainOptions> = {}) =>
  pretrain({
    settings: {
      ...PRETRAIN_DEFAULTS,
      layers: 1,
      hiddenSize: 16,
      heads: 2,
      intermediateSize: 32,
      batchTokens: 256,
      peakRate: 0.01,
      warmUpSteps: 5,
      checkpointEvery: 10,
    },
    steps,
    corpus,
    folder: join(folder, name),
    saveTo: join(folder, `${name}-model`),
    ...more,
  });

let curveOfA: readonly object[];

test("the loss on held-out text falls, and the model is saved as a folder that opens", async () => {
  const curve = await run("a", 60);
  curveOfA = curve.map(({ seconds, ...point }) => point);
  assert.deepEqual(
    curve.map(({ step }) => step),
    [10, 20, 30, 40, 50, 60],
  );
  assert.ok(curve[5].heldOutLoss < 0.6 * Math.log(pieces.length), JSON.stringify(curve)); // guessing costs ln V
  assert.ok(curve[5].heldOutAccuracy > 0.5, JSON.stringify(curve));
  assert.equal(loadPretrained(join(folder, "a-model")).encoder.config.vocabularySize, 15);
  assert.deepEqual((await openTokenizer(join(folder, "a-model"))).tokens("あ"), ["あ"]);
});

test("a run that was interrupted or stopped goes on to the same weights", async () => {
  const stop = new Error("stop"),
    controller = new AbortController();
  const onProgress = ({ task, done }: { task: string; done: number }) => {
    if (task === "held out" && done === 30) throw stop;
    if (task === "pre-training" && done === 40) controller.abort(stop);
  };
  for (const signal of [undefined, controller.signal])
    await assert.rejects(run("b", 60, { onProgress, signal }), stop);
  assert.deepEqual(
    (await run("b", 60)).map(({ seconds, ...point }) => point),
    curveOfA,
  );
  assert.deepEqual(
    loadPretrained(join(folder, "b-model")).weights,
    loadPretrained(join(folder, "a-model")).weights,
  );
});

test("a run may be made longer until its rate falls, and not afterwards", async () => {
  await assert.rejects(
    run("a", 80),
    /has done 60 of 60 planned steps, and the rate falls: give --steps 60, or delete the folder/,
  );
});
