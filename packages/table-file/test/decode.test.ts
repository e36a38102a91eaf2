/** Bytes as Python 3.11's codecs write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ownFiles, said } from "../../../test/data/files";
import { readText } from "../decode";

const file = ownFiles();
const hex = (digits: string) => Buffer.from(digits, "hex");
const TEXT = "話,台詞\n一,おはよう\n";
const BYTES = {
  Shift_JIS: "98622c91e48e8c0a88ea2c82a882cd82e682a40a",
  "EUC-JP": "cfc32cc2e6bbec0ab0ec2ca4aaa4cfa4e8a4a60a",
  "ISO-2022-JP": "1b24424f431b28422c1b244242663b6c1b28420a1b2442306c1b28422c1b2442242a244f246824261b28420a",
  "UTF-16LE": "fffe718a2c00f0535e8a0a00004e2c004a306f30883046300a00",
  "UTF-16BE": "feff8a71002c53f08a5e000a4e00002c304a306f30883046000a",
};

for (const [encoding, bytes] of Object.entries(BYTES)) {
  test(`${encoding} is read, and said`, () => {
    const path = file(`${encoding}.csv`, hex(bytes));
    let text = "";
    assert.deepEqual(
      said(() => (text = readText(path))),
      [`${path} is read as ${encoding}`],
    );
    assert.equal(text, TEXT);
  });
}

test("UTF-8 is read without a word, also with a BOM or gzipped", () => {
  for (const content of [TEXT, `\ufeff${TEXT}`]) {
    assert.deepEqual(
      said(() => assert.equal(readText(file("utf8.csv", content)), TEXT)),
      [],
    );
  }
  assert.equal(readText(file("utf8.csv.gz", gzipSync(TEXT))), TEXT);
});

test("EUC-JP whose bytes all have a meaning in Shift_JIS is still EUC-JP", () => {
  const bytes = hex("6c6162656c2c746578740a312ca4aaa4cfa4e8a4a60a");
  assert.equal(new TextDecoder("shift_jis", { fatal: true }).decode(bytes), "label,text\n1,､ｪ､ﾏ､隍ｦ\n");
  said(() => assert.equal(readText(file("short.csv", bytes)), "label,text\n1,おはよう\n"));
});

test("bytes that may be Shift_JIS or EUC-JP are refused", () => {
  const bytes = hex("6c6162656c2c746578740a312cb1b2b3b40a"); // ｱｲｳｴ or 渦慨
  assert.throws(
    () => readText(file("half.csv", bytes)),
    /half\.csv is neither .* beyond doubt: save it as UTF-8/,
  );
});

test("EUC-JP with a broken byte does not become half-width katakana", () => {
  const bytes = Buffer.concat([hex(BYTES["EUC-JP"].repeat(3)), hex("a40a")]);
  assert.throws(() => readText(file("broken.csv", bytes)), /beyond doubt/);
});

test("bytes in no Japanese encoding are refused", () => {
  assert.throws(
    () => readText(file("noise.csv", Uint8Array.of(0x61, 0x0a, 0xff, 0xfe, 0x80))),
    /beyond doubt/,
  );
});

test("UTF-16 without its mark is refused, not read with NUL characters", () => {
  assert.throws(
    () => readText(file("nul.csv", Buffer.from("a,b\n1,2\n", "utf16le"))),
    /UTF-16 without its mark/,
  );
});
