import assert from "node:assert/strict";
import { test } from "node:test";
import { table1 } from "../../../test/reference/table1";
import { type PublishedTable, printed, readPublished } from "../published";
import { publishedTable } from "../show";

const published: PublishedTable = {
  metrics: ["accuracy", "recall", "f1"],
  testSets: ["ギャグ", "少女漫画", "少年漫画", "青年漫画", "萌え系"],
  systems: table1.map(({ system, published }) => ({
    system,
    cells: published.map((cell) => cell.map((score) => printed(score.toFixed(3)))),
  })),
};
const [main, folded] = String(
  publishedTable(published, readPublished(published), "Table 1")["text/html"],
).split("<details>");

test("each system has its counts, intervals and the exact comparison with always negative", () => {
  assert.match(
    main,
    /BERT \(Last Layer\) \+ 3MLP.*>76<.*>42<.*>34<.*>54<.*>196<.*0\.73<br>0\.68–0\.78.*>\+8<.*>\.844</,
  );
});

test("cells and pairs are folded", () => {
  assert.doesNotMatch(main, /p at least/);
  assert.match(folded, /Each cell: counts[\s\S]*p at least/);
});

test("a table that leaves its counts open shows what it leaves", () => {
  const reviews: PublishedTable = {
    metrics: ["accuracy", "macroF1"],
    testSets: ["reviews"],
    systems: [{ system: "fixed", cells: [[printed("0.728"), printed("0.722")]] }],
    sizes: [{ n: 1968, positives: 995 }],
  };
  assert.match(
    String(publishedTable(reviews, readPublished(reviews), "Table 4")["text/plain"]),
    /fixed +\| +1968 \| 1432 to 1433 .* 50 \| \.568–\.585 or \.854–\.872/,
  );
});
