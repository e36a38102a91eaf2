import assert from "node:assert/strict";
import { test } from "node:test";
import { table1 } from "../../../test/reference/table1";
import { type PastedTable, pastedTable } from "../paste";
import { printed, readPublished } from "../published";

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

/** Values of the only test set, one list a system. */
const values = (text: string, settings: Partial<PastedTable> = {}) =>
  pastedTable(text, { metrics: ["accuracy"], ...settings }).systems.map(({ cells }) =>
    cells.flatMap((cell) => cell.map((score) => score?.value ?? null)),
  );

test("a Markdown table is read with its baseline", () => {
  const scores = (texts: string) => texts.split(" ").map((score) => printed(score));
  assert.deepEqual(pastedTable(markdown, options), {
    metrics: ["accuracy", "recall", "f1"],
    testSets: ["少女漫画", "萌え系"],
    systems: [
      { system: "BERT (Last Layer)", cells: [scores(".567 .579 .603"), scores(".656 .455 .476")] },
      { system: "BERT (Fixed)", cells: [scores(".463 .421 .471"), scores(".625 .409 .429")] },
    ],
    alwaysNegative: scores(".43 .66"),
    means: [],
  });
});

test("each score has its own number of decimals", () => {
  const [[cell]] = pastedTable("x\ta\ns\t.65 / .207", { metrics: ["accuracy", "f1"] }).systems.map(
    ({ cells }) => cells,
  );
  assert.deepEqual(cell, [printed(".65"), printed(".207")]);
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

/** One table of two test sets in two rows of headings, as each program copies its merged cells. */
const COPIES = {
  Markdown: `
|  | 少女漫画 |  | 萌え系 |  |
|---|---|---|---|---|
| system | Acc. | F1 | Acc. | F1 |
| BERT (Last Layer) | **.567** | .603 | .656 | .476 |
| doc2vec 2 | .463 | **.471** | __.625__ | .429 |`,
  Excel: `\t少女漫画\t\t萌え系\t
system\tAcc.\tF1\tAcc.\tF1
BERT (Last Layer)\t0.567\t0.603\t0.656\t0.476
doc2vec 2\t0.463\t0.471\t0.625\t0.429`,
  Word: `system\t少女漫画\t萌え系
\tAcc.\tF1\tAcc.\tF1
BERT (Last Layer)\t.567\t.603\t.656\t.476
doc2vec 2\t.463\t.471\t.625\t.429`,
  LaTeX: `
\\begin{tabular}{lcccc}
\\toprule
 & \\multicolumn{2}{c}{少女漫画} & \\multicolumn{2}{c}{\\textbf{萌え系}} \\\\
\\cmidrule(lr){2-3}\\cmidrule(lr){4-5}
system & Acc. & F1 & Acc. & F1 \\\\ \\midrule
BERT (Last Layer) & \\textbf{.567} & $.603$ & .656 & .476 \\\\
doc2vec 2 & .463 & .471 & \\textbf{\\underline{.625}} & .429 \\\\
\\bottomrule
\\end{tabular}`,
  PDF: `少女漫画 萌え系
Acc. F1 Acc. F1
BERT (Last Layer) .567 .603 .656 .476
doc2vec-2 .463 .471 .625 .429`,
};
for (const [program, text] of Object.entries(COPIES))
  test(`two rows of headings are read as ${program} copies them`, () => {
    const read = pastedTable(text, { metrics: ["accuracy", "f1"] });
    assert.deepEqual(read.testSets, ["少女漫画", "萌え系"]);
    assert.deepEqual(
      read.systems.map(({ system, cells }) => [
        system.slice(0, 4),
        ...cells.flat().map((score) => score?.value),
      ]),
      [
        ["BERT", 0.567, 0.603, 0.656, 0.476],
        ["doc2", 0.463, 0.471, 0.625, 0.429],
      ],
    );
  });

test("columns of other scores are left out by either heading", () => {
  const text = COPIES.Excel.replaceAll("F1", "n");
  assert.deepEqual(values(text, { leaveOut: ["n", "萌え系"] }), [[0.567], [0.463]]);
});

test("one row of headings that are scores is one test set", () => {
  const read = pastedTable("|  | 正解率 | F1 |\n| s | .65 | .207 |", { metrics: ["accuracy", "f1"] });
  assert.deepEqual(
    [read.testSets, read.systems[0].cells],
    [["test set"], [[printed(".65"), printed(".207")]]],
  );
});

test("scores in another order than the metrics are refused", () => {
  const text = "|  | F1 | 正解率 |\n| s | .65 | .207 |";
  assert.throws(() => values(text, { metrics: ["accuracy", "f1"] }), /line 1: "F1" stands where metrics say/);
});

test("scores above test sets are refused", () => {
  const text = "\tAcc.\t\tF1\t\n\ta\tb\ta\tb\ns\t.5\t.6\t.7\t.8";
  assert.throws(() => values(text, { metrics: ["accuracy", "f1"] }), /line 1: "Acc\." is a score/);
});

test("headings that fit the columns nowhere are refused", () => {
  assert.throws(() => values("a\tb\nx\t.5\t.6\t.7"), /line 1: 2 headings do not fit 3 columns/);
});

for (const [text, value] of Object.entries({
  "65.2%": 0.652,
  "65.2 %": 0.652,
  "６５．２％": 0.652,
  "65.2\\%": 0.652,
  "65.2": 0.652,
  "100": 1,
  "**0.652**": 0.652,
  "<b>.652</b>": 0.652,
  "$\\mathbf{.652}$": 0.652,
  "{\\bf .652}": 0.652,
  ".652*": 0.652,
  ".652†": 0.652,
}))
  test(`${text} is ${value}`, () => assert.deepEqual(values(`| x | a |\n| s | ${text} |`), [[value]]));

for (const text of [
  "0.652 ± 0.01",
  "65.2±1.1%",
  ".652 $\\pm$ .01",
  "$.652_{\\pm.01}$",
  ".652 +/- .01",
  ".652+-.01",
])
  test(`${text} is the score of no counts, unless it is said to be an interval`, () => {
    const table = `| x | a |\n| s | .652 |\n| mean | ${text} |`.replace(
      "| .652",
      text.includes("%") ? "| 65.2%" : "| .652",
    );
    assert.deepEqual(pastedTable(table, { metrics: ["accuracy"] }).means, ["mean"]);
    assert.deepEqual(values(table), [[0.652]]);
    assert.deepEqual(values(table, { spread: "interval" }), [[0.652], [0.652]]);
  });

test("a bar within a name is no border", () => {
  assert.equal(
    pastedTable("| x | a |\n| p(y\\|x) | .5 |", { metrics: ["accuracy"] }).systems[0].system,
    "p(y|x)",
  );
});

test("a table of nothing but means over runs is refused", () => {
  assert.throws(() => values("| x | a |\n| s | .65 ± .01 |"), /each row has ±/);
});

test("a heading can say that its column holds percentages", () => {
  assert.deepEqual(values("| x | a (%) |\n| s | 0.9 |"), [[0.009]]);
  assert.deepEqual(values("| x | 10% |\n| s | 0.9 |"), [[0.9]]);
});

for (const column of [
  ["65.2%", ".65"],
  ["65.2", "0.9"],
  ["65.2", "1"],
])
  test(`${column.join(" above ")} is ambiguous`, () => {
    assert.throws(
      () => values(`| x | a |\n| s | ${column[0]} |\n| t | ${column[1]} |`),
      new RegExp(`line 3: "${column[1].replace(".", "\\.")}" in a column of percentages may be a share`),
    );
  });

for (const text of ["0,652", "65,2", "1,968"])
  test(`the comma of ${text} is not guessed at`, () => {
    assert.throws(
      () => values(`| x | a |\n| s | ${text} |`),
      /line 2: .* a comma may be a decimal point or part thousands/,
    );
  });

test("commas and blanks part scores", () => {
  assert.deepEqual(values("| x | a |\n| s | .65, .30 |", { metrics: ["accuracy", "f1"] }), [[0.65, 0.3]]);
});

for (const text of ["165", "-.3", ".652²", ".652<sup>2</sup>", "(.652)", "best"])
  test(`${text} is no score`, () => {
    assert.throws(() => values(`| x | a |\n| r | .5 |\n| s | ${text} |`), /line 3: /);
  });

test("a score that is not printed is null", () => {
  assert.deepEqual(pastedTable("x\ta\ns\t.50 / -", { metrics: ["accuracy", "f1"] }).systems[0].cells, [
    [printed(".50"), null],
  ]);
});

test("a system without a score on a test set is refused", () => {
  assert.throws(() => values("x\ta\tb\nr\t.5\t.5\ns\t.5\t–"), /line 3: no score for "b"/);
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
