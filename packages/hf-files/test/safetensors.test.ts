import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSafetensors } from "../safetensors";

const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
after(() => rmSync(folder, { recursive: true }));

const f32 = (shape: readonly unknown[], start: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [start, end],
});

/** Reads a file of this header and so many bytes of numbers. */
function read(header: unknown, bytes: number) {
  const json = Buffer.from(JSON.stringify(header)),
    length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, "model.safetensors");
  writeFileSync(path, Buffer.concat([length, json, Buffer.alloc(bytes)]));
  return readSafetensors(path);
}

test("tensors are read in any order of the header, empty ones too", () =>
  assert.deepEqual(
    Object.entries(read({ b: f32([1], 8, 12), a: f32([2], 0, 8), none: f32([0], 8, 8) }, 12)).map(
      ([name, { shape }]) => [name, shape],
    ),
    [
      ["b", [1]],
      ["a", [2]],
      ["none", [0]],
    ],
  ));

for (const [what, header, bytes, message] of [
  ["that overlap", { a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12, /hole or overlap at byte 8.*begins at 4/],
  ["with a hole between", { a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12, /hole or overlap at byte 4/],
  ["of which one lies beyond the end", { a: f32([2], 0, 8) }, 4, /end at byte .*cut off/],
  ["with bytes behind them", { a: f32([1], 0, 4) }, 8, /end at byte .*not whole/],
  ["of a size below 0", { a: f32([-1, -2], 0, 8) }, 8, /tensor a has no type, shape and place/],
  ["of half a size", { a: f32([0.5], 0, 2) }, 2, /tensor a has no type, shape and place/],
  ["that are none", { a: null }, 0, /tensor a has no type, shape and place/],
  ["in a list", [], 0, /no JSON object/],
] as const)
  test(`tensors ${what} are refused with the file's name`, () =>
    assert.throws(
      () => read(header, bytes),
      ({ message: said }: Error) =>
        message.test(said) && said.includes("model.safetensors") && /download it again/.test(said),
    ));
