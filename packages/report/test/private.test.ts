/** No line of the data and no folder may leave the machine in a private report, in none of its forms. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { escapeHtml } from "../../../lib/support/html";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { folderWith, reportsIn, runReport } from "./sample";
import { textsIn } from "./texts";

const secrets = ["なんでやねん！", '彼は"嘘" & <夢>と言った', "雨か…"];
const show = `import { clickable, linesBehind, scorePanels } from "./lib/show/lines";
import { scoreBars } from "./lib/show/charts";
import { show } from "./lib/show/display";
import { table } from "./lib/show/tables";
const texts = ${JSON.stringify(secrets.map((_, i) => String.fromCharCode(97 + i)))}.map((id, i) => ({ id, text: require("node:fs").readFileSync(file, "utf8").split("\\n")[i] }));
const judged = [{ system: "last", testSet: "ギャグ", seed: 1, items: texts.map(({ id }) => id), gold: [0, 1, 0], predicted: [0, 0, 0] }];
await show(linesBehind(judged, { texts, labels: ["0", "1"] }));
await show(clickable(scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], { title: "Bars" }), scorePanels));`;
const cells = [
  markdown("# 01 Secrets\n\nFrom /srv/lab-only/here/lines.csv."),
  code('let file = "nowhere.txt"; // where the lines are', "parameters"),
  code(show),
  code("await show(table(texts));"),
  code("for (const { text } of texts) console.log(text);"),
  code('console.log([...texts[2].text].join(" "));', "lines"), // no whole line: only the tag tells
  code('console.log("harmless");'),
  code("console.log(`read ${file} in ${process.cwd()}`);"),
];
const fails = [...cells.slice(0, 3), code("throw new Error(`row 3: ${texts[0].text}`);")];

let pages: Readonly<Record<string, string>> = {};
let out = "",
  open: Readonly<Record<string, string>> = {};
const { folder, remove } = folderWith({ "01-secrets": notebook(cells), "02-fails": notebook(fails) });
after(remove);
const LAB = "山田 研究室";
before(() => {
  mkdirSync(join(folder, LAB));
  const file = join(folder, LAB, "secrets.txt");
  writeFileSync(file, secrets.join("\n"));
  const into = join(folder, "reports"),
    comments = join(folder, LAB, "own.md");
  writeFileSync(
    comments,
    `## あらすじ\n${secrets[0]}\n\n## 進捗\n進んだ。表は ${file} にある。\n\n## 今後の実験予定\n- [ ] ${secrets[1]}\n`,
  );
  const read = (args: readonly string[]) => {
    const own = ["--set", `file=${file}`, "--weekly", "--comments", comments];
    const { stdout } = runReport(folder, [...own, ...args]);
    return { stdout, files: textsIn(join(into, reportsIn(into).at(-1)!)) };
  };
  open = read(["--only", "01"]).files;
  ({ stdout: out, files: pages } = read([
    "--private",
    ...["mail", "pdf", "docx", "pptx", "latex"].map((one) => `--${one}`),
  ]));
});

/** A line as it may be written in HTML, JSON and JavaScript. */
const spellings = (line: string): string[] => [
  line,
  escapeHtml(line),
  JSON.stringify(line).slice(1, -1),
  [...line].join(" "),
];

test("a private report has every form, a browser and a network given", (context) => {
  for (const file of ["index.html", "weekly.html", "report.json", "report-mail.html", "02-fails.ipynb"])
    assert.ok(file in pages, file);
  const absent = ["report.pdf", "report.docx", "report.pptx", "latex/report.tex"].filter(
    (file) => !(file in pages),
  );
  if (absent.length > 0) context.skip(`not written here: ${absent.join(", ")}`);
});

test("no file of it holds a line", () => {
  for (const [file, text] of Object.entries(pages))
    for (const line of secrets.flatMap(spellings)) assert.ok(!text.includes(line), `${file}: ${line}`);
});

test("no file of it names a folder of the machine; an open one does", () => {
  const folders = [LAB, basename(folder), homedir(), projectRoot, "lab-only"];
  assert.ok(folders.some((one) => open["index.html"]!.includes(one)));
  for (const [file, text] of Object.entries(pages))
    for (const one of folders.flatMap((name) => [name, encodeURI(name), name.replace(/\s/g, "")]))
      assert.ok(
        !text.includes(one),
        `${file}: ${one} in ${text.slice(text.indexOf(one) - 100).slice(0, 200)}`,
      );
});

test("it still says from which file the lines are", () => {
  for (const file of ["index.html", "01-secrets.html", "report.json", "report-mail.html"])
    assert.match(pages[file]!, /secrets\.txt/, file);
});

test("an open report of the same notebook holds all of them", () => {
  for (const line of secrets)
    assert.ok(
      spellings(line).some((one) => open["01-secrets.html"]!.includes(one)) &&
        spellings(line).some((one) => open["01-secrets.ipynb"]!.includes(one)),
      line,
    );
});

test("a private report re-uses what an open one executed, and says what it left out", () => {
  assert.match(out, /01-secrets {2}ok, executed .*; unchanged since/);
  assert.equal(pages["01-secrets.html"]!.match(/left out of this private report/g)?.length, 3);
  assert.match(pages["01-secrets.html"]!, /<pre class="stdout">harmless/);
});

test("a private weekly report says where a comment is left out, and keeps the others", () => {
  assert.match(pages["weekly.html"]!, /left out of this private report/);
  assert.match(pages["weekly.html"]!, /進んだ。/);
});

test("a private page has charts without a list", () =>
  assert.doesNotMatch(pages["01-secrets.html"]!, /class="lines"/));

test("a failure is told by its cell alone", () =>
  assert.match(pages["02-fails.html"]!, /Failed in code cell \d\.<\/span>.*<\/strong> Error: \(left out/));

test("a private report says what the folder of reports keeps besides", () => {
  assert.match(
    out,
    /Send these files alone: \S*\.executed keeps the notebooks with all their lines, and \S+ other reports/,
  );
});
