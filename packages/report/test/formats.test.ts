/** A report as one file: what each form holds, and that a private one holds no line in any of them. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { scoreBars } from "../../../lib/show/charts";
import { clickable, linesBehind, scorePanels } from "../../../lib/show/lines";
import type { Bundle } from "../../../lib/show/style";
import { table } from "../../../lib/show/tables";
import { openBrowser } from "../../../test/browser";
import { ANSWER_MIME, type Cell, VEGALITE_MIME } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { html, withoutLines } from "../../page";
import { PIXEL } from "../../page/test/sample";
import { pandocPath } from "../../print";
import { type Formats, type Shown, writeFormats } from "../formats";
import { textsIn } from "./texts";

const secrets = ["なんでやねんと言った", "雨が降ってきたよ", "眠いから帰ります"];
const items = secrets.map((text, i) => ({ id: `l${i}`, text }));
const judged = [
  {
    system: "last",
    testSet: "ギャグ",
    seed: 1,
    items: items.map(({ id }) => id),
    gold: [0, 1, 0],
    predicted: [0, 0, 0],
  },
];
const shows = (data: Bundle): Cell => ({
  ...code("show();"),
  outputs: [{ output_type: "display_data", data, metadata: {} }],
});
const bars = scoreBars([{ testSet: "ギャグ", system: "last", value: 0.5, low: 0.4, high: 0.6 }], {
  title: "棒グラフ",
});
const executed = notebook([
  markdown("# 01 秘密\n\n**問い。** どれが良いか。"),
  shows(linesBehind(judged, { texts: items, labels: ["0", "1"] })),
  shows({ [VEGALITE_MIME]: clickable(bars, scorePanels), "image/png": PIXEL }),
  shows(table([{ system: "last", "F1 %": 0.5 }], { caption: "表の題" })),
  shows(table(items, { caption: "間違い" })),
  shows({ [ANSWER_MIME]: { en: "The last one.", ja: "最後のものが良い。", short: ".80" } }),
]);
const shown = (isPrivate: boolean): Shown[] => [
  {
    notebook: isPrivate ? withoutLines(executed) : executed,
    page: { name: "01-secrets", folder: ".", settings: [], failure: undefined, facts: "today" },
  },
];

const folder = mkdtempSync(join(tmpdir(), "komalab-formats-"));
after(() => rmSync(folder, { recursive: true }));
let pandoc: string | undefined,
  noPandoc = "",
  browser = true;
const write = async (
  name: string,
  isPrivate: boolean,
  wanted: Parameters<typeof writeFormats>[0],
  notebooks = shown(isPrivate),
) => {
  const into = join(folder, name);
  mkdirSync(into, { recursive: true });
  const options: Formats = {
    folder: into,
    title: "報告",
    index: () => ({ name: "index", title: "all", body: html`<h1>All</h1>` }),
    weekly: { name: "weekly", title: "報告", body: html`<h1>進捗報告</h1>` },
    shown: notebooks,
    onProgress: () => {},
  };
  return writeFormats(wanted, options);
};
let open: Record<string, string>, hidden: Record<string, string>;
before(async () => {
  const tried = await openBrowser();
  browser = typeof tried !== "string";
  if (typeof tried !== "string") await tried.close();
  pandoc = await pandocPath().catch(({ message }: Error) => {
    noPandoc = message;
    return undefined;
  });
  const wanted = { mail: true, pdf: browser, ...(pandoc && { docx: true, pptx: true, latex: true }) };
  for (const [name, isPrivate] of [
    ["open", false],
    ["private", true],
  ] as const)
    assert.deepEqual((await write(name, isPrivate, wanted)).faults, []);
  [open, hidden] = ["open", "private"].map((name) => textsIn(join(folder, name))) as [
    typeof open,
    typeof open,
  ];
});
const withPandoc = (name: string, work: () => void) =>
  test(name, (context) => (pandoc ? work() : context.skip(noPandoc)));

/** Without tags, which stand between the words of a Word document. */
const plain = (text: string) => text.replace(/<[^>]*>|\s/g, "");

test("a private report holds no line in any form, an open one holds them in each that has tables", () => {
  for (const [file, text] of Object.entries(hidden)) {
    const words = plain(text);
    for (const secret of secrets) assert.ok(!words.includes(secret), `${file}: ${secret}`);
    if (!file.endsWith(".pptx") && !file.includes("figure"))
      for (const secret of secrets) assert.ok(plain(open[file]!).includes(secret), `${file}: ${secret}`);
  }
  assert.ok("report-mail.html" in hidden);
});

withPandoc("the Word document has the table, the answer and the chart with its words", () => {
  const words = plain(open["report.docx"]!);
  assert.match(words, /最後のものが良い。/);
  assert.match(words, /last0\.500/);
});

withPandoc("documents are on A4, in Japanese fonts, and give columns their widths", () => {
  assert.match(open["report.docx"]!, /<w:pgSz w:h="16838" w:w="11906"/);
  for (const file of ["report.docx", "report.pptx"]) assert.match(open[file]!, /typeface="游ゴシック"/, file);
  assert.match(open["report.docx"]!, /<w:lang [^>]*w:eastAsia="ja"/);
  const widths = [...open["report.docx"]!.matchAll(/<w:gridCol w:w="(\d+)"/g)].map(([, width]) => width);
  assert.ok(new Set(widths).size > 1, widths.join());
});

withPandoc("the slides are one an answer, with its words and its picture", () => {
  const slides = open["report.pptx"]!.match(/ppt\/slides\/slide\d+\.xml</g) ?? [];
  assert.equal(slides.length, 2); // the title's and one answer's
  assert.match(open["report.pptx"]!, /最後のものが良い。/);
  assert.match(open["report.pptx"]!, /<p:pic>/);
});

withPandoc("LaTeX has booktabs, TeX's own characters escaped, and the chart as a file beside it", () => {
  const tex = open["latex/report.tex"]!;
  assert.match(tex, /\\documentclass.*?\{ltjsarticle\}/s);
  assert.match(tex, /\\toprule/);
  assert.match(tex, /F1 \\%/);
  assert.ok(existsSync(join(folder, "open", "latex", browser ? "figure-1.pdf" : "figure-1.png")));
});

test("no form takes along a file or a page that an output names, and each keeps the picture that stands in one", async () => {
  const [secret, picture] = ["secret.html", "secret.png"].map((file) => join(folder, file)) as [
    string,
    string,
  ];
  writeFileSync(secret, `<p>${secrets[0]}</p>`);
  writeFileSync(picture, Buffer.from(PIXEL, "base64"));
  const outside = notebook([
    markdown("# 02 外"),
    shows({
      "text/html": `<img src="${picture}"><iframe src="${secret}"></iframe><iframe src="https://example.invalid"></iframe>`,
    }),
    shows({ "image/png": PIXEL, "text/plain": "点" }),
  ]);
  const wanted = { pdf: browser, ...(pandoc && { docx: true, latex: true }) };
  const { faults } = await write("outside", false, wanted, [
    { notebook: outside, page: { name: "02", folder: ".", settings: [], failure: undefined, facts: "" } },
  ]);
  assert.deepEqual(faults, []);
  const texts = textsIn(join(folder, "outside"));
  for (const [file, text] of Object.entries(texts)) assert.ok(!plain(text).includes(secrets[0]!), file);
  if (!pandoc) return;
  assert.equal(texts["report.docx"]!.match(/word\/media\/[^<]*\.png/g)?.length, 1);
  assert.ok(existsSync(join(folder, "outside", "latex", "picture-1.png")));
});

test("a form that cannot be written is told with the remedy, and the others are written", async () => {
  const before = process.env.KOMALAB_CHROMIUM;
  process.env.KOMALAB_CHROMIUM = join(folder, "none");
  try {
    const { files, faults } = await write("faults", false, { mail: true, pdf: true });
    assert.deepEqual(files, ["report-mail.html"]);
    assert.match(faults.join(), /^--pdf: Chromium does not start here .*KOMALAB_CHROMIUM/);
  } finally {
    if (before === undefined) delete process.env.KOMALAB_CHROMIUM;
    else process.env.KOMALAB_CHROMIUM = before;
  }
});
