import assert from "node:assert/strict";
import { test } from "node:test";
import { readLines, splitsByTouch } from "../../lib/data/touches";

const lines = readLines("data/manga.tsv", "manga");
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

test("without test stories every story of the touch is tested, and nothing is left to learn from parallel stories", () => {
  assert.throws(
    () => splitsByTouch(lines, { ...options, testStories: "", split: "leave-one-touch-out" }),
    /no training line is left/,
  );
});
