import assert from "node:assert/strict";
import { test } from "node:test";
import { withTexts } from "../texts";

test("every text in lists, maps and plain objects is changed, names and all else stay", () => {
  const day = new Date(0),
    value = { a: ["x", 1], b: new Map([["y", { c: "z" }]]), day, none: null };
  assert.deepEqual(
    withTexts(value, (text) => `${text}!`),
    { a: ["x!", 1], b: new Map([["y!", { c: "z!" }]]), day, none: null },
  );
});
