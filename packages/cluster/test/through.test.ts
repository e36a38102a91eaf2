/** npm run sweep -- PLAN --from NOTEBOOK --through: a notebook whose later runs follow from its earlier ones. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { code, notebook } from "../../notebook/test/sample";
import { listRuns } from "../list";
import { sweep } from "../sweep-command";

const root = runsFolder();

/** 3 candidates with 1 seed and 2 of them with another: 5 runs on thirty reviews. */
function writeSearch(folder: string): void {
  const [heading, ...rows] = readFileSync(join(projectRoot, "data", "reviews.tsv"), "utf8").split("\n");
  const path = join(folder, "reviews.tsv");
  writeFileSync(path, `${[heading, ...rows.filter((_, i) => i % 20 === 0).slice(0, 30)].join("\n")}\n`);
  const cells = [
    `import { reviewTask } from "./lib";
import { search } from "./packages/search";
const task = await reviewTask(${JSON.stringify(path)}, { validationFraction: 0.4 });`,
    `await search(task, {
  ...{ name: "through", candidates: { epochs: [1, 2, 3] }, seeds: [1, 2], keep: 0.5 },
  settings: { freeze: "fixed", pooling: "mean", learningRate: 1e-3 },
});`,
  ];
  writeFileSync(join(folder, "20-search.ipynb"), JSON.stringify(notebook(cells.map((one) => code(one)))));
}

test("a notebook is planned and run until none of its runs is missing, rung by rung", async () => {
  const folder = join(root, "notebooks"),
    said: string[] = [],
    { log } = console;
  mkdirSync(folder);
  writeSearch(folder);
  const plan = join(root, "plan.jsonl");
  console.log = (line: string) => void said.push(line);
  try {
    const args = [plan, "--from", "20", "--notebooks", folder, "--full", "--through", "--processes", "1"];
    assert.equal(await sweep(args, new AbortController().signal), 0);
  } finally {
    console.log = log;
  }
  assert.deepEqual(
    said
      .map((line) => /^\d+ runs(?= were planned|:)|there is nothing to plan/.exec(line)?.[0])
      .filter(Boolean),
    ["3 runs", "3 runs", "2 runs", "2 runs", "there is nothing to plan"],
  );
  assert.deepEqual(
    listRuns().map(({ state, status }) => [state, status?.attempts]),
    Array.from({ length: 5 }, () => ["done", 1]),
  );
});

test("without a notebook there is nothing to go through: the remedy is said", () =>
  assert.rejects(
    sweep([join(root, "plan.jsonl"), "--through"], new AbortController().signal),
    /--through plans a notebook again and again: name it, for instance --from 16/,
  ));
