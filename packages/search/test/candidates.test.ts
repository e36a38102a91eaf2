import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidates, combinations } from "..";

test("candidates are all combinations, in the order of the lists", () =>
  assert.deepEqual(
    combinations({ learningRate: [1e-3, 1e-2], epochs: [3, 10], head: ["linear"] }).map(({ name }) => name),
    [
      "learningRate 0.001, epochs 3, head linear",
      "learningRate 0.001, epochs 10, head linear",
      "learningRate 0.01, epochs 3, head linear",
      "learningRate 0.01, epochs 10, head linear",
    ],
  ));

test("a candidate's settings are its values alone; one that may be left out can be", () =>
  assert.deepEqual(combinations({ labelSmoothing: [undefined, 0.1] }), [
    { name: "no labelSmoothing", settings: { labelSmoothing: undefined } },
    { name: "labelSmoothing 0.1", settings: { labelSmoothing: 0.1 } },
  ]));

const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ["no setting", {}, /candidates = \{\} is one combination: a search takes two or more, for instance/],
  ["one combination", { epochs: [3] }, /candidates = \{"epochs":\[3\]\} is one combination/],
  ["an empty list", { epochs: [] }, /epochs = \[\] lists no value: name some, .* or leave it out/],
  ["a value that is no list", { epochs: 3 }, /epochs = 3 lists no value/],
  ["a misspelt setting", { learningrate: [1] }, /no setting learningrate: did you mean learningRate\?/],
  ["an unknown setting", { colour: ["red"] }, /no setting colour: there are head, freeze,/],
  ["a value out of range", { epochs: [3, 0] }, /epochs = 0 is not a whole number of at least 1: take it out/],
  ["a rate of 0", { learningRate: [0, 1] }, /learningRate = 0 is not a number above 0: take it out/],
  ["NaN", { learningRate: [Number.NaN, 1] }, /learningRate = NaN is not a number above 0/],
  ["an unknown word", { head: ["linear", "2MLP"] }, /head = "2MLP" is not "linear" or "3MLP"/],
  [
    "a switch with its own default",
    { groupByLength: [true, false] },
    /groupByLength = true is not false: .* take it out of the list, or name undefined, which leaves the setting out/,
  ],
  ["a value twice", { epochs: [3, 5, 3] }, /epochs lists 3 twice: name each value once/],
  ["seeds", { initSeed: [1, 2] }, /initSeed is not searched: seeds are the search's own/],
  ["lengths", { maxLength: [32, 64] }, /maxLength is not searched: .* give it to the task/],
];
for (const [what, candidates, words] of REFUSED)
  test(`${what} is refused with name, value and remedy`, () =>
    assert.throws(() => combinations(candidates as Candidates), words));
