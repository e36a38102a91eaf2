import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "../../japanese";
import { TIPS } from "..";

test("the guide's 25 tips are numbered in its order, each once", () => {
  assert.deepEqual(
    TIPS.map(({ number }) => number),
    Array.from({ length: 25 }, (_, i) => i + 1),
  );
  assert.equal(new Set(TIPS.map(({ name }) => name)).size, 25);
  const first = (group: string) => TIPS.find((tip) => tip.group === group)?.number;
  assert.deepEqual(["general", "CPU", "GPU", "distributed"].map(first), [1, 9, 15, 22]);
});

test("at most ten have no counterpart, and each says what was looked for", () => {
  const none = TIPS.filter(({ here }) => here === "none");
  assert.ok(none.length <= 10, `${none.length} have none`);
  for (const { number, by, why } of none) {
    assert.match(by, /tf\.|lib\w+|TF_/, String(number));
    assert.ok(why, String(number));
  }
});

test("every name is known in Japanese", () => {
  const translate = translator();
  const unknown = TIPS.flatMap(({ name, group, here, why = name }) => [name, group, here, why]).filter(
    (text) => translate(text) === undefined,
  );
  assert.deepEqual([...new Set(unknown)], []);
});
