import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readWordVectors } from "../vectors";

const folder = mkdtempSync(join(tmpdir(), "vectors-"));
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const read = (path: string) => {
  const { dimensions, of } = readWordVectors(path, ["猫", "犬", "New York"]);
  return { dimensions, cat: of("猫"), dog: of("犬"), city: of("New York") };
};

test("word2vec's text gives the wanted words alone", () => {
  const { dimensions, cat, dog } = read(file("a.txt", "3 2\n鳥 9 9\n猫 0.5 -1\n魚 1 1\n"));
  assert.equal(dimensions, 2);
  assert.deepEqual(cat, Float32Array.of(0.5, -1));
  assert.equal(dog, undefined);
});

test("GloVe's text, without counts, is read, and words with spaces", () => {
  const { dimensions, city } = read(file("b.txt", "猫 1 2 3\nNew York 4 5 6\n"));
  assert.equal(dimensions, 3);
  assert.deepEqual(city, Float32Array.of(4, 5, 6));
});

for (const [whose, end] of [
  ["word2vec.c", "\n"],
  ["gensim", ""],
] as const)
  test(`the binary file of ${whose} is read`, () => {
    const word = (name: string, ...values: number[]) =>
      Buffer.concat([Buffer.from(`${name} `), floats(...values), Buffer.from(end)]);
    const path = file(
      `${whose}.bin`,
      Buffer.concat([Buffer.from("2 2\n"), word("鳥", 1, 2), word("猫", 3, 4)]),
    );
    assert.deepEqual(read(path).cat, Float32Array.of(3, 4));
  });

test("a file of many pieces is read to its end", () => {
  const many = Array.from({ length: 60_000 }, (_, i) => `w${i} ${i} 0.123456789`).join("\n");
  assert.deepEqual(read(file("long.txt", `${many}\n猫 7 8\n`)).cat, Float32Array.of(7, 8));
});

for (const [name, content, message] of [
  ["short.txt", "2 3\n鳥 1 2 3\n猫 1 2\n", /short\.txt, line 3: 2 numbers after "猫", not 3/],
  ["no-number.txt", "1 2\n猫 1 x\n", /no-number\.txt, line 2: number 2 of the word "猫" is none/],
  ["few.txt", "5 2\n猫 1 2\n", /few\.txt, line 1: it promises 5 words, but there are 1/],
  ["empty.txt", "", /empty\.txt: no word vectors/],
  ["wide.txt", "1 999999\n猫 1\n", /wide\.txt, line 1: 999999 dimensions/],
  ["endless.txt", "x".repeat(300_000), /endless\.txt, line 1: more than \d+ bytes/],
  ["no-counts.bin", "猫 1 2\n", /no-counts\.bin, byte 0: no line of two counts/],
  [
    "cut.bin",
    Buffer.concat([Buffer.from("2 2\n猫 "), floats(1, 2), Buffer.from("犬 1234567")]),
    /cut\.bin, byte 16: word 2 of 2 is cut off/,
  ],
  [
    "promised.bin",
    "1000000000 300\n猫 ",
    /promised\.bin, byte 0: 1000000000 words of 300 numbers need \d+ bytes, but the file has 19/,
  ],
  [
    "nan.bin",
    Buffer.concat([Buffer.from("1 1\n猫 "), floats(Number.NaN)]),
    /nan\.bin, byte 4: number 1 of the word "猫" is none/,
  ],
] as const)
  test(`${name} is refused with its place and a remedy`, () => {
    assert.throws(() => read(file(name, content)), message);
  });
