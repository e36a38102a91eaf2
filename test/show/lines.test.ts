import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, learningCurves, scoreBars } from "../../lib/show/charts";
import { clickable, confusionCells, linesBehind, scorePanels } from "../../lib/show/lines";
import { drawSvg } from "../../packages/chart-picture";
import { LINES_MIME, type LinesTable } from "../../packages/notebook";

const texts = ["なんでやねん！", "雨か…", "やった！"].map((text, i) => ({ id: `l${i}`, text }));
const run = {
  system: "last",
  testSet: "ギャグ",
  seed: 1,
  items: ["l2", "l0"],
  gold: [1, 0],
  predicted: [0, 0],
};

const shownBy = (...judged: Parameters<typeof linesBehind>) =>
  linesBehind(...judged)[LINES_MIME] as unknown as LinesTable;

test("a table keeps each test line once, and classes as letters", () => {
  const table = shownBy([run, { ...run, seed: 2, predicted: [1, 0] }], {
    texts,
    labels: ["not 喜楽", "喜楽"],
  });
  assert.deepEqual(table.texts, ["やった！", "なんでやねん！"]);
  assert.deepEqual(table.tests, [{ name: "ギャグ", items: [0, 1], gold: "10" }]);
  assert.deepEqual(
    table.runs.map(({ seed, predicted }) => [seed, predicted]),
    [
      [1, "00"],
      [2, "10"],
    ],
  );
});

test("what a system did not judge is left blank", () => {
  const table = shownBy([run, { ...run, system: "all", items: ["l0"], gold: [0], predicted: [1] }], {
    texts,
    labels: ["0", "1"],
  });
  assert.equal(table.runs[1]!.predicted, " 1");
});

test("an unknown id and a wrong number of classes are errors that name the system", () => {
  assert.throws(
    () => linesBehind([{ ...run, items: ["l2", "x"] }], { texts, labels: [] }),
    /last, ギャグ: no text has the id x/,
  );
  assert.throws(() => linesBehind([{ ...run, gold: [1] }], { texts, labels: [] }), /2 items, but 1 gold/);
});

test("an item with two gold classes in one test set is an error: the list would show the wrong one", () => {
  assert.throws(
    () => linesBehind([run, { ...run, system: "all", gold: [0, 0] }], { texts, labels: [] }),
    /all, ギャグ: l2 has another gold class/,
  );
});

test("bars and cells can be clicked, in panels too, and are still drawn", async () => {
  const cells = clickable(
    confusionMatrix(
      [
        {
          name: "last",
          counts: [
            [1, 0],
            [1, 0],
          ],
        },
      ],
      { title: "t", labels: ["0", "1"] },
    ),
    { ...confusionCells, seed: 1 },
  );
  const bars = clickable(
    scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], { title: "t" }),
    scorePanels,
  );
  assert.deepEqual(cells.usermeta, {
    komalab: { behind: { system: "panel", gold: "gold", predicted: "predicted", seed: 1 } },
  });
  for (const chart of [cells, bars]) {
    assert.match(JSON.stringify(chart), /"params":\[\{"name":"behind"/);
    assert.match(await drawSvg(chart), /<path aria-label="[^"]*last/);
  }
});

test("a chart of lines alone has nothing to click on", () => {
  const row = { epoch: 1, trainLoss: 1, trainAccuracy: 0, validationLoss: 1, validationAccuracy: 0 };
  assert.throws(
    () =>
      clickable(
        learningCurves([{ system: "last", seed: 1, history: [row], bestEpoch: 1 }], { title: "t" }),
        scorePanels,
      ),
    /without bars or cells/,
  );
});
