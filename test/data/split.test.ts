import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGroups, type Split, stratified } from "../../lib/data/split";
import { Random } from "../../lib/support/random";

test("stratified parts keep the share of each label", () => {
  const labels = Array.from({ length: 100 }, (_, i) => (i < 30 ? 1 : 0));
  const { train, validation, test } = stratified(labels, {
    testFraction: 0.5,
    validationFraction: 0.2,
    random: new Random(1),
  });
  assert.deepEqual(
    [train, validation, test].map((part) => [part.length, part.filter((i) => labels[i] === 1).length]),
    [
      [40, 12],
      [10, 3],
      [50, 15],
    ],
  );
});

test("the same seed gives the same split", () => {
  const labels = ["a", "b", "c", "a", "b", "c", "a", "a"];
  const draw = () => stratified(labels, { testFraction: 0.4, random: new Random(7) });
  assert.deepEqual(draw(), draw());
});

const leaky: Split = { name: "leaky", train: [0], validation: [4], test: [1] };

test("a story in both training and test is refused by name", () => {
  assert.throws(
    () => checkGroups(leaky, ["s1", "s1", "s2", "s2", "s3"]),
    /"leaky": s1 in both training and test/,
  );
});
