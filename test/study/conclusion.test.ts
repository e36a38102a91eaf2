/** A verdict in Japanese: where letters of two scripts meet is a space, and nowhere else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Versus } from "../../lib/evaluate/comparison";
import { verdictInWords } from "../../lib/study/conclusion";

const verdict: Omit<Versus, "system" | "other"> = {
  seeds: 3,
  ...{ difference: -0.09, low: -0.16, high: -0.01, visible: 0.11 },
  ...{ p: 0.5, holm: 0.5 },
  clear: "no",
};
const beginning = (versus: Versus, metric = "F1") => verdictInWords(versus, metric).ja.split("（")[0];

test("Latin names of systems stand apart from Japanese words", () =>
  assert.equal(
    beginning({ ...verdict, system: "BERT last", other: "TF-IDF" }),
    "BERT last と TF-IDF の F1 に明らかな差はない",
  ));

test("Japanese names of systems do not", () =>
  assert.equal(
    beginning({ ...verdict, system: "探索した設定", other: "既定の設定" }),
    "探索した設定と既定の設定の F1 に明らかな差はない",
  ));

test("a clear difference is told by the same rule", () =>
  assert.equal(
    beginning({ ...verdict, holm: 0.01, clear: "worse", system: "人", other: "BERT" }, "accuracy"),
    "人の正解率は BERT を明らかに下回る",
  ));
