import assert from "node:assert/strict";
import { test } from "node:test";
import { TIE } from "../../lib/data/intensities";
import { type MangaLine, type MangaOptions, readManga } from "../../lib/data/manga";
import { ownFiles, said } from "./files";

const file = ownFiles();

test("stories, touches and emotions are the file's own", () => {
  const [line] = readManga(file("own.csv", "story,touch,text,emotion\n一,コメディ,やった,喜び\n"));
  assert.deepEqual([line.touch, line.emotion], ["コメディ", "喜び"]);
});

test("columns 話, 画風, ページ, コマ, 話者, 台詞 and 感情 are known", () => {
  const path = file("known.csv", "話,画風,ページ,コマ,話者,台詞,感情\n一,ギャグ,2,5,ミナミ,やった,喜び\n");
  said(() =>
    assert.deepEqual(readManga(path), [
      {
        id: "一/ギャグ/2",
        story: "一",
        touch: "ギャグ",
        line: 2,
        page: 2,
        panel: 5,
        speaker: "ミナミ",
        text: "やった",
        situation: "",
        emotion: "喜び",
      },
    ]),
  );
});

test("stories that differ in width alone are one story, so that none stands in training and test", () => {
  const path = file("width.csv", "story,touch,text,emotion\n1話,a,あ,喜び\n１話,a,い,喜び\n");
  said(() =>
    assert.deepEqual(
      readManga(path).map(({ story }) => story),
      ["1話", "1話"],
    ),
  );
});

test("two rows for one line are refused with the line of the second", () => {
  const path = file("twice.csv", "story,touch,line,text,emotion\ns,ギャグ,1,あ,喜楽\ns,ギャグ,1,い,喜楽\n");
  assert.throws(() => readManga(path), /twice\.csv, line 3, column line: "1": s\/ギャグ\/1 occurs twice/);
});

test("an absent line number is missing where others have one", () => {
  const path = file(
    "numbers.jsonl",
    '{"story":"s","touch":"t","line":1,"text":"あ","emotion":"e"}\n{"story":"s","touch":"t","text":"い","emotion":"e"}\n',
  );
  assert.throws(() => readManga(path), /line 2, column line: "": empty/);
});

/**
 * The header of WRIME's second version (github.com/ids-cv/wrime), with four of eight emotions and own rows.
 */
const WRIME = [
  ["Sentence", "UserID", "Datetime", "Train/Dev/Test"],
  ["Writer", "Reader1", "Reader2", "Reader3", "Avg. Readers"].flatMap((who) =>
    ["Joy", "Sadness", "Anger", "Sentiment"].map((emotion) => `${who}_${emotion}`),
  ),
].flat();
const ROWS = [
  ["やった", "u1", "2018/07/31 23:48", "train", "3 0 0 2", "1 2 0 0", "1 0 0 1", "0 2 0 0", "1 1 0 0"],
  ["うーん", "u2", "2018/07/31 23:49", "dev", "1 1 0 0", "0 0 0 1", "0 0 0 0", "0 0 0 0", "0 0 0 0"],
].map((row) => row.flatMap((cell, i) => (i < 4 ? [cell] : cell.split(" "))));
const wrime = file("wrime.tsv", [WRIME, ...ROWS].map((row) => row.join("\t")).join("\n"));
const NAMES = { story: "UserID", touch: "Train/Dev/Test", text: "Sentence" };
const emotionsOf = (emotion: string | readonly string[], options: MangaOptions = {}): string[] => {
  let lines: MangaLine[] = [];
  said(() => (lines = readManga(wrime, { names: { ...NAMES, emotion }, ...options })));
  return lines.map((line) => line.emotion);
};

test("of emotions with intensities the strongest is the label, and polarity is none of them", () => {
  assert.deepEqual(emotionsOf("Writer_*", { keepTies: true }), ["Joy", TIE]);
});

test("a line whose strongest emotions tie is left out, and it is said", () => {
  assert.deepEqual(
    said(() => assert.equal(readManga(wrime, { names: { ...NAMES, emotion: "Writer_*" } }).length, 1)),
    [`${wrime}: 1 of 2 lines have no label: their strongest emotions tie`],
  );
});

test("a line without any emotion is ニュートラル", () => {
  assert.deepEqual(emotionsOf("Reader1_*"), ["Sadness", "ニュートラル"]);
});

test("intensities of several annotators are added", () => {
  assert.deepEqual(emotionsOf(["Reader1_*", "Reader2_*", "Reader3_*"]), ["Sadness", "ニュートラル"]);
  assert.deepEqual(emotionsOf(["Writer_*", "Reader1_*", "Reader2_*", "Reader3_*"]), ["Joy"]);
});

test("a list of columns without * names an emotion each", () => {
  const path = file("columns.csv", "story,touch,text,喜び,悲しみ\ns,t,あ,0,2\n");
  assert.equal(readManga(path, { names: { emotion: ["喜び", "悲しみ"] } })[0].emotion, "悲しみ");
});

test("a pattern without columns and an emotion that an annotator lacks are refused", () => {
  assert.throws(
    () => emotionsOf("Autor_*"),
    /has no column Autor_\* \(emotion\)\. Its columns are Sentence, UserID/,
  );
  const path = file("lacks.csv", "story,touch,text,A_喜び,A_怒り,B_喜び\ns,t,あ,1,0,2\n");
  assert.throws(
    () => readManga(path, { names: { emotion: ["A_*", "B_*"] } }),
    /怒り has 1 columns \(A_怒り\), others 2/,
  );
});

test("an intensity that is no number is a problem of its row", () => {
  const path = file("words.csv", "story,touch,text,喜び,悲しみ\ns,t,あ,強い,-1\ns,t,い,,0\n");
  assert.throws(
    () => readManga(path, { names: { emotion: ["喜び", "悲しみ"] } }),
    /line 2, column 喜び: "強い": not a number from 0\n.*line 2, column 悲しみ: "-1": .*\n.*line 3, column 喜び: "": empty/,
  );
});

type Counts = Readonly<Record<string, number>>;
const rowsOf = (counts: Counts) =>
  Object.entries(counts)
    .flatMap(([emotion, count]) => Array<string>(count).fill(`一,ギャグ,あ,${emotion}\n`))
    .join("");
const saidOf = (counts: Counts) => {
  const path = file("typo.csv", `story,touch,text,emotion\n${rowsOf(counts)}`);
  return said(() => readManga(path)).map((words) => words.replace(path, "typo.csv"));
};

for (const typo of ["喜ひ", "喜びび", "喜び喜"])
  test(`of the rare label ${typo} it is asked whether it is the frequent 喜び`, () => {
    assert.deepEqual(saidOf({ 喜び: 5, [typo]: 1, 怒り: 9 }), [
      `typo.csv: the label ${typo} stands on line 7 alone, 喜び on 5 lines: the same one?`,
    ]);
  });

test("of a label on two lines both are named", () => {
  assert.match(
    saidOf({ 喜び: 5, 喜: 9, び: 9, 喜ひ: 2 }).join(),
    /stands on lines 25 and 26 alone, 喜び on 5/,
  );
});

for (const [why, counts] of Object.entries<Counts>({
  "is on three lines": { 喜び: 30, 喜ひ: 3 },
  "is near no frequent one": { 喜び: 4, 喜ひ: 1, 怒り: 30 },
  "has one letter": { 喜: 30, 怒: 1 },
  "has a number": { "感情 1": 30, "感情 2": 1 },
}))
  test(`nothing is asked of a label that ${why}`, () => assert.deepEqual(saidOf(counts), []));
