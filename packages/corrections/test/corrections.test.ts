/** Lists that go to an annotator and come back: what is read, and what is refused, with its place. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readTable } from "../../table-file";
import {
  type Asked,
  corrected,
  correctedClasses,
  correctionsBeside,
  correctionsCsv,
  lookedAt,
  readCorrections,
} from "..";

const folder = mkdtempSync(join(tmpdir(), "corrections-"));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, ending = "csv"): string {
  const path = join(folder, `${++files}.${ending}`);
  writeFileSync(path, text);
  return path;
}

const TEXTS = [
  { id: "a/ギャグ/1", text: "やったー！", label: "喜楽" },
  { id: "a/ギャグ/2", text: '「えっ」と\n彼は言った, "本当"', label: "驚愕" },
  { id: "=b", text: "=1+1が解けない", label: "悲哀" },
  { id: "c", text: "〜ねえ", label: "-" },
];
const HEADER = "id,今のラベル,新しいラベル,担当者,日付";
const read = (...rows: readonly string[]) => readCorrections(file([HEADER, ...rows].join("\n")), TEXTS);

/** The one problem of these rows. */
function refused(rows: readonly string[], told: RegExp, header = HEADER): void {
  const path = file([header, ...rows].join("\n"));
  assert.throws(() => readCorrections(path, TEXTS), told);
}

const asked = TEXTS.map((text): Asked => ({ ...text, suggested: "憤怒", probability: 0.987, agree: 2 / 3 }));

/** A list filled in as a spreadsheet would: the cells of some rows. */
function filledIn(csv: string, cells: Readonly<Record<number, readonly string[]>>): string {
  const { columns, rows } = readTable(file(csv));
  const quoted = (cell: string) => `"${cell.replace(/"/g, '""')}"`;
  const lines = rows.map((row, i) => {
    const [label, who, when, comment] = cells[i] ?? [];
    const filled = { 新しいラベル: label, 担当者: who, 日付: when, コメント: comment };
    return columns.map((column) => quoted(filled[column as keyof typeof filled] ?? row.cells[column] ?? ""));
  });
  return [columns.map(quoted), ...lines].map((line) => line.join(",")).join("\r\n");
}

test("a list opens in Excel: a mark for UTF-8, formulas guarded, four columns to fill in", () => {
  const csv = correctionsCsv(asked);
  assert.ok(
    csv.startsWith(
      "\ufeffid,本文,今のラベル,モデルの答え,その確率,シードの一致率,新しいラベル,担当者,日付,コメント\r\n",
    ),
  );
  assert.match(csv, /^'=b,'=1\+1が解けない,悲哀,憤怒,0\.99,0\.67,,,,\r$/m);
});

test("a list that is filled in comes back with all ids, texts with quotes, line ends and formulas among them", () => {
  const { corrections, open } = readCorrections(
    file(
      filledIn(correctionsCsv(asked), {
        0: ["驚愕", "佐藤", "2026/11/20"],
        1: ["驚愕", "佐藤", "2026-11-20", "このままでよい"],
        2: ["'-", "田中", "2026年11月21日"],
      }),
    ),
    TEXTS,
  );
  assert.equal(open, 1);
  assert.deepEqual(corrections, [
    { id: "a/ギャグ/1", from: "喜楽", to: "驚愕", who: "佐藤", when: "2026-11-20", comment: "" },
    {
      id: "a/ギャグ/2",
      from: "驚愕",
      to: "驚愕",
      who: "佐藤",
      when: "2026-11-20",
      comment: "このままでよい",
    },
    { id: "=b", from: "悲哀", to: "-", who: "田中", when: "2026-11-21", comment: "" },
  ]);
});

test("a text that Excel could not write in Shift_JIS is still that text", () =>
  assert.equal(
    readCorrections(file(`${HEADER},text\nc,'-,喜楽,佐藤,2026-11-20,?ねえ`), TEXTS).corrections.length,
    1,
  ));

test("a TSV with English names is read as well", () => {
  const path = file("id\tlabel\tnew label\twho\twhen\na/ギャグ/1\t喜楽\t悲哀\tSato\t2026-11-20\n", "tsv");
  assert.deepEqual(
    readCorrections(path, TEXTS).corrections.map(({ to }) => to),
    ["悲哀"],
  );
});

test("the lists of several annotators may lie in one folder", () => {
  const lists = join(folder, "lists");
  mkdirSync(lists);
  writeFileSync(join(lists, "a.csv"), `${HEADER}\na/ギャグ/1,喜楽,悲哀,佐藤,2026-11-20\n`);
  writeFileSync(join(lists, "b.csv"), `${HEADER}\na/ギャグ/2,驚愕,喜楽,田中,2026-11-21\n`);
  assert.equal(readCorrections(lists, TEXTS).corrections.length, 2);
  writeFileSync(join(lists, "b.csv"), `${HEADER}\na/ギャグ/1,喜楽,驚愕,田中,2026-11-21\n`);
  assert.throws(
    () => readCorrections(lists, TEXTS),
    /b\.csv, line 2, column 新しいラベル: "驚愕": a\/ギャグ\/1 is 悲哀 in line 2 of .*a\.csv: agree on one label/,
  );
});

for (const [what, row, told] of [
  [
    "an unknown id",
    "a/ギャグ/9,喜楽,悲哀,佐藤,2026-11-20",
    /line 2, column id: "a\/ギャグ\/9": no id of the data: did you mean a\/ギャグ\//,
  ],
  [
    "an old label that is not the data's",
    "a/ギャグ/1,驚愕,悲哀,佐藤,2026-11-20",
    /line 2, column 今のラベル: "驚愕": the label of a\/ギャグ\/1 is now 喜楽/,
  ],
  [
    "a label that the data have already",
    "a/ギャグ/1,悲哀,喜楽,佐藤,2026-11-20",
    /column 今のラベル: "悲哀": the data have the new label 喜楽 already: take the row out/,
  ],
  [
    "an unknown new label",
    "a/ギャグ/1,喜楽,喜び,佐藤,2026-11-20",
    /line 2, column 新しいラベル: "喜び": no label of the data: did you mean 喜楽\? There are 喜楽, 驚愕, 悲哀, -/,
  ],
  [
    "a row without a name",
    "a/ギャグ/1,喜楽,悲哀,,2026-11-20",
    /line 2, column 担当者: "": empty: write who says so/,
  ],
  [
    "a day without a year",
    "a/ギャグ/1,喜楽,悲哀,佐藤,11/20",
    /line 2, column 日付: "11\/20": no day: write it as 2026-11-20/,
  ],
  ["a day that is none", "a/ギャグ/1,喜楽,悲哀,佐藤,2026-02-30", /line 2, column 日付: "2026-02-30": no day/],
  [
    "an error of Excel",
    "a/ギャグ/1,喜楽,#NAME?,佐藤,2026-11-20",
    /line 2, column 新しいラベル: "#NAME\?": an error of Excel/,
  ],
] as const)
  test(`refused with its place: ${what}`, () => refused([row], told));

test("refused with its place: one text with two new labels", () =>
  refused(
    ["a/ギャグ/1,喜楽,悲哀,佐藤,2026-11-20", "a/ギャグ/1,喜楽,驚愕,田中,2026-11-21"],
    /line 3, column 新しいラベル: "驚愕": a\/ギャグ\/1 is 悲哀 in line 2: agree on one label and take the other row out/,
  ));

test("refused with its place: a row whose text is another one", () =>
  refused(
    ["a/ギャグ/1,喜楽,悲哀,佐藤,2026-11-20,えっ"],
    /line 2, column text: "えっ": a\/ギャグ\/1 is "やったー！" in the data/,
    `${HEADER},text`,
  ));

test("all problems are told at once", () =>
  refused(["x,喜楽,悲哀,佐藤,2026-11-20", "c,-,喜楽,佐藤,yesterday"], /line 2[\s\S]*line 3/));

test("refused: a column that is missing, or there twice", () => {
  refused(["c,-,喜楽,佐藤"], /no column "日付" or "when"/, "id,今のラベル,新しいラベル,担当者");
  refused(
    ["c,-,-,喜楽,佐藤,2026-11-20"],
    /label and 今のラベル can both be "今のラベル"/,
    HEADER.replace("id", "id,label"),
  );
});

test("two annotators who agree are both told of, and count as one correction", () => {
  const rows = ["a/ギャグ/1,喜楽,悲哀,佐藤,2026-11-20", "a/ギャグ/1,喜楽,悲哀,田中,2026-11-21"];
  assert.equal(read(...rows).corrections.length, 2);
  const path = file([HEADER, ...rows].join("\n")),
    said: string[] = [];
  corrected(TEXTS, path, spoken(said));
  assert.match(said[0], /1 of 4 labels corrected, .*looked at by 佐藤 \(1\), 田中 \(1\)/);
});

/** How these texts hold labels; what is printed meanwhile is kept. */
function spoken(said: string[]) {
  const log = console.log;
  console.log = (words: string) => {
    said.push(words);
    console.log = log;
  };
  return {
    labelOf: ({ label }: (typeof TEXTS)[0]) => label,
    withLabel: (text: (typeof TEXTS)[0], label: string) => ({ ...text, label }),
  };
}

test("labels are corrected, all else stays, and a line says how many, by whom, when and which", () => {
  const said: string[] = [];
  const path = file(
    [
      HEADER,
      "a/ギャグ/1,喜楽,驚愕,佐藤,2026-11-22",
      "a/ギャグ/2,驚愕,驚愕,田中,2026-11-20",
      "=b,悲哀,驚愕,佐藤,2026-11-21",
      "c,-,,,",
    ].join("\n"),
  );
  const now = corrected(TEXTS, path, spoken(said));
  assert.deepEqual(
    now.map(({ label }) => label),
    ["驚愕", "驚愕", "驚愕", "-"],
  );
  assert.deepEqual(
    now.map(({ text }) => text),
    TEXTS.map(({ text }) => text),
  );
  assert.equal(
    said[0],
    `${path}: 2 of 4 labels corrected, 1 looked at and kept, 1 left open; looked at by 佐藤 (2), 田中 (1), 2026-11-20 to 2026-11-22; corrected pairs: 喜楽 → 驚愕 (1), 悲哀 → 驚愕 (1)`,
  );
});

test("classes that are numbers are corrected by their names", () => {
  const reviews = [
    { id: "r1", text: "よい", label: 0 },
    { id: "r2", text: "だめ", label: 0 },
  ];
  const log = console.log;
  console.log = () => {};
  try {
    const path = file(`${HEADER}\nr1,不評,好評,佐藤,2026-11-20\nr2,不評,不評,佐藤,2026-11-20\n`);
    assert.throws(() => correctedClasses(reviews, path, ["不評", "好評"]), /no label of the data/);
    const all = [...reviews, { id: "r3", text: "最高", label: 1 }];
    assert.deepEqual(
      correctedClasses(all, path, ["不評", "好評"]).map(({ label }) => label),
      [1, 0, 1],
    );
  } finally {
    console.log = log;
  }
});

test("without a path nothing is corrected, and nobody has looked at anything", () => {
  assert.equal(corrected(TEXTS, "", spoken([])), TEXTS);
  assert.equal(lookedAt("").size, 0);
});

test("texts with an answer have been looked at, those that are kept too", () =>
  assert.deepEqual(
    [
      ...lookedAt(
        file(`${HEADER}\na/ギャグ/1,喜楽,喜楽,佐藤,2026-11-20\n'=b,悲哀,驚愕,佐藤,2026-11-20\nc,-,,,`),
      ),
    ],
    ["a/ギャグ/1", "=b"],
  ));

test("corrections are found beside their data, a file or a folder, and not both", () => {
  const data = join(folder, "beside.csv.gz"),
    [own, many] = [join(folder, "beside.corrections.csv"), join(folder, "beside.corrections")];
  assert.equal(correctionsBeside(data), undefined);
  writeFileSync(own, HEADER);
  assert.equal(correctionsBeside(data), own);
  mkdirSync(many);
  assert.throws(() => correctionsBeside(data), /beside\.corrections and .*both hold corrections of/);
});
