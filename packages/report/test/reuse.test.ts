/** What a second report executes and what it re-uses, through real Jupyter. */
import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { readNotebook, textOf } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { folderWith, reportsIn, runReport } from "./sample";

// Counts its executions beside itself, in a file that is no input.
const counting = notebook([
  markdown("# 01 Counts"),
  code('let data = ""; // a file\nlet fresh = false; // trains again', "parameters"),
  code(`const fs = require("node:fs"), counter = \`\${process.env.KOMALAB_NOTEBOOK_FOLDER}/count\`;
fs.appendFileSync(counter, "|");
console.log(fs.readFileSync(counter, "utf8").length, data && fs.readFileSync(data, "utf8"), fresh);`),
]);
const looking = { ...counting, metadata: { ...counting.metadata, komalab: { always: true } } };
const { folder, remove } = folderWith({ "01-count": counting, "00-look": looking });
after(remove);

const data = join(folder, "台詞.csv");
writeFileSync(data, "a");

/** Runs the report. @returns what the notebook printed, its page and the index */
function report(args: readonly string[]) {
  const into = join(folder, "reports");
  const { status, stdout, stderr } = runReport(folder, args);
  assert.equal(status, 0, stdout + stderr);
  const day = join(
    into,
    reportsIn(into)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true })) // also where midnight passes
      .at(-1)!,
  );
  const name = args[1]!.startsWith("00") ? "00-look" : "01-count";
  const printed = readNotebook(join(day, `${name}.ipynb`))
    .cells.at(-1)!
    .outputs!.map(({ text }) => textOf(text))
    .join("");
  const page = (file: string): string => readFileSync(join(day, `${file}.html`), "utf8");
  return { printed: printed.trim(), page: page(name), index: page("index"), out: stdout };
}

const own = ["--only", "01", "--set", `data=${data}`];

test("a notebook is executed once; its page then says since when it is unchanged", () => {
  const [first, second] = [report(own), report(own)];
  assert.deepEqual([first.printed, second.printed], ["1 a false", "1 a false"]);
  assert.match(first.page, /executed \d{4}-\d\d-\d\d \d\d:\d\d in \d+ s · ok/);
  assert.match(second.page, /executed \d{4}-\d\d-\d\d \d\d:\d\d in \d+ s; unchanged since · ok/);
  assert.match(
    second.index,
    /1 notebook, 1 of them re-used[\s\S]*0 s[\s\S]*class="state">(?:<span[^>]*>)?re-used/,
  );
  assert.match(first.out, /starting \(not executed before\)/);
});

test("other words leave the outputs; the page has the new words", () => {
  const path = join(folder, "notebooks", "01-count.ipynb");
  writeFileSync(
    path,
    JSON.stringify({ ...counting, cells: [markdown("# 01 Counts anew"), ...counting.cells.slice(1)] }),
  );
  const { printed, page } = report(own);
  assert.equal(printed, "1 a false");
  assert.match(page, /<h1><span[^>]*>01 Counts anew/);
});

test("a changed byte of a file that a setting names executes again, a touched file does not", () => {
  utimesSync(data, new Date(), new Date());
  assert.equal(report(own).printed, "1 a false");
  appendFileSync(data, "b");
  const { printed, out } = report(own);
  assert.equal(printed, "2 ab false");
  assert.match(out, /changed: [^)]*台詞\.csv/);
});

test("--fresh executes and trains again, and serves the report after it", () => {
  assert.equal(report([...own, "--fresh"]).printed, "3 ab true");
  assert.equal(report(own).printed, "3 ab true");
});

test("a damaged execution is executed again", () => {
  const kept = join(folder, "reports", ".executed");
  for (const file of readdirSync(kept))
    writeFileSync(join(kept, file), readFileSync(join(kept, file), "utf8").slice(0, -40));
  const { printed, out } = report(own);
  assert.equal(printed, "4 ab false");
  assert.match(out, /starting \(what was kept is damaged\)/);
  assert.equal(report(own).printed, "4 ab false");
});

test("a notebook that says so is always executed, after the others, and stands last on its page", () => {
  const first = report(["--only", "00"]),
    second = report(["--only", "00,01"]);
  assert.equal(Number(second.printed.split(" ")[0]) > Number(first.printed.split(" ")[0]), true);
  assert.equal(second.out.indexOf("01-count  ok") < second.out.indexOf("00-look  ok"), true, second.out);
  // on its page what says how the others are comes last
  const [look, count] = ["00-look", "01-count"].map((name) =>
    second.index.indexOf(`<a href="${name}.html">`),
  );
  assert.equal(look! > count!, true);
});
