/** What the fuzzer found, each kind by the smallest file that shows it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { readManga } from "../../lib/data/manga";
import { loadDataset } from "../../lib/experiment/dataset";
import { sha256 } from "../../lib/support/files";
import { readPacks, writePack } from "../../lib/train/feature-packs";
import { readPyTorch } from "../../packages/hf-files";
import { withFile } from "../../packages/hf-files/numbers";
import { readMecabDictionary } from "../../packages/mecab/mecab-dictionary";
import { readNotebook } from "../../packages/notebook";
import { pastedTable } from "../../packages/published-table";
import { readTable } from "../../packages/table-file";
import mecab from "../reference/mecab.json";
import { reference } from "./reader";

const folder = mkdtempSync(join(tmpdir(), "komalab-mended-"));
after(() => rmSync(folder, { recursive: true }));
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test("a storage of an old PyTorch file with a negative size is refused with the file", () => {
  const bytes = readFileSync(reference("bert/files/old.bin")),
    size = Buffer.alloc(8),
    negative = Buffer.alloc(8);
  size.writeBigInt64LE(6n); // elements of the first storages
  negative.writeBigInt64LE(-6n);
  const at = bytes.lastIndexOf(size);
  negative.copy(bytes, at);
  assert.throws(() => readPyTorch(written("old.bin", bytes)), /old\.bin: the storage \S+ has -6 elements/);
});

test("an old PyTorch file that is cut off is refused with the file", () => {
  const path = written("cut.bin", readFileSync(reference("bert/files/old.bin")));
  truncateSync(path, 400);
  assert.throws(() => readPyTorch(path), /cut\.bin: /);
});

test("a file that shrinks while it is read ends in an error", () => {
  const path = written("shrinks.bin", Buffer.alloc(1000));
  assert.throws(
    () =>
      withFile(path, (file) => {
        truncateSync(path, 10);
        return file.read(0, 1000);
      }),
    /shrinks\.bin: the file was cut off while it was read/,
  );
});

test("a broken gz is refused with the file", () => {
  const bytes = gzipSync("text\na\n");
  assert.throws(
    () => readTable(written("lines.csv.gz", bytes.subarray(0, -4))),
    /lines\.csv\.gz is no whole gzip file/,
  );
});

test("a notebook of null is refused with the file", () =>
  assert.throws(() => readNotebook(written("one.ipynb", "null")), /one\.ipynb/));

test("a message about a name of 20,000 letters is short", () => {
  const row = `${"あ".repeat(20_000)},ギャグ,1,うん,喜び`,
    path = written("manga.csv", `story,touch,line,text,emotion\n${row}\n${row}\n`);
  assert.throws(
    () => readManga(path),
    ({ message }: Error) => /occurs twice/.test(message) && message.length < 1000,
  );
});

test("a pasted heading over 9,999,999,999 columns is refused with its line", () =>
  assert.throws(
    () =>
      pastedTable(" & \\multicolumn{9999999999}{c}{A} \\\\\nBERT & .91 & .6 \\\\", {
        metrics: ["accuracy", "f1"],
      }),
    /line 1: /,
  ));

test("features of a pack that names more numbers than it holds are computed again", () => {
  const pack = Buffer.concat([Buffer.from('[["1/0",1000]]\n'), Buffer.alloc(16)]);
  written(`${sha256(pack).slice(0, 16)}.pack`, pack);
  writePack(folder, [["2/0", Float32Array.of(1, 2)]]);
  assert.deepEqual([...readPacks(folder)], [["2/0", Float32Array.of(1, 2)]]);
});

test("a data set's row without a text is refused with file and row", () =>
  assert.throws(
    () =>
      loadDataset({
        path: written("data.jsonl", '{"id":"a","text":"b","label":0}\n{"id":"c","label":0}\n'),
        sha256: "",
      }),
    /data\.jsonl: row 2 is \{"id":"c","label":0\}, no text/,
  ));

for (const [name, at, told] of [
  ["sys.dic", 24, /sys\.dic has a double array|sys\.dic is shorter/],
  ["char.bin", 0, /char\.bin is cut off/],
  ["matrix.bin", 0, /matrix\.bin is cut off/],
] as const)
  test(`a dictionary whose ${name} says other sizes than it has is refused with the file`, () => {
    for (const [file, content] of Object.entries(mecab.files)) {
      const bytes = gunzipSync(Buffer.from(content, "base64"));
      if (file === name) bytes.writeUInt32LE(0xffff_fff0, at);
      written(file, bytes);
    }
    assert.throws(() => readMecabDictionary(folder), told);
  });
