/** No line of the data may leave the machine in a private report. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { escapeHtml } from "../../../lib/support/html";
import type { Cell } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { folderWith, reportsIn, runReport } from "./sample";

const secrets = ["なんでやねん！", '彼は"嘘" & <夢>と言った', "雨か…"];
const show = `import { clickable, linesBehind, scorePanels } from "./lib/show/lines";
import { scoreBars } from "./lib/show/charts";
import { show } from "./lib/show/display";
import { table } from "./lib/show/tables";
const texts = ${JSON.stringify(secrets.map((_, i) => String.fromCharCode(97 + i)))}.map((id, i) => ({ id, text: require("node:fs").readFileSync("FILE", "utf8").split("\\n")[i] }));
const judged = [{ system: "last", testSet: "ギャグ", seed: 1, items: texts.map(({ id }) => id), gold: [0, 1, 0], predicted: [0, 0, 0] }];
await show(linesBehind(judged, { texts, labels: ["0", "1"] }));
await show(clickable(scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], { title: "Bars" }), scorePanels));`;
const cells = [
  markdown("# 01 Secrets"),
  code(show),
  code("await show(table(texts));"),
  code("for (const { text } of texts) console.log(text);"),
  code('console.log([...texts[2].text].join(" "));', "lines"), // no whole line: only the tag tells
  code('console.log("harmless");'),
];
const fails = [...cells.slice(0, 2), code("throw new Error(`row 3: ${texts[0].text}`);")];
const sample = (own: readonly Cell[], folder: string) =>
  notebook(
    own.map((cell) => ({
      ...cell,
      source: (cell.source as string).replace("FILE", join(folder, "secrets.txt")),
    })),
  );

let pages: Readonly<Record<string, string>> = {};
const { folder, remove } = folderWith({});
after(remove);
before(async () => {
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(folder, "secrets.txt"), secrets.join("\n"));
  for (const [name, own] of Object.entries({ "01-secrets": cells, "02-fails": fails }))
    writeFileSync(join(folder, "notebooks", `${name}.ipynb`), JSON.stringify(sample(own, folder)));
  const into = join(folder, "reports");
  writeFileSync(
    join(folder, "own.md"),
    `## あらすじ\n${secrets[0]}\n\n## 進捗\n進んだ。\n\n## 今後の実験予定\n- [ ] ${secrets[1]}\n`,
  );
  const read = (args: readonly string[]) => {
    const own = ["--weekly", "--mail", "--comments", join(folder, "own.md")];
    const { stdout } = runReport(folder, [...args, ...own]);
    const day = join(into, reportsIn(into).at(-1)!);
    return {
      out: stdout,
      ...Object.fromEntries(readdirSync(day).map((file) => [file, readFileSync(join(day, file), "utf8")])),
    };
  };
  const open: Readonly<Record<string, string>> = read(["--only", "01"]);
  pages = { ...read(["--private"]), open: open["01-secrets.html"]!, openNotebook: open["01-secrets.ipynb"]! };
});

/** A line as it may be written in HTML, JSON and JavaScript. */
const spellings = (line: string): string[] => [
  line,
  escapeHtml(line),
  JSON.stringify(line).slice(1, -1),
  [...line].join(" "),
];

test("pages and notebooks of a private report hold none of the lines", () => {
  const files = [
    "01-secrets.html",
    "01-secrets.ipynb",
    "02-fails.html",
    "02-fails.ipynb",
    "index.html",
    "weekly.html",
    "report-mail.html",
    "report.json",
  ];
  for (const file of files)
    for (const line of secrets.flatMap(spellings))
      assert.ok(!pages[file]!.includes(line), `${file}: ${line}`);
});

test("an open report of the same notebook holds all of them", () => {
  for (const line of secrets)
    assert.ok(
      spellings(line).some((one) => pages.open!.includes(one)) &&
        spellings(line).some((one) => pages.openNotebook!.includes(one)),
      line,
    );
});

test("a private report re-uses what an open one executed, and says what it left out", () => {
  assert.match(pages.out!, /01-secrets {2}ok, executed .*; unchanged since/);
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
  assert.match(pages["02-fails.html"]!, /Failed in code cell 2\.<\/strong> Error: \(left out/));

test("a private report says what the folder of reports keeps besides", () => {
  assert.match(
    pages.out!,
    /Send these files alone: \S*\.executed keeps the notebooks with all their lines, and \S+ other reports/,
  );
});
