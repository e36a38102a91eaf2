/**
 * Faults of a model's folder are named when it is chosen, or when runs of it are planned: before any
 * training.
 */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { storeDataset } from "../../lib/experiment/dataset";
import { prepare } from "../../lib/experiment/prepare";
import type { ClassificationSettings } from "../../lib/experiment/spec";
import { chooseModel, planTrials } from "../../lib/experiment/trials";
import { loadPretrained } from "../../lib/models/pretrained";
import { type TinyOptions, writeTinyModel } from "./tiny-model";
import { EXAMPLES, indices, runsFolder } from "./tiny-trials";

const folder = runsFolder();
const CLASSES = ["悪い", "良い"];

function model(name: string, options: TinyOptions = {}): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeTinyModel(
    path,
    EXAMPLES.map(({ text }) => text),
    options,
  );
  return path;
}

const headOf = (path: string) => loadPretrained(path).weights["classifier.weight"];

const plan = async (path: string, settings: Partial<ClassificationSettings> = {}) =>
  planTrials({
    experiment: "test",
    systems: [{ system: "linear", settings: { maxLength: 40, ...settings } }],
    splits: [{ name: "fixed", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }],
    seeds: 1,
    classes: CLASSES,
    dataset: storeDataset(EXAMPLES),
    model: await chooseModel(path),
    settings: {},
  });

test("a vocabulary longer than the embedding is named with both numbers", async () => {
  const path = model("longer");
  appendFileSync(join(path, "vocab.txt"), "多い\n");
  await assert.rejects(
    chooseModel(path),
    /longer: its tokens have ids up to 23 \("多い"\), but its embedding has 23 rows \(vocab_size of config\.json\)/,
  );
});

test("an added token beyond the embedding is named", async () => {
  const path = model("beyond");
  writeFileSync(join(path, "added_tokens.json"), '{"[話者]": 23}');
  await assert.rejects(chooseModel(path), /ids up to 23 \("\[話者\]"\), but its embedding has 23 rows/);
});

test("an embedding may have rows to spare, but not those of another vocabulary", async () => {
  const path = model("spare", { spare: 7 });
  writeFileSync(join(path, "added_tokens.json"), '{"[話者]": 29}');
  await chooseModel(path);
  await assert.rejects(
    chooseModel(model("cut", { spare: 1024 })),
    /cut: vocab\.txt and added tokens have 23 tokens, but the embedding 1047 rows: the vocabulary is cut off/,
  );
});

test("a vocabulary with a piece twice, or without [SEP], is named", async () => {
  const path = model("twice");
  const pieces = readFileSync(join(path, "vocab.txt"), "utf8");
  writeFileSync(join(path, "vocab.txt"), pieces.replace("良", "悪"));
  await assert.rejects(chooseModel(path), /twice\/vocab\.txt, line \d+: the piece "悪" occurs twice/);
  writeFileSync(join(path, "vocab.txt"), pieces.replace("[SEP]", "[EOS]"));
  await assert.rejects(chooseModel(path), /twice\/vocab\.txt has no \[SEP\]/);
});

test("a head for another number of classes is named with the folder, both numbers and the remedy", async () => {
  await assert.rejects(
    plan(model("three", { labels: ["悪い", "普通", "良い"] })),
    /three brings a head for 3 classes \(悪い, 普通, 良い\), but the task has 2 \(悪い, 良い\): newHead: true/,
  );
});

test("a head for classes of other names is no beginning either, one for the same is", async () => {
  await assert.rejects(
    plan(model("other", { labels: ["良い", "悪い"] })),
    /brings a head for 2 classes \(良い, 悪い\), but the task has 2 \(悪い, 良い\)/,
  );
  const path = model("same", { labels: CLASSES });
  const [trial] = await plan(path);
  assert.deepEqual((await prepare(trial)).model.weights["classifier.weight"], headOf(path));
});

test("a new head is taken where asked, and where the head is no part of the model", async () => {
  const path = model("new", { labels: CLASSES });
  const [trial] = await plan(path, { newHead: true });
  assert.notDeepEqual((await prepare(trial)).model.weights["classifier.weight"], headOf(path));
  const three = model("new-of-three", { labels: ["悪い", "普通", "良い"] });
  for (const settings of [{ newHead: true }, { head: "3MLP" }, { pretrained: false }] as const)
    await prepare((await plan(three, settings))[0]);
});

test("a maxLength of more tokens than the model has positions is refused", async () => {
  await assert.rejects(
    plan(model("short"), { maxLength: 41 }),
    /maxLength = 41, but the model reads at most 40 tokens/,
  );
});
