/** The whole way on a toy: two sentences that the built-in model tells apart, some of their labels exchanged. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { chooseModel } from "../../../lib/experiment/trials";
import type { Item, Task } from "../../../lib/study/task";
import { projectRoot } from "../../../lib/support/files";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { EXAMPLES, runsFolder } from "../../../test/experiment/tiny-trials";
import { readTable } from "../../table-file";
import { openTokenizer } from "../../tokenizer";
import { outOfFold, suspects, type Variant, withPlanted, writeList } from "..";

runsFolder("komalab-labels-");
type Told = Item & { readonly story: string };
let variants: Variant<Told>[] = [];
const how = {
  experiment: "toy",
  folds: 2,
  seeds: 2,
  settings: { epochs: 20, learningRate: 1e-2, batchSize: 4, pooling: "mean" },
} as const;
let answered: Awaited<ReturnType<typeof outOfFold<Variant<Told>>>> = [];

before(async () => {
  const model = await chooseModel(BUILTIN_MODEL),
    tokenizer = await openTokenizer(model.folder);
  const items = EXAMPLES.map(({ id, text }, i) => ({ id, text, story: `story ${Math.floor(i / 8)}` }));
  const labels = EXAMPLES.map(({ label }) => label);
  const task: Task<Told> = {
    ...{ items, labels, classes: ["悪い", "良い"], splits: [], model, tokenizer, maxLength: 40, tooLong: 0 },
  };
  variants = withPlanted("toy", task, { shares: [0.1], plantings: 1 });
  answered = await outOfFold(variants, how);
});

test("the data as they are stand before what is planted in them", () =>
  assert.deepEqual(
    variants.map(({ name, part, wrong }) => [name, part, wrong.size]),
    [
      ["toy, as they are", undefined, 0],
      ["toy, 10 % wrong", "planting 1", 4],
    ],
  ));

test("what is planted among sentences that are told apart stands first, with the right label beside it", () => {
  const [, planted] = answered,
    head = suspects(planted).slice(0, 4);
  assert.deepEqual(new Set(head.map(({ item }) => item)), planted.wrong);
  for (const { item, suggested, agree } of head)
    assert.deepEqual([suggested, agree], [["悪い", "良い"][EXAMPLES[item].label], 1]);
});

test("each seed judges every text once, by a model that has learnt from no text of its story", () => {
  const [asTheyAre] = answered;
  assert.equal(asTheyAre.probabilities.length, 2);
  for (const seed of [1, 2]) {
    const runs = asTheyAre.runs.filter(({ trial }) => trial.settings.initSeed === seed);
    assert.equal(new Set(runs.flatMap(({ result }) => result.items)).size, EXAMPLES.length);
    for (const { trial, result } of runs) {
      const stories = (items: readonly number[]) => items.map((item) => variants[0].task.items[item].story);
      const learnt = new Set(stories([...trial.split.train, ...trial.split.validation]));
      assert.ok(stories(trial.split.test).every((story) => !learnt.has(story)));
      result.items.forEach((id, i) => {
        const item = variants[0].task.items.findIndex((one) => one.id === id);
        assert.deepEqual(asTheyAre.probabilities[seed - 1][item], result.probabilities?.[i]);
      });
    }
  }
});

test("a list for the annotator is a file of its own, and none that is being filled in is written over", () => {
  const [, planted] = answered,
    log = console.log;
  console.log = () => {};
  const options = { most: 4, without: new Set([planted.task.items[suspects(planted)[0].item].id]) };
  const path = join(projectRoot, writeList(planted, options));
  try {
    const { rows } = readTable(path);
    assert.equal(rows.length, 4);
    assert.ok(rows.every(({ cells }) => !options.without.has(cells.id)));
    writeFileSync(path, "filled in");
    assert.equal(join(projectRoot, writeList(planted, options)), path);
    assert.equal(readFileSync(path, "utf8"), "filled in");
    const other = join(projectRoot, writeList(planted, { ...options, most: 3 }));
    assert.notEqual(other, path);
    rmSync(other);
  } finally {
    console.log = log;
    if (existsSync(path)) rmSync(path);
  }
});
