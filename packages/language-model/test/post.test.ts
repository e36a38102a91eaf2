/**
 * What the post on scheduled sampling (tma15, 2020-07-19) feeds its model. Its training loop, in lm.py of
 * tma15/lstm-lm at b489be9f, chooses an input by a coin, then overwrites it by its likeliest character, and
 * then hands the model the gold character all the same. It is stated here in our own words, not copied.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { NGrams } from "../ngram";

type Model = (read: number) => { readonly likeliest: number };

/** The post's steps, with any chance of the gold character. */
function asInThePost(model: Model, gold: readonly number[], goldChance: number, random: Random): void {
  let before: ReturnType<Model> | undefined;
  for (const character of gold) {
    let chosen = character;
    if (before) {
      chosen = random.uniform() < goldChance ? character : before.likeliest;
      chosen = before.likeliest;
    }
    assert.ok(chosen >= 0); // it is computed, and read by nothing
    before = model(character);
  }
}

const gold = Array.from({ length: 60 }, (_, i) => (i * i) % 7);

test("in the post's loop every step reads the gold character, whatever the chance", () => {
  for (const chance of [0, 0.27, 0.5, 1]) {
    const read: number[] = [];
    const model: Model = (character) => {
      read.push(character);
      return { likeliest: (character + 3) % 7 };
    };
    asInThePost(model, gold, chance, new Random(1));
    assert.deepEqual(read, gold);
  }
});

test("here a step reads the gold character where its coin says so, and else the writer's own", () => {
  const writer = new NGrams(gold.slice(0, 10), 7, 2),
    pieces = [{ read: gold, next: [...gold.slice(1), 0] }];
  const read = (goldChance: number) => {
    const coins = new Random(2);
    return writer.read(pieces, () => coins.uniform() < goldChance, new Random(3))[0];
  };
  assert.deepEqual(read(1), gold);
  const different = (some: readonly number[]) => some.filter((id, i) => id !== gold[i]).length;
  assert.ok(different(read(0)) > different(read(0.5)) && different(read(0.5)) > 0);
  assert.equal(read(0)[0], gold[0]); // nothing has been read that could predict the first
});
