import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../../lib/support/random";
import reference from "../../../test/reference/added_tokens.json";
import { deleteWords, swapWords } from "../../augmentation/augment";
import { copyTokenizer, openTokenizer } from "../folder";

const root = mkdtempSync(join(tmpdir(), "komalab-added-"));
after(() => rmSync(root, { recursive: true }));

type Files = Readonly<Record<string, unknown>>;

function folderOf(name: string, files: Files): string {
  const folder = join(root, name.replace(/\W/g, "-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "vocab.txt"), `${reference.vocabulary.join("\n")}\n`);
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, file), JSON.stringify(content));
  return folder;
}

const idsOf = async (folder: string) => {
  const { encode } = await openTokenizer(folder);
  return reference.texts.map((text) => encode(text).ids.slice(1, -1));
};

/**
 * Read alike, or by one version alone, and yet a mistake: what was asked for is lost, or a text is parted
 * wrongly.
 */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "additional_special_tokens as plain objects": /additional_special_tokens is \{"content":"\[話者\]"/,
  "both lists": /additional_special_tokens and extra_special_tokens name special tokens.*in two places/,
  "two with one id": /the added tokens "\[話者\]" and "<x>" have one name or one id, 25/,
  "two ids for one": /the added token "<e1>" has the id 24, but 19 in vocab\.txt/,
  "one inside another": /the token "話者" stands inside "\[話者\]"/,
};

for (const { name, files, openedBy, ids } of reference.folders) {
  const refused = ids === null || name in REFUSED;
  test(`${name}: ${refused ? "the folder is refused" : `ids are those of transformers ${openedBy.join(" and ")}`}`, async () => {
    const folder = folderOf(name, files);
    if (!refused) {
      assert.deepEqual(await idsOf(folder), ids);
      const copy = `${folder}-copy`;
      copyTokenizer(folder, copy);
      assert.deepEqual(await idsOf(copy), ids);
    } else
      await assert.rejects(
        idsOf(folder),
        (error: Error) => error.message.startsWith(folder) && (REFUSED[name] ?? /./).test(error.message),
      );
  });
}

test("special tokens of other names, and options that are not carried out, are refused by name", async () => {
  const [{ files }] = reference.folders;
  const config = files["tokenizer_config.json"];
  for (const [key, value] of Object.entries({
    cls_token: "<e1>",
    unk_token: "<e1>",
    split_special_tokens: true,
  }))
    await assert.rejects(
      openTokenizer(folderOf(key, { "tokenizer_config.json": { ...config, [key]: value } })),
      new RegExp(`${key} is `),
    );
});

test("a damaged file is refused by its name", async () => {
  const folder = folderOf("damaged", reference.folders[0].files);
  writeFileSync(join(folder, "added_tokens.json"), '{"[話者]": 24');
  await assert.rejects(openTokenizer(folder), /added_tokens\.json: cannot be read as JSON/);
});

test("an added token is one word, and words are changed around it", async () => {
  const saved = reference.folders.find(({ name }) => name === "as 4.57 saves")!;
  const { words, tokens, vocabulary } = await openTokenizer(folderOf("words", saved.files));
  assert.deepEqual(words("今日は[話者]雨"), ["今日", "は", "[話者]", "雨"]);
  assert.deepEqual(tokens("[話者]雨"), ["[話者]", "雨"]);
  assert.equal(vocabulary.ids.has("[話者]"), false); // no piece of a word, and no word to put in another's place
  const rest = deleteWords(["今日", "は", "[話者]", "雨"], { share: 1, random: new Random(1) });
  assert.deepEqual(rest, ["今日", "は", "[話者]", "雨"]); // three words: all of them would be gone
  assert.deepEqual(swapWords(["<x>", "[MASK]", "雨"], { share: 1, random: new Random(1) }), [
    "<x>",
    "[MASK]",
    "雨",
  ]);
});

test("a copied tokenizer says what versions of transformers take for granted in different ways", () => {
  const { tokenizer_class, mecab_kwargs, ...config } = reference.folders[0].files["tokenizer_config.json"];
  const folder = folderOf("copied", {
    "tokenizer_config.json": { ...config, extra_special_tokens: ["<e1>"] },
  });
  copyTokenizer(folder, folder);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "tokenizer_config.json"), "utf8")), {
    ...config,
    tokenizer_class,
    mecab_kwargs,
    additional_special_tokens: ["<e1>"],
    model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
  });
});

test("what an earlier copy left is gone", () => {
  const [plain, legacy] = ["no added token", "added_tokens.json alone"].map((name, i) =>
    folderOf(`left ${i}`, reference.folders.find((folder) => folder.name === name)!.files),
  );
  copyTokenizer(plain, legacy);
  assert.equal(existsSync(join(legacy, "added_tokens.json")), false);
});
