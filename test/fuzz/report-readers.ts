/** Readers of what reports are made of and leave behind: executed notebooks, records, comments, references. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, sha256 } from "../../lib/support/files";
import {
  ANSWER_MIME,
  LINES_MIME,
  PREDICTED_MIME,
  RUNS_MIME,
  readNotebook,
  summarise,
  VEGALITE_MIME,
} from "../../packages/notebook";
import { withoutLines } from "../../packages/page";
import { notebookPart } from "../../packages/page/render";
import { findExecuted, withOutputs } from "../../packages/report/executed";
import { answersIn, readComments, readRecord, recordOf } from "../../packages/weekly";
import { compareRecords } from "../../packages/weekly/compare";
import { weeklyPart } from "../../packages/weekly/page";
import { record, run } from "../../packages/weekly/test/sample";
import { mutateBytes, mutateTable } from "./mutate";
import { json, quiet, type Reader, written } from "./reader";

const output = (data: Readonly<Record<string, unknown>>, komalab = {}) => ({
  output_type: "display_data",
  data,
  metadata: { komalab, "image/png": { width: 100, alt: "bars" } },
});
const lines = {
  labels: ["bad", "good"],
  texts: ["良い", "悪い", "普通"],
  tests: [{ name: "test", items: [0, 1, 2], gold: "101" }],
  runs: [{ system: "TF-IDF", test: 0, seed: null, predicted: "100" }],
};
const NAMED = "02-reviews/0123456789ab";
const shown = [
  { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
  output(
    { [VEGALITE_MIME]: { mark: "bar", description: "bars" }, "image/png": "iVBORw0KGgo=" },
    {
      caption: { en: "Bars", ja: "棒" },
      key: true,
    },
  ),
  output({ "text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1" }),
  output({ "text/markdown": "![x](attachment:a.png) **b** [02](02.ipynb)" }),
  output({ [ANSWER_MIME]: { en: "Yes.", ja: "はい。", short: "1", origin: { files: [] } } }),
  output({ [RUNS_MIME]: [NAMED], [PREDICTED_MIME]: { [NAMED]: "100" } }),
  output({ [LINES_MIME]: lines }),
  { output_type: "error", ename: "Error", evalue: "no", traceback: ["Error: no", "at cell"] },
];
const executed = {
  cells: [
    {
      cell_type: "markdown",
      source: [
        "# 02 Reviews\n",
        "\n",
        "**Question.** Which? ![x](attachment:a.png)\n\n> practice data\n\n## Two",
      ],
      metadata: {},
      attachments: { "a.png": { "image/png": "iVBORw0KGgo=" } },
    },
    {
      cell_type: "code",
      source: "let epochs = 1;",
      metadata: { tags: ["parameters"] },
      outputs: [],
      execution_count: 1,
    },
    {
      cell_type: "code",
      source: ["run();"],
      metadata: { tags: ["lines"] },
      outputs: shown,
      execution_count: 2,
    },
  ],
  metadata: { komalab: { quick: { epochs: 1 }, private: false } },
  nbformat: 4,
  nbformat_minor: 5,
};
const page = { name: "one", folder: projectRoot, settings: [], failure: undefined, facts: "" };
const before = record({
  runs: [run(), run({ seed: 2 })],
  plans: [{ text: "次", done: false, since: "2026-11-22" }],
});
const now = record({
  report: "2026-11-29",
  runs: [run({ predicted: "01010101" }), run({ seed: 2, predicted: "00010101" })],
});
const comments = `## あらすじ

二つの条件を比べた [@devlin2019; @kudo]。<!-- 後で -->

## 結果

### 02

差は小さい。

## 今後の実験予定

- [ ] 条件を足す
- [x] データを読む
`;
const references = `@inproceedings{devlin2019, author = {Devlin, Jacob and Chang, Ming-Wei}, title = {{BERT}: Pre-training},
  booktitle = "NAACL", year = 2019, pages = {4171--4186}}
@article{kudo, author={工藤, 拓}, title={形態素解析}, doi={10.1/x}}
`;
const inputs = { code: "a", data: "b" };
const name = `02.${sha256(JSON.stringify(inputs)).slice(0, 12)}.json`;

export const REPORT_READERS: readonly Reader[] = [
  {
    name: "executed notebook",
    sample: () => Buffer.from(JSON.stringify(executed)),
    mutate: json(),
    read: written("one.ipynb", (path) => {
      const notebook = readNotebook(path);
      const ran = { name: "one", notebook, shown: notebook, settings: [], at: new Date(0), minutes: 0 };
      quiet(() => recordOf(now, [{ ...ran, state: "ok", reused: false }]));
      const trial = { system: "TF-IDF", testSet: "test", settings: { initSeed: 1 } };
      answersIn(notebook)({ name: NAMED, trial });
      return [notebookPart(withoutLines(notebook), page), summarise(notebook, "one")];
    }),
    first: /not a notebook|nbformat/,
  },
  {
    name: "report.json",
    sample: () => Buffer.from(JSON.stringify(before)),
    mutate: json(),
    read: written("report.json", (path) => {
      const previous = readRecord(join(path, ".."))!;
      return weeklyPart({
        record: now,
        previous,
        comparison: compareRecords(previous, now),
        comments: readComments(join(path, "none.md")),
        plans: { plans: previous.plans, withdrawn: [], kept: [] },
        troubles: [],
        english: true,
        folder: join(path, ".."),
      });
    }),
    first: /\/format: not|it is no JSON/,
    place: /report\.json/,
  },
  ...["weekly.md", "references.bib"].map(
    (file): Reader => ({
      name: `weekly report, ${file}`,
      sample: () => Buffer.from(file === "weekly.md" ? comments : references),
      mutate: (sample, random) =>
        random() < 0.6
          ? mutateTable(sample.toString(), random() < 0.5 ? " " : "{", random)
          : mutateBytes(sample, random),
      read: (folder, damaged) => {
        writeFileSync(join(folder, "weekly.md"), comments);
        writeFileSync(join(folder, "references.bib"), references);
        writeFileSync(join(folder, file), damaged);
        return weeklyPart({
          record: now,
          comments: readComments(join(folder, "weekly.md")),
          plans: { plans: [], withdrawn: [], kept: [] },
          troubles: [],
          english: false,
          folder,
        });
      },
      first: /is neither UTF-8/,
      place: /weekly\.md|references\.bib/,
    }),
  ),
  {
    name: "kept execution",
    sample: () =>
      Buffer.from(
        JSON.stringify({
          inputs,
          at: "2026-11-29T10:00:00.000Z",
          minutes: 1,
          cells: [{ outputs: [{ output_type: "stream", name: "stdout", text: "a" }], execution_count: 1 }],
        }),
      ),
    mutate: (sample, random) => {
      const text = json()(sample, random) as string;
      return `${random() < 0.9 ? sha256(text) : "0"}\n${text}\n`;
    },
    read: (folder, damaged) => {
      mkdirSync(join(folder, "kept"));
      writeFileSync(join(folder, "kept", name), damaged);
      const found = findExecuted(join(folder, "kept"), "02", inputs);
      if (typeof found === "string") throw new Error(`kept: ${found}`);
      const { cells, at } = found,
        notebook = {
          cells: [{ cell_type: "code" as const, source: "1", metadata: {} }],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        };
      const trial = { system: "TF-IDF", testSet: "test", settings: { initSeed: 1 } };
      answersIn(notebook)({ name: NAMED, trial });
      return [notebookPart(withOutputs(notebook, cells), page), new Date(at).toISOString()];
    },
    first: /never/,
    place: /kept: /,
  },
];
