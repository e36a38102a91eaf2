/** Leave-one-out against predictions made by hand; curves of deletion by a model whose answers are known. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readEncoder } from "../../../lib/models/encoders";
import { classifier } from "../../../lib/models/heads";
import { Random } from "../../../lib/support/random";
import { predict } from "../../../lib/train/predict";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import type { TokenIds } from "../../tokenizer";
import {
  answersOf,
  byMark,
  curvesOf,
  fallOf,
  type Line,
  openScorer,
  randomCurves,
  type Scorer,
  SHARES,
} from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-marks-"));
after(() => rmSync(folder, { recursive: true }));

/** A line whose words have some tokens each, between [CLS] (2) and [SEP] (3). */
function line(...words: readonly (readonly number[])[]): Line {
  const ids = [2, ...words.flat(), 3];
  let place = 1;
  return {
    ...{ text: "x".repeat(words.length), ids, segmentIds: ids.map(() => 0) },
    words: words.map((own, i) => ({ text: "x", start: i, end: i + 1, places: own.map(() => place++) })),
  };
}

test("leave-one-out is the fall of the answer's log probability without the word's tokens", async () => {
  writeTinyModel(folder, ["とても良い", "ひどく悪い"]);
  const { encoder } = readEncoder(join(folder, "config.json"));
  const model = classifier(encoder, { head: "linear", classes: 3 }, new Random(5));
  const scorer = await openScorer(model),
    lines = [line([5, 6], [7], [8, 9, 10]), line([11])];
  const [first, second] = answersOf(scorer, lines, "leave-one-out");
  scorer.dispose();
  const left: TokenIds[] = [
    [2, 5, 6, 7, 8, 9, 10, 3],
    [2, 7, 8, 9, 10, 3],
    [2, 5, 6, 8, 9, 10, 3],
    [2, 5, 6, 7, 3],
    [2, 3],
  ].map((ids) => ({ ids, segmentIds: ids.map(() => 0) }));
  const [whole, ...others] = await predict(model, left);
  assert.equal(first.predicted, whole.label);
  const log = (i: number) => Math.log(others[i].probabilities[whole.label]);
  first.marks.forEach((mark, word) =>
    assert.ok(
      Math.abs(mark - (Math.log(whole.probabilities[whole.label]) - log(word))) < 1e-5,
      `word ${word}`,
    ),
  );
  assert.equal(second.marks.length, 1, "a line of one word is asked without any");
});

/** Of two classes; each id adds itself, in tenths, to the second one's logit; ids below 4 nothing. */
const stub: Scorer = {
  logits: (texts) =>
    texts.map(({ ids }) =>
      Float32Array.of(
        0,
        ids.reduce((sum, id) => sum + (id > 3 ? id / 10 : 0), 0),
      ),
    ),
  vectors: () => [],
  gradientTimesInput: (texts) =>
    texts.map(({ ids }) => Float32Array.from(ids, (id) => (id > 3 ? id / 10 : 0))),
  dispose() {},
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const near = (found: readonly number[], wanted: readonly number[]) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-6, `${found} for ${wanted}`));
const TEN = line([4], [40], [5], [30], [6], [20], [7], [10], [8, 1], [9]);

test("a word's gradient × input is the sum over its tokens", () => {
  const [{ marks, predicted }] = answersOf(stub, [line([4, 5], [60])], "gradient × input");
  assert.equal(predicted, 1);
  near(marks, [0.9, 6]);
});

test("words go in the order of their marks, equal ones in that of the text", () =>
  assert.deepEqual(byMark([0.1, -2, 0.5, 0.1]), [2, 0, 3, 1]));

test("a curve begins at the answer's probability and ends without the most marked half of the words", () => {
  const answered = answersOf(stub, [TEN], "gradient × input");
  const [curve] = curvesOf(stub, answered);
  assert.equal(curve.length, SHARES.length);
  near([curve[0], curve[1], curve.at(-1)!], [sigmoid(13.9), sigmoid(9.9), sigmoid(3.0)]);
});

test("random words are drawn for each line and order, and end at the mean of their draws", () => {
  const answered = answersOf(stub, [TEN], "gradient × input");
  const of = (draws: number, seed: number) =>
    randomCurves(stub, answered, { draws, random: new Random(seed) })[0];
  assert.equal(of(1, 1)[0], of(1, 2)[0]);
  assert.notEqual(of(1, 1).at(-1), of(1, 2).at(-1));
  const random = new Random(1),
    [one, two] = [1, 2].map(() => randomCurves(stub, answered, { draws: 1, random })[0].at(-1)!);
  near([of(2, 1).at(-1)!], [(one + two) / 2]);
});

test("comprehensiveness is the mean fall over the shares above 0", () =>
  near([fallOf([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])], [0.3]));
