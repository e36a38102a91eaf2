import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrialRun } from "../../../lib/experiment/spec";
import { examplesOf } from "../examples";

type Line = readonly [text: string, gold: number, sure: readonly [number, number]];
const LONG = "長い文。".repeat(20);

function examples(lines: readonly Line[]): string[] {
  const result = {
    items: lines.map((_, i) => `t${i}`),
    gold: lines.map(([, gold]) => gold),
    predicted: lines.map(([, , [first, second]]) => Number(second > first)),
    probabilities: lines.map(([, , sure]) => sure),
  };
  return examplesOf({ result } as unknown as TrialRun, new Map(lines.map(([text], i) => [`t${i}`, text])));
}

test("two right lines of two classes that it is nearly sure of, and the one it is least sure of", () =>
  assert.deepEqual(
    examples([
      ["誤り", 0, [0.1, 0.9]],
      ["好評らしい", 1, [0.3, 0.7]],
      ["不評", 0, [0.91, 0.09]],
      ["好評", 1, [0.12, 0.88]],
      ["確か", 1, [0.001, 0.999]],
      ["迷う", 0, [0.45, 0.55]],
      [LONG, 1, [0.1, 0.9]],
    ]),
    ["不評", "好評", "迷う"],
  ));

test("where one class alone is predicted there are three lines all the same, each once", () =>
  assert.deepEqual(
    examples([
      ["あ", 0, [0.9, 0.1]],
      ["い", 0, [0.8, 0.2]],
      ["い", 0, [0.7, 0.3]],
      ["う", 1, [0.6, 0.4]],
      ["え", 0, [0.75, 0.25]],
    ]),
    ["あ", "う", "い"],
  ));
