/** Small notebooks for the tests of the report, written into a temporary folder. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lib/support/files";
import type { Notebook } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";

/** A folder that is removed after the test, with notebooks in `notebooks/`. */
export function folderWith(notebooks: Readonly<Record<string, Notebook>>): {
  readonly folder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "komalab-report-"));
  mkdirSync(join(folder, "notebooks"));
  for (const [name, content] of Object.entries(notebooks))
    writeFileSync(join(folder, "notebooks", `${name}.ipynb`), JSON.stringify(content));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs the report on the notebooks of such a folder, into its `reports`. */
export function runReport(folder: string, args: readonly string[]) {
  const own = ["--notebooks", join(folder, "notebooks"), "--into", join(folder, "reports")];
  return spawnSync(process.execPath, ["--import", "tsx", "packages/report/command.ts", ...own, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    timeout: 300_000,
  });
}

/** The reports in a folder, in order; beside them are executed notebooks. */
export const reportsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .sort();

/** Question, settings, chart, table and answer: what a report of an experiment has. */
export const experiment: Notebook = notebook(
  [
    markdown(
      "# 01 Two bars · 二本の棒\n\n**Question.** Which touch is easier?\n\n**問い。** どちらの画風がやさしいか。\n\nSome *words*. See [the next](02-next.ipynb).",
    ),
    code(`import { answerPlace } from "./lib/show/answer";
import { scoreBars } from "./lib/show/charts";
import { show } from "./lib/show/display";
import { table } from "./lib/show/tables";
const answer = answerPlace();`),
    code(
      'let epochs = 100; // as in the paper\nlet touches: readonly string[] = ["ギャグ", "萌え系"];',
      "parameters",
    ),
    code("const total = epochs * 2;\nconsole.log(`${total} steps`);"),
    code(`const scores = touches.map((testSet, i) => ({ testSet, system: "last + linear", value: 0.8 - i / 5, low: 0.7 - i / 5, high: 0.9 - i / 5 }));
await show(scoreBars(scores, { title: "Accuracy of each touch · 画風ごとの正解率" }), { caption: { en: "Accuracy of each touch.", ja: "画風ごとの正解率。" }, key: true });`),
    code(`await show(table(scores, { caption: "Accuracy of each touch · 正解率の表" }));`),
    code(
      'answer({ en: `ギャグ is easier after ${total} steps.`, ja: "ギャグのほうがやさしい。", short: ".80 against .60" });',
    ),
  ],
  { epochs: 2 },
);
