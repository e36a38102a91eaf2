import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsOf } from "../../lib/data/touches";
import { splitsTable } from "../../lib/show/splits";

const lines = ["喜楽", "憤怒", "喜楽", "恐怖"].map((emotion) => ({ emotion }));

test("each split shows its lines and how many of them are positive", async () => {
  const shown = (
    await splitsTable(
      [{ name: "ギャグ", train: [0, 1], validation: [3], test: [2, 3] }],
      labelsOf(lines, "喜楽"),
      "Lines",
    )
  )["text/plain"] as string;
  assert.match(shown, /\| ギャグ \| +2 \| +1 \| +1 \| +2 \| +1 \| +0\.50 \|/);
});

test("a positive label that no line has is an error that names those there are", () => {
  assert.throws(() => labelsOf(lines, "嫌悪"), /positive: there is no 嫌悪; there are 喜楽, 憤怒, 恐怖/);
});
