import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readTexts } from "../../lib/data/texts";

const folder = mkdtempSync(join(tmpdir(), "texts-"));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, data: string | Buffer) => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};

test("a text file holds a text a line, a table one a row, a folder all of its files", () => {
  assert.deepEqual(readTexts(write("a.txt", "一\r\n\r\n 二 \r\n")), ["一", "二"]);
  assert.deepEqual(readTexts(write("b.txt.gz", gzipSync("三\n四\n"))), ["三", "四"]);
  assert.deepEqual(readTexts(write("c.tsv", "title\ttext\n雨\t五\n"), {}), ["五"]);
  assert.deepEqual(readTexts(folder), ["一", "二", "三", "四", "五"]);
  assert.deepEqual(readTexts(folder, { most: 2 }), ["一", "三"]);
  assert.deepEqual(readTexts(join(folder, "c.tsv"), { column: "title" }), ["雨"]);
});

test("no text and no column are errors that say what to do", () => {
  assert.throws(() => readTexts(write("empty.txt", "\n")), /holds no text: give a \.txt file/);
  assert.throws(
    () => readTexts(join(folder, "c.tsv"), { column: "line" }),
    /no column "line". Its columns are title, text/,
  );
});

test("a column is known by the names of a text among manga lines and reviews, and by a further one", () => {
  assert.deepEqual(readTexts(write("g.csv", "話,台詞\n1,九\n")), ["九"]);
  assert.deepEqual(readTexts(write("h.csv", "本文,吹き出し\nx,十\n"), { also: "吹き出し" }), ["十"]);
  assert.deepEqual(readTexts(join(folder, "g.csv"), { also: "吹き出し" }), ["九"]);
  assert.deepEqual(readTexts(write("i.csv", "text,台詞\n百,x\n")), ["百"]);
  assert.throws(
    () => readTexts(write("j.csv", "ふきだし\n千\n")),
    /no column "text" or "台詞" .*name yours in the setting columns=\{"text":"…"\}/,
  );
});

test("a missing cell of a table is no text, also where the key is absent", () => {
  const path = write("d.jsonl", '{"text":"六"}\n{"text":null}\n{"title":"雨"}\n');
  assert.deepEqual(readTexts(path), ["六"]);
  assert.deepEqual(readTexts(write("e.csv", "text\n七\nNaN\n")), ["七"]);
});

test("a gzipped table is a table", () => {
  assert.deepEqual(readTexts(write("f.tsv.gz", gzipSync("title\ttext\n雨\t八\n"))), ["八"]);
});
