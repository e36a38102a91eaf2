/** The demo of a notebook as a report makes it: which notebooks, which run, its links, and what it keeps private. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import { BUILTIN_REVIEWS } from "../../../test/builtin";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { folderWith, reportsIn, runReport } from "./sample";

const place = mkdtempSync(join(tmpdir(), "komalab-demo-"));
process.env.KOMALAB_RUNS = join(place, "runs");
const reviews = readReviews(BUILTIN_REVIEWS).reviews.filter(({ text }) => text.length < 50);
writeTinyModel(
  place,
  reviews.map(({ text }) => text),
);
writeFileSync(
  join(place, "reviews.tsv"),
  ["text\tlabel", ...reviews.map(({ text, label }) => `${text}\t${label}`)].join("\n"),
);

const trains = notebook([
  markdown("# 01 Tiny reviews / 小さなレビュー\n\n> Practice data. 練習用のデータ。"),
  code('import { answerPlace, reviewTask, run } from "./lib";\nconst answer = answerPlace();'),
  code(
    `let reviews = ${JSON.stringify(join(place, "reviews.tsv"))};\nlet model = ${JSON.stringify(place)};`,
    "parameters",
  ),
  code(
    "const task = await reviewTask(reviews, { model, testFraction: 0.3, validationFraction: 0.2, maxLength: 40 });",
  ),
  code(
    'const { runs } = await run(task, { name: "tiny", systems: { "tiny last": { freeze: "last", epochs: 2 } }, seeds: 1 });',
  ),
  code('answer({ en: "It is.", ja: "そうです。", short: ".5", runs });'),
]);
const { folder, remove } = folderWith({
  "01-tiny": { ...trains, metadata: { ...trains.metadata, komalab: { demo: true } } },
  "02-none": notebook([markdown("# 02 None"), code("let factor = 1;", "parameters")]),
});
after(() => {
  remove();
  rmSync(place, { recursive: true });
});

const into = join(folder, "reports");
const read = (...path: string[]) => readFileSync(join(into, ...path), "utf8");
const bodyOf = (page: string) => page.slice(page.indexOf("<body>"));
let first: ReturnType<typeof runReport>, open: string, second: typeof first, hidden: string;
before(() => {
  first = runReport(folder, ["--demo", "--mail"]);
  [open] = reportsIn(into).slice(-1);
  second = runReport(folder, ["--demo", "--private", "--only", "01,02"]);
  [hidden] = reportsIn(into).slice(-1);
});

test("of all notebooks those have a demo that say so, told with the run and how near it is", () => {
  assert.equal(first.status, 0, first.stderr);
  assert.match(
    first.stdout,
    /01-tiny-demo\.html: tiny last, test, seed 1, freeze mode last, \d+ of \d+ answers as the run's, logits within 0\.0\d+/,
  );
  assert.match(first.stdout, /01-tiny-demo\.html {2}\d+\.\d MB/);
  assert.ok(!existsSync(join(into, open, "02-none-demo.html")));
});

test("the notebook's page and the index lead to it, other pages and the mail do not", () => {
  for (const page of ["01-tiny.html", "index.html"])
    assert.match(read(open, page), /<p class="demo"><a href="01-tiny-demo\.html">/, page);
  for (const page of ["02-none.html", "report-mail.html"])
    assert.doesNotMatch(read(open, page), /class="demo"/, page);
});

test("it begins with lines of the data, and says what the notebook says of its numbers", () => {
  const page = bodyOf(read(open, "01-tiny-demo.html")),
    examples = [...page.matchAll(/<li><button[^>]*>([^<]*)</g)].map(([, text]) => text);
  assert.ok(
    examples.length === 3 && examples.every((one) => reviews.some(({ text }) => text === one)),
    `${examples}`,
  );
  assert.match(page, /Practice data\./);
  assert.match(page, /freeze mode last, head linear; validation accuracy \.?\d/);
});

test("a private one holds no line, and says what it holds instead", () => {
  const page = read(hidden, "01-tiny-demo.html");
  assert.match(second.stdout, /its demo holds no line of the data, and dictionary and vocabulary are whole/);
  for (const { text } of reviews) assert.ok(!page.includes(text), text);
  assert.match(bodyOf(page), /Inside are all 325,871 words of the dictionary and all \d+ pieces/);
});

test("a notebook that is named and trains no encoder is told by name, and its page is made all the same", () => {
  assert.equal(second.status, 1);
  assert.match(
    second.stderr,
    /--demo: 02-none fine-tunes no encoder .*: name another notebook, as with --only 02/,
  );
  assert.ok(existsSync(join(into, hidden, "02-none.html")));
});

test("where no notebook says that it has a demo, nothing runs, and the remedy is told", () => {
  const other = folderWith({ "02-none": notebook([code("let factor = 1;", "parameters")]) });
  const { status, stderr } = runReport(other.folder, ["--demo"]);
  other.remove();
  assert.equal(status, 2);
  assert.match(stderr, /--demo: no notebook of .* says "komalab": \{"demo": true\}.*--only 02/);
});
