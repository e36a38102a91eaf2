/** The notebooks that read livedoor's archive where they are told to, on a small one made here. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { CATEGORIES } from "../../livedoor";
import { readNotebook } from "../../notebook";
import { code } from "../../notebook/test/sample";
import { decideSettings } from "../look";
import { folderWith, reportsIn, runReport } from "./sample";

const folder = mkdtempSync(join(tmpdir(), "report-livedoor-")),
  archive = join(folder, "ldcc.tar.gz");
after(() => rmSync(folder, { recursive: true }));
for (const category of CATEGORIES) {
  mkdirSync(join(folder, "text", category), { recursive: true });
  for (let i = 0; i < 12; i++)
    writeFileSync(
      join(folder, "text", category, `${category}-${i}.txt`),
      `http://example.com/${i}\n2012-01-01T00:00:00+0900\n${category}の${i}番\n本文\n`,
    );
}
execFileSync("tar", ["-czf", archive, "-C", folder, "text"]);

const EFFICIENCY = "09-efficiency";
const notebook = readNotebook(join(projectRoot, "notebooks", `${EFFICIENCY}.ipynb`));
const told = (reviews: string) =>
  decideSettings([{ name: EFFICIENCY, notebook }], {
    quick: false,
    set: ["corpus=livedoor", `reviews=${reviews}`],
  }).then(
    () => "",
    (error: Error) => error.message,
  );

test("the archive in notebook 09 is looked at before it runs", async () => {
  assert.equal(await told(archive), "");
  assert.match(await told("nowhere.tar.gz"), /reviews=nowhere\.tar\.gz.*is not there/);
  assert.match(await told("data/reviews.tsv"), /reviews=data\/reviews\.tsv.*is no whole \.tar\.gz/);
});

test("notebook 09 reads the archive's titles in nine classes, a third of them tested", () => {
  const until = notebook.cells.findIndex(({ source }) => [source].flat().join("").includes("headlineTask("));
  const said = `const [{ train, validation, test }] = task.splits;
console.log([task.classes.join(), train.length, validation.length, test.length].join(" "));
answer({ en: "It is read.", ja: "読めた。", short: "read" });`;
  const own = folderWith({
    [EFFICIENCY]: { ...notebook, cells: [...notebook.cells.slice(0, until + 1), code(said)] },
  });
  try {
    const { status, stdout, stderr } = runReport(own.folder, [
      ...["--set", "corpus=livedoor", "--set", `reviews=${archive}`],
    ]);
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    const into = join(own.folder, "reports"),
      html = readFileSync(join(into, reportsIn(into)[0], `${EFFICIENCY}.html`), "utf8");
    assert.ok(html.includes(`${CATEGORIES.join()} 54 18 36`), html.match(/dokujo-tsushin,[^<]*/)?.[0]);
  } finally {
    own.remove();
  }
});
