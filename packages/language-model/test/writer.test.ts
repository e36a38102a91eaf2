import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import type { Characters, Window } from "../text";
import { distinct, judged, repetition, type Writer } from "../writer";

const characters: Characters = {
  size: 10,
  ids: (text) => [...text].map(Number),
  text: (ids) => ids.join(""),
};
const pieces: Window[] = [{ read: [1, 2, 3, 4, 5, 6], next: [2, 3, 4, 5, 6, 7] }];

/** Writes nothing but 0, and is the less sure the more of it there is in what it has read. */
const zeros: Writer = {
  likelihoods: (some) =>
    some.map(({ read }) =>
      read.map((_, step) => 0 - read.slice(0, step + 1).filter((id) => id === 0).length),
    ),
  read: (some, kept) =>
    some.map(({ read }, piece) => read.map((id, step) => (step === 0 || kept(piece, step) ? id : 0))),
};
/** Finds every character as likely as it is large. */
const byNumber: Writer = {
  ...zeros,
  likelihoods: (some) => some.map(({ next }) => next.map((id) => 0 - id)),
};

test("a writer is judged behind its stretch: after gold characters, and after its own", () => {
  const { gold, own } = judged(
    zeros,
    pieces,
    { prefix: 2, own: 3, judge: byNumber, characters },
    new Random(1),
  );
  assert.deepEqual(gold, [0]);
  assert.deepEqual(own, [-3]); // read at the one step behind: 1 2 0 0 0 6
});

test("its text is all that it writes behind the prefix, and the judge says of that alone", () => {
  const stretch = { prefix: 4, own: 1, characters };
  const { written, judge } = judged(zeros, pieces, { ...stretch, judge: byNumber }, new Random(1));
  assert.deepEqual(written, ["00"]);
  assert.deepEqual(judge, [0]);
  const honest: Writer = { ...zeros, read: (some) => some.map(({ read }) => [...read]) };
  assert.deepEqual(judged(honest, pieces, { ...stretch, judge: byNumber }, new Random(1)).judge, [-5.5]); // of 5 and 6
});

test("distinct-n counts different n-grams of all texts together, repetition pairs within each", () => {
  assert.equal(distinct(["ああ", "ああ"], 1), 1 / 4);
  assert.equal(distinct(["あい", "いあ"], 2), 1);
  assert.equal(repetition(["あいあいあ", "あいうえお"]), (1 / 2 + 0) / 2);
});
