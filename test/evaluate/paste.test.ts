import assert from "node:assert/strict";
import { test } from "node:test";
import { pastedTable } from "../../lib/evaluate/paste";
import { readPublished } from "../../lib/evaluate/published";
import { table1 } from "../reference/table1";

const markdown = `
| system | 少女漫画 | 萌え系 | mean |
|---|---|---|---|
| BERT (Last Layer) | .567 / .579 / .603 | .656 / .455 / .476 | .731 / .375 / .414 |
| BERT (Fixed) | .463 / .421 / .471 | .625 / .409 / .429 | .688 / .352 / .360 |
| ベースライン | .43 / 0 / 0 | .66 / 0 / 0 | .71 / 0 / 0 |
`;
const options = {
  metrics: ["accuracy", "recall", "f1"],
  alwaysNegative: "ベースライン",
  leaveOut: ["mean"],
} as const;

test("a Markdown table is read with its decimals and its baseline", () => {
  assert.deepEqual(pastedTable(markdown, options), {
    metrics: ["accuracy", "recall", "f1"],
    decimals: 3,
    testSets: ["少女漫画", "萌え系"],
    systems: [
      {
        system: "BERT (Last Layer)",
        cells: [
          [0.567, 0.579, 0.603],
          [0.656, 0.455, 0.476],
        ],
      },
      {
        system: "BERT (Fixed)",
        cells: [
          [0.463, 0.421, 0.471],
          [0.625, 0.409, 0.429],
        ],
      },
    ],
    alwaysNegative: { decimals: 2, accuracy: [0.43, 0.66] },
  });
});

test("columns between tabs are the same table", () => {
  const tabs = markdown
    .trim()
    .split("\n")
    .filter((_, i) => i !== 1)
    .map((line) => line.slice(2, -2).split(" | ").join("\t"))
    .join("\r\n");
  assert.deepEqual(pastedTable(tabs, options), pastedTable(markdown, options));
});

test("a pasted table 1 has its one reading", () => {
  const rows = table1.map(({ system, published }) =>
    [system, ...published.map((cell) => cell.map((score) => score.toFixed(3)).join(" "))].join("\t"),
  );
  const readings = readPublished(
    pastedTable(["system", 1, 2, 3, 4, 5].join("\t") + `\n${rows.join("\n")}`, { metrics: options.metrics }),
  );
  assert.deepEqual(
    readings.map((reading) => (reading.verdict === "one" ? reading.n : reading.verdict)),
    [66, 67, 64, 65, 64],
  );
});

test("a score that is not printed is null", () => {
  assert.deepEqual(pastedTable("x\ta\ns\t.50 / -", { metrics: ["accuracy", "f1"] }).systems[0].cells, [
    [0.5, null],
  ]);
});

test("a score in percent is named with its line", () => {
  assert.throws(
    () => pastedTable("| x | a |\n| s | 65.2 |", { metrics: ["accuracy"] }),
    /line 2: "65\.2" is no score from 0 to 1/,
  );
});

test("a cell with a score too few is named with its line", () => {
  assert.throws(
    () => pastedTable("| x | a |\n| s | .65 |", { metrics: ["accuracy", "f1"] }),
    /line 2: "\.65" is not accuracy \/ f1/,
  );
});

test("a baseline that is not there is named", () => {
  assert.throws(
    () => pastedTable(markdown, { ...options, alwaysNegative: "baseline" }),
    /0 rows are named "baseline", not one/,
  );
});
