import assert from "node:assert/strict";
import { test } from "node:test";
import { readManga } from "../../lib/data/manga";
import type { Split } from "../../lib/data/split";
import { emotionOf, splitsByTouch, type TouchSplits } from "../../lib/data/touches";
import { said } from "./files";

const lines = readManga("data/manga.tsv");
const options = { testStories: "exam-morning moving-day  birthday-surprise", validationFraction: 0.2 };

for (const split of ["leave-one-touch-out", "within-touch"] as const) {
  const made = splitsByTouch(lines, { ...options, split });
  test(`${split}: one split a touch with the test sizes of the built-in data`, () => {
    assert.deepEqual(
      made.map(({ name, test: { length } }) => [name, length]),
      [
        ["ギャグ", 66],
        ["少女漫画", 67],
        ["少年漫画", 64],
        ["青年漫画", 65],
        ["萌え系", 64],
      ],
    );
  });

  test(`${split}: training lines are of ${split === "within-touch" ? "the touch that is tested" : "the other touches"}`, () => {
    for (const { name, train } of made)
      assert.equal(
        train.some((i) => lines[i].touch === name),
        split === "within-touch",
      );
  });
}

const story = (name: string, touches: readonly string[], each = 2) =>
  touches.flatMap((touch) =>
    Array.from({ length: each }, (_, i) => ({
      ...lines[0],
      id: `${name}/${touch}/${i}`,
      story: name,
      touch,
      line: i + 1,
    })),
  );
const all = (own: typeof lines, split: TouchSplits["split"]) => {
  let splits: Split[] = [];
  const words = said(
    () => (splits = splitsByTouch(own, { split, testStories: "", validationFraction: 0.2 })),
  );
  const tested = splits.map(({ test }) => [...new Set(test.map((i) => own[i].story))]);
  return { words, tested };
};

test("without test stories every story of the touch is tested where others are left to learn from", () => {
  const own = ["s1", "s2"]
    .flatMap((name) => story(name, ["a"]))
    .concat(["s3", "s4"].flatMap((name) => story(name, ["b"])));
  assert.deepEqual(all(own, "leave-one-touch-out"), {
    words: [],
    tested: [
      ["s1", "s2"],
      ["s3", "s4"],
    ],
  });
});

for (const split of ["leave-one-touch-out", "within-touch"] as const)
  test(`${split}: without test stories a quarter of parallel stories is drawn, and it is said which`, () => {
    const { words, tested } = all(lines, split);
    assert.equal(tested[0].length, 3); // of 12
    assert.ok(tested.every((stories) => stories.join() === tested[0].join()));
    assert.equal(words.length, 1);
    assert.match(words[0], /^testStories is empty, .* to learn from\. A quarter of the stories is drawn for/);
    for (const name of tested[0]) assert.ok(words[0].includes(name));
  });

test("drawn stories are told in every touch", () => {
  const own = [
    ...["s1", "s2", "s3"].flatMap((name) => story(name, ["a"])),
    ...["s4", "s5", "s6"].flatMap((name) => story(name, ["b"])),
  ];
  assert.deepEqual(
    all(own, "within-touch").tested.map(({ length }) => length),
    [1, 1],
  );
});

test("a test story that is not in the data is refused beside those that are", () => {
  assert.throws(
    () =>
      splitsByTouch(lines, { ...options, testStories: "exam-morning, 999", split: "leave-one-touch-out" }),
    /testStories: there is no 999; there are lab-night, /,
  );
});

test("of a list of test stories all are held out", () => {
  const [{ test }] = splitsByTouch(lines, {
    ...options,
    testStories: "exam-morning, moving-day",
    split: "leave-one-touch-out",
  });
  assert.deepEqual(new Set(test.map((i) => lines[i].story)), new Set(["exam-morning", "moving-day"]));
});

test("an empty positive label is refused with the labels there are", () => {
  assert.throws(
    () => emotionOf([{ emotion: "喜び" }, { emotion: "怒り" }], " "),
    /^Error: positive is empty: leave it out, or name one of 喜び, 怒り$/,
  );
});

test("a positive label is found whatever its width, and is shown as in the file", () => {
  const own = [{ emotion: "ｷﾗｸ" }, { emotion: "怒り" }];
  assert.equal(emotionOf(own, " キラク"), "ｷﾗｸ");
});

const told = ["s1", "s2", "s3", "s4", "s5"].flatMap((name) => story(name, ["ギャグ", "萌え系"]));
const first = (own: typeof lines, changes: Partial<TouchSplits> = {}): Split =>
  splitsByTouch(own, {
    split: "leave-one-touch-out",
    testStories: "s1 s2",
    validationFraction: 0.3,
    ...changes,
  })[0];
const storiesOf = (part: readonly number[]) => new Set(part.map((i) => told[i].story));

test("only the touch that is tested is tested, with the test stories", () => {
  const { test } = first(told);
  assert.deepEqual(
    new Set(test.map((i) => `${told[i].touch} ${told[i].story}`)),
    new Set(["ギャグ s1", "ギャグ s2"]),
  );
});

for (const split of ["leave-one-touch-out", "within-touch"] as const)
  test(`${split}: no story stands in two parts, and validation has its own`, () => {
    const { train, validation, test } = first(told, { split });
    const [a, b, c] = [train, validation, test].map(storiesOf);
    assert.equal(new Set([...a, ...b, ...c]).size, a.size + b.size + c.size);
    assert.ok(b.size > 0);
  });

test("validation lines are of the touches to learn from", () => {
  assert.ok(first(told).validation.every((i) => told[i].touch === "萌え系"));
});

for (const [reason, own, testStories] of [
  [
    "none of the test stories s9 is told in it; told are s1, s2, s3, s4, s5",
    [...told, ...story("s9", ["萌え系"])],
    "s9",
  ],
  ["one story is left to learn from, s5, but training", told, "s1 s2 s3 s4"],
  ["all stories to learn from are held out for testing: s1, s2, s3, s4, s5", told, "s1 s2 s3 s4 s5"],
  ["no line has another touch to learn from", told.filter(({ touch }) => touch === "ギャグ"), "s1"],
] as const)
  test(`an empty part is refused with its reason: ${reason}`, () => {
    assert.throws(() => first([...own], { testStories }), new RegExp(`split "ギャグ": ${reason}`));
  });

for (const [fraction, words] of [
  [0, "= 0 is not a number between 0 and 1"],
  [1, "= 1 is not a number between 0 and 1"],
  [0.99, "0.99 leaves no story to train on"],
] as const)
  test(`validationFraction ${fraction} is refused by name`, () => {
    assert.throws(
      () => first(told, { validationFraction: fraction }),
      new RegExp(`validationFraction ${words}`),
    );
  });
