/** Against Python's tokenizers, whose answers make_unigram.py wrote. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cacheFolder } from "../../../lib/support/files";
import { alignedTo } from "../aligned";
import { readUnigram, type UnigramTokenizer } from "../index";
import { toForm } from "../unicode-form";
import reference from "./unigram.json";

const folder = mkdtempSync(join(tmpdir(), "komalab-unigram-"));
after(() => rmSync(folder, { recursive: true }));

type File = Readonly<Record<string, unknown>>;

function written(name: string, file: unknown): string {
  mkdirSync(join(folder, name), { recursive: true });
  const path = join(folder, name, "tokenizer.json");
  writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
  return path;
}

/** Ids and flat offsets, as Python counts: in code points. */
function answerOf({ tokens }: UnigramTokenizer, text: string): number[][] {
  const found = tokens(text);
  const points = (end: number) => [...text.slice(0, end)].length;
  return [found.map(({ id }) => id), found.flatMap(({ start, end }) => [points(start), points(end)])];
}

for (const [kind, { file, answers, pairs }] of Object.entries(reference.tokenizers)) {
  const tokenizer = readUnigram(written(kind, file));

  test(`${kind}: ${reference.lines.length} lines of every kind have the ids and offsets of tokenizers`, () => {
    reference.lines.forEach((line, i) => assert.deepEqual(answerOf(tokenizer, line), answers[i], line));
  });

  test(`${kind}: texts and pairs have the template of tokenizers, and lose their ends where its do`, () => {
    for (const { text, pair, maxLength, ...expected } of pairs) {
      const options = { maxLength: maxLength ?? undefined };
      const both = tokenizer.encode(text, { ...options, pair });
      const found = {
        ids: tokenizer.encode(text, options).ids,
        pairIds: both.ids,
        pairSegments: both.segmentIds,
      };
      assert.deepEqual(found, expected, `${text} ${pair} ${maxLength}`);
    }
  });
}

const made = join(cacheFolder(), "unigram-reference");
const skip = existsSync(made)
  ? false
  : `${made} is not there: python packages/unigram/test/make_unigram.py SHARED ${made} makes it`;

for (const kind of ["nfkc", "cf", "own"])
  test(`${kind} with 16,000 pieces: 20,000 lines have the ids and offsets of tokenizers`, { skip }, () => {
    const read = (name: string) => JSON.parse(readFileSync(join(made, name), "utf8")) as unknown;
    const lines = read("lines.json") as string[];
    const { answers } = read(`${kind}/answers.json`) as { answers: number[][][] };
    const tokenizer = readUnigram(join(made, kind, "tokenizer.json"));
    assert.equal(lines.length, 20_000);
    lines.forEach((line, i) => assert.deepEqual(answerOf(tokenizer, line), answers[i], JSON.stringify(line)));
  });

test("NFKC is Unicode's own, but for what it has learnt since 12.0", () => {
  const pieces = ["ｶﾞ", "か\u3099", "q\u0307\u0323", "ﷺ", "각", "㌘", "e\u0301\u0327", "\u0344x", "ｗ", "㋿"];
  for (const text of pieces.flatMap((one) => pieces.map((other) => one + other)))
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const) {
      const expected = text.split("㋿").map((part) => part.normalize(form));
      assert.equal(toForm(alignedTo(text), form).text, expected.join("㋿"));
    }
});

const { file } = reference.tokenizers.nfkc as { file: File };
const model = file.model as File;

test("a text of 100,000 characters takes time in its length", () => {
  const { tokens } = readUnigram(written("long", file));
  const start = performance.now();
  for (const text of [
    "あ".repeat(100_000),
    "か\u3099".repeat(50_000),
    "髙".repeat(100_000),
    " ".repeat(100_000),
  ])
    assert.ok(tokens(text).every(({ end }) => end <= text.length));
  assert.ok(performance.now() - start < 20_000);
});

test("a hyphen and a slash stand for themselves in patterns, as in tokenizers 0.23.1", () => {
  const expected = [
    [{ String: "-" }, [264, 104, 266, 105, 285, 266, 106, 104, 54, 105, 266, 106]],
    [{ Regex: "\\-" }, [264, 104, 266, 105, 285, 266, 106, 104, 54, 105, 266, 106]],
    [{ Regex: "[a\\-c]" }, [264, 266, 266, 105, 285, 266, 266, 266, 54, 105, 266, 266]],
    [{ String: "a/b-c" }, [264, 104, 52, 105, 285, 52, 106, 266]],
  ] as const;
  for (const [pattern, ids] of expected) {
    const replacing = { ...file, normalizer: { type: "Replace", pattern, content: "の" } };
    const { tokens } = readUnigram(written("hyphen", replacing));
    assert.deepEqual(
      tokens("a-bと-ca/b-c").map(({ id }) => id),
      ids,
      JSON.stringify(pattern),
    );
  }
});

test("half a surrogate pair is U+FFFD, which UTF-8 has", () => {
  const { tokens } = readUnigram(written("half", file));
  assert.deepEqual(tokens("あ\ud83dい"), tokens("あ\ufffdい"));
});

test("what a file asks for and komalab does not do is refused by its place", () => {
  const refused: Readonly<Record<string, File>> = {
    'model\\.type is "BPE"': { model: { ...model, type: "BPE" } },
    "model\\.dropout is 0\\.1": { model: { ...model, dropout: 0.1 } },
    'normalizer\\.normalizers\\[0\\]\\.type is "ByteLevel"': {
      normalizer: { type: "Sequence", normalizers: [{ type: "ByteLevel" }] },
    },
    'normalizer\\.pattern\\.Regex is the regular expression "\\(a\\+\\)\\+"': {
      normalizer: { type: "Replace", pattern: { Regex: "(a+)+" }, content: "b" },
    },
    'pre_tokenizer\\.type is "UnicodeScripts"': { pre_tokenizer: { type: "UnicodeScripts" } },
    'post_processor\\.type is "ByteLevel"': { post_processor: { type: "ByteLevel" } },
    'truncation\\.direction is "Left"': {
      truncation: { direction: "Left", strategy: "LongestFirst", max_length: 9, stride: 0 },
    },
    "added_tokens\\[0\\] has the id 9999 and not 800": {
      added_tokens: [{ id: 9999, content: "[新]", special: true }],
    },
    "sampling is true": { sampling: true },
  };
  for (const [message, change] of Object.entries(refused))
    assert.throws(
      () => readUnigram(written("refused", { ...file, ...change })),
      new RegExp(`tokenizer\\.json: ${message}.*komalab does not read.*modernbert-ja`),
    );
});

test("a damaged file is refused by its place and told to be copied again", () => {
  const damaged: Readonly<Record<string, File>> = {
    'model\\.vocab\\[0\\] is \\["<unk>"\\]': { model: { ...model, vocab: [["<unk>"]] } },
    "model\\.unk_id is 9999": { model: { ...model, unk_id: 9999 } },
    "model is missing": { model: undefined as unknown as File },
    "normalizer\\.precompiled_charsmap is no table of SentencePiece: 3 bytes": {
      normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" },
    },
  };
  for (const [message, change] of Object.entries(damaged))
    assert.throws(
      () => readUnigram(written("damaged", { ...file, ...change })),
      new RegExp(`tokenizer\\.json: ${message}.*copy it again`),
    );
  assert.throws(
    () => readUnigram(written("cut", JSON.stringify(file).slice(0, 500))),
    /tokenizer\.json: cannot be read as JSON/,
  );
});

test("what is in no piece is refused where the model has no unknown piece", () => {
  const { tokens } = readUnigram(
    written("none", { ...file, model: { ...model, unk_id: null, byte_fallback: false } }),
  );
  assert.throws(
    () => tokens("𠮷"),
    /tokenizer\.json has neither a piece for "𠮷" nor an unknown one \(model\.unk_id\)/,
  );
});

test("a maxLength without room for a token is refused with what it must be", () => {
  const { encode } = readUnigram(written("room", file));
  assert.throws(() => encode("あ", { maxLength: 2 }), /maxLength 2 has no room for a token: give at least 3/);
});
