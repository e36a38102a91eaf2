/** Folders with a unigram model: tokenizer.json, or spiece.model with MeCab's words. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cacheFolder } from "../../../lib/support/files";
import { readSentencePiece } from "../../unigram";
import reference from "../../unigram/test/unigram.json";
import { copyTokenizer, openTokenizer, tokenizerHash } from "../folder";
import spiece from "./spiece.json";

const root = mkdtempSync(join(tmpdir(), "komalab-unigram-folder-"));
after(() => rmSync(root, { recursive: true }));

type Files = Readonly<Record<string, unknown>>;

function folderOf(name: string, files: Files): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, file), Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return folder;
}

const { file } = reference.tokenizers.nfkc;
const names = {
  bos_token: "<s>",
  eos_token: "</s>",
  cls_token: "<cls>",
  sep_token: "<sep>",
  pad_token: "<pad>",
  mask_token: { content: "<mask>" },
};
const folder = folderOf("modernbert", { "tokenizer.json": file, "tokenizer_config.json": names });

test("a folder with a unigram tokenizer.json is opened, with its special tokens by their names", async () => {
  const { vocabulary, encode, tokens } = await openTokenizer(folder);
  const { cls, sep, pad, mask, unknown } = vocabulary;
  assert.deepEqual(
    [cls, sep, pad, mask, unknown].map((id) => vocabulary.pieces[id]),
    ["<cls>", "<sep>", "<pad>", "<mask>", "<unk>"],
  );
  const { ids } = encode("おい、どこだ");
  assert.deepEqual(
    ids.map((id) => vocabulary.pieces[id]),
    ["<cls>", ...tokens("おい、どこだ"), "<sep>"],
  );
});

test("its words are the raw text's, each character in one of them", async () => {
  const { words } = await openTokenizer(folder);
  const found = words("髙い ＫＯＭＡ[話者]どこ");
  assert.equal(found.join(""), "髙いＫＯＭＡ[話者]どこ");
  assert.ok(found.includes("[話者]"));
});

test("its texts stand after others as BERT's do", async () => {
  const { encode, encodeInContext, vocabulary } = await openTokenizer(folder);
  const inner = (text: string) => encode(text).ids.slice(1, -1);
  const { cls, sep } = vocabulary;
  const { ids, segmentIds } = encodeInContext("どこ", ["おい", "なに"]);
  assert.deepEqual(ids, [cls, ...inner("おい"), sep, ...inner("なに"), sep, ...inner("どこ"), sep]);
  assert.equal(segmentIds.lastIndexOf(0), ids.length - inner("どこ").length - 2);
  assert.deepEqual(encodeInContext("どこ", []), encode("どこ"));
});

test("Llama's class, whose template is another one in transformers 4 than in 5, is refused unless they agree", async () => {
  const llama = { ...names, tokenizer_class: "LlamaTokenizer" };
  const open = (config: Files) =>
    openTokenizer(folderOf("llama", { "tokenizer.json": file, "tokenizer_config.json": config }));
  await assert.rejects(
    open(llama),
    /puts the tokens 6 4, .*LlamaTokenizer puts 1 in transformers 4.*PreTrainedTokenizerFast/,
  );
  const agreeing = {
    ...llama,
    add_bos_token: true,
    add_eos_token: true,
    bos_token: "<cls>",
    eos_token: "<sep>",
  };
  await assert.rejects(open(agreeing), /around a pair 6 4 4 and 6 4 6 4/);
  const { encode } = await open({ ...names, tokenizer_class: "PreTrainedTokenizerFast" });
  assert.deepEqual(encode("").ids, [6, 4]);
});

test("a model without tokens around a text, and names that it has not, are refused", async () => {
  const bare = folderOf("bare", {
    "tokenizer.json": { ...file, post_processor: null },
    "tokenizer_config.json": names,
  });
  await assert.rejects(openTokenizer(bare), /post_processor puts the tokens "" around a text/);
  const { vocabulary } = await openTokenizer(
    folderOf("nameless", {
      "tokenizer.json": file,
      "tokenizer_config.json": { ...names, mask_token: "[M]" },
    }),
  );
  assert.equal(vocabulary.pieces[vocabulary.mask], "<mask>");
});

test("models whose texts must be cut by Juman++ first are refused by name, with models that work", async () => {
  const config = {
    ...names,
    tokenizer_class: "AlbertTokenizer",
    name_or_path: "nlp-waseda/roberta-base-japanese",
  };
  await assert.rejects(
    openTokenizer(folderOf("waseda", { "tokenizer.json": file, "tokenizer_config.json": config })),
    /nlp-waseda\/roberta must be cut into words by Juman\+\+.*modernbert-ja/,
  );
});

test("a user dictionary, which has no effect on it, is refused", async () => {
  const files = {
    "tokenizer.json": file,
    "tokenizer_config.json": names,
    "user_dictionary.csv": Buffer.from("名,,,1"),
  };
  await assert.rejects(
    openTokenizer(folderOf("words", files)),
    /user_dictionary\.csv: .*no effect: take it away/,
  );
});

test("every file of a unigram folder decides its hash, and a copy has the same tokens and hash", async () => {
  const hash = await tokenizerHash(folder);
  const copy = folderOf("copy", {});
  copyTokenizer(folder, copy);
  assert.equal(await tokenizerHash(copy), hash);
  writeFileSync(join(copy, "tokenizer.json"), JSON.stringify({ ...file, version: "1.1" }));
  assert.notEqual(await tokenizerHash(copy), hash);
});

const LINE = {
  tokenizer_class: "DistilBertJapaneseTokenizer",
  auto_map: { AutoTokenizer: ["its.Own", null] },
};
const fetched = existsSync(join(cacheFolder(), "unidic-lite-1.0.8"));

for (const [kind, { model, answers, words }] of Object.entries(spiece)) {
  const bytes = Buffer.from(model, "base64");

  test(`spiece.model, ${kind}: ${answers.length} lines of every kind have the ids of SentencePiece`, () => {
    const { encode } = readSentencePiece(join(folderOf(kind, { "spiece.model": bytes }), "spiece.model"));
    reference.lines.forEach((line, i) =>
      assert.deepEqual(
        encode(line).map(({ id }) => id),
        answers[i],
        line,
      ),
    );
  });

  for (const { dictionary, lower, texts, ids } of words)
    test(`spiece.model, ${kind}: ${texts.length} lines have the ids of BertJapaneseTokenizer, ${dictionary}${lower ? ", lower case" : ""}`, {
      skip: dictionary === "ipadic" || fetched ? false : "unidic-lite is not in the cache folder",
    }, async () => {
      const config = { ...LINE, do_lower_case: lower, mecab_kwargs: { mecab_dic: dictionary } };
      const opened = await openTokenizer(
        folderOf(`line-${kind}`, { "spiece.model": bytes, "tokenizer_config.json": config }),
      );
      texts.forEach((text, i) => {
        assert.deepEqual(opened.encode(text).ids, ids[i], text);
        assert.equal(opened.offsets(text).length, ids[i].length - 2, text);
      });
    });
}

test("LINE's tokenizer is copied as transformers' own class, without its Python, and without segments for DistilBERT", () => {
  const line = folderOf("line", {
    "spiece.model": Buffer.from(spiece.plain.model, "base64"),
    "tokenizer_config.json": LINE,
    "config.json": { model_type: "distilbert" },
  });
  const copy = folderOf("line-copy", {});
  copyTokenizer(line, copy);
  assert.deepEqual(JSON.parse(readFileSync(join(copy, "tokenizer_config.json"), "utf8")), {
    tokenizer_class: "BertJapaneseTokenizer",
    word_tokenizer_type: "mecab",
    subword_tokenizer_type: "sentencepiece",
    mecab_kwargs: { mecab_dic: "unidic_lite" },
    model_input_names: ["input_ids", "attention_mask"],
  });
});

test("a damaged or other spiece.model is refused by name", () => {
  const bytes = Buffer.from(spiece.plain.model, "base64");
  const read = (content: Buffer) =>
    readSentencePiece(join(folderOf("damaged", { "spiece.model": content }), "spiece.model"));
  assert.throws(() => read(bytes.subarray(0, 1000)), /spiece\.model ends \d+ bytes early.*copy it again/);
  assert.throws(() => read(Buffer.from("hello")), /spiece\.model .*copy it again/);
  assert.throws(() => read(Buffer.concat([bytes, Buffer.from([0x12, 2, 0x18, 2])])), /type 2 \(2 is BPE/);
});
