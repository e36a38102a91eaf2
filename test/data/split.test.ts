import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGroups, leaveOneTouchOut, type Split, stratified, withinTouch } from "../../lib/data/split";
import { Random } from "../../lib/support/random";

const lines = ["s1", "s2", "s3", "s4", "s5"].flatMap((story) =>
  ["ギャグ", "萌え系"].flatMap((touch) => [
    { story, touch },
    { story, touch },
  ]),
);
const stories = lines.map(({ story }) => story);
const parts = ({ train, validation, test }: Split) =>
  [train, validation, test].map((part) => new Set(part.map((i) => lines[i].story)));
const options = () => ({ testStories: ["s1", "s2"], validationFraction: 0.3, random: new Random(1) });

test("leave-one-touch-out tests the touch alone", () => {
  const { test } = leaveOneTouchOut(lines, "ギャグ", options());
  assert.deepEqual(
    new Set(test.map((i) => `${lines[i].touch} ${lines[i].story}`)),
    new Set(["ギャグ s1", "ギャグ s2"]),
  );
});

test("leave-one-touch-out never learns from the touch", () => {
  const { train, validation } = leaveOneTouchOut(lines, "ギャグ", options());
  assert.deepEqual(new Set([...train, ...validation].map((i) => lines[i].touch)), new Set(["萌え系"]));
});

test("no story stands in two parts", () => {
  for (const split of [
    leaveOneTouchOut(lines, "ギャグ", options()),
    withinTouch(lines, "ギャグ", options()),
  ]) {
    const [train, validation, test] = parts(split);
    assert.equal(new Set([...train, ...validation, ...test]).size, train.size + validation.size + test.size);
    assert.doesNotThrow(() => checkGroups(split, stories));
  }
});

test("within-touch learns from the touch alone", () => {
  const { train } = withinTouch(lines, "ギャグ", options());
  assert.deepEqual(new Set(train.map((i) => lines[i].touch)), new Set(["ギャグ"]));
});

test("a touch that is not in the data is an error that names those there are", () => {
  assert.throws(
    () => leaveOneTouchOut(lines, "劇画", options()),
    /split "劇画": no line has this touch; there are ギャグ, 萌え系/,
  );
});

for (const [reason, own, told] of [
  ["none of the test stories s9 is told in it; told are s1, s2, s3, s4, s5", lines, ["s9"]],
  ["all stories to learn from are held out for testing: s1, s2, s3, s4, s5", lines, undefined],
  ["one story is left to learn from, s5, but training", lines, ["s1", "s2", "s3", "s4"]],
  ["no line has another touch to learn from", lines.filter(({ touch }) => touch === "ギャグ"), ["s1"]],
] as const)
  test(`an empty part is refused with its reason: ${reason}`, () => {
    assert.throws(
      () => leaveOneTouchOut(own, "ギャグ", { ...options(), testStories: told }),
      new RegExp(`split "ギャグ": ${reason}`),
    );
  });

for (const [fraction, words] of [
  [0, "= 0 is not a number between 0 and 1"],
  [1, "= 1 is not a number between 0 and 1"],
  [0.99, "0.99 leaves no story to train on"],
] as const)
  test(`validationFraction ${fraction} is refused by name`, () => {
    assert.throws(
      () => leaveOneTouchOut(lines, "ギャグ", { ...options(), validationFraction: fraction }),
      new RegExp(`validationFraction ${words}`),
    );
  });

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
  const draw = () => stratified(stories, { testFraction: 0.4, random: new Random(7) });
  assert.deepEqual(draw(), draw());
});

const leaky: Split = { name: "leaky", train: [0], validation: [4], test: [1] };

test("a story in both training and test is refused by name", () => {
  assert.throws(() => checkGroups(leaky, stories), /"leaky": s1 in both training and test/);
});
