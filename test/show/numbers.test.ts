/** Numbers as they are printed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decimals, range, signed } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";

test("a number below zero has a minus sign, and none where it is rounded to zero", () =>
  assert.deepEqual([decimals(-7.014), decimals(-0.001), decimals(0.5)], ["−7.01", "0.00", "0.50"]));

test("a range is told with a dash, below zero with a word", () =>
  assert.deepEqual(
    [
      range({ low: 0.708, high: 0.747 }),
      range({ low: -7.01, high: -6.8 }, 2),
      range({ low: -0.1, high: 0.2 }, 1),
    ],
    ["0.708–0.747", "−7.01 to −6.80", "−0.1 to 0.2"],
  ));

test("a difference has its sign", () => assert.deepEqual([signed(-0.1), signed(0.1)], ["−0.10", "+0.10"]));

test("a column of numbers below zero is one of numbers", () => {
  const rows = [
    { system: "a", value: -1.5, range: range({ low: -2, high: -1 }, 2) },
    { system: "b", value: -2, range: "–" },
  ];
  const html = String(table(rows)["text/html"]);
  assert.match(html, /text-align: right[^>]*>−1\.500<.*text-align: right[^>]*>−2\.00 to −1\.00</);
  assert.match(html, />−2</);
});
