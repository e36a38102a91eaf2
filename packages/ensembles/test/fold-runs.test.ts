/** The whole way on a toy: BERT, doc2vec and TF-IDF trained on folds, averaged and stacked. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { chooseModel } from "../../../lib/experiment/trials";
import type { Item, Task } from "../../../lib/study/task";
import { BUILTIN_MODEL } from "../../../test/builtin";
import { EXAMPLES, indices, runsFolder } from "../../../test/experiment/tiny-trials";
import { openTokenizer } from "../../tokenizer";
import { FOLDED, type Folded, foldRuns, foldsAveraged, stacked } from "..";

runsFolder("komalab-folds-");
let folded: Folded;
const splits = [{ name: "test", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }];

before(async () => {
  const model = await chooseModel(BUILTIN_MODEL),
    tokenizer = await openTokenizer(model.folder);
  const task: Task<Item> = {
    ...{ items: EXAMPLES, labels: EXAMPLES.map(({ label }) => label), classes: ["悪い", "良い"], splits },
    ...{ model, tokenizer, maxLength: 40, tooLong: 0 },
  };
  const settings = { freeze: "fixed", pooling: "mean", epochs: 8, learningRate: 1e-2, batchSize: 4 } as const;
  const doc2vec = { epochs: 2, minCount: 1 };
  folded = await foldRuns(task, { name: "toy", folds: 2, seeds: 2, settings, doc2vec });
});

test("BERT and doc2vec are trained on each fold with each seed, and TF-IDF is fitted beside them", () => {
  assert.equal(folded.runs.length, 2 * 2 * 2);
  assert.deepEqual(
    folded.outOfFold.map(({ system, seed }) => [system, seed]),
    [
      [FOLDED.bert, 1],
      [FOLDED.bert, 2],
      [FOLDED.doc2vec, 1],
      [FOLDED.doc2vec, 2],
      ["TF-IDF + logistic", null],
    ],
  );
});

test("each says something of every text that is learnt from, and each fold's model of every test text", () => {
  for (const { learnt, held, test: tested } of folded.outOfFold) {
    assert.deepEqual([learnt.length, held.length], [32, 32]);
    assert.deepEqual(
      tested.map((rows) => rows.length),
      [8, 8],
    );
  }
});

test("two sentences that are told apart are told apart by the averaged and by the stacked models", () => {
  for (const run of [...foldsAveraged(folded, "averaged"), ...stacked(folded, "stacked")])
    assert.deepEqual(run.predicted, run.gold, `${run.system}, seed ${run.seed}`);
});
