/**
 * Our pieces against those of @xenova/transformers, an implementation by others, on the built-in lines and
 * the built-in vocabulary.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readManga } from "../../../lib/data/manga";
import { readReviews } from "../../../lib/data/reviews";
import { BUILTIN_MANGA, BUILTIN_MODEL, BUILTIN_REVIEWS } from "../../../test/builtin";
import { openTokenizer } from "../folder";
import { readVocabulary } from "../wordpiece";

/** What is used of its BertTokenizer; checking its own typings takes longer than this test. */
type BertTokenizer = new (tokenizer: object, config: object) => { encode(text: string): number[] };

test("the ids of every built-in line and review equal those of @xenova/transformers' BertTokenizer", async () => {
  const { BertTokenizer } = (await import("@xenova/transformers" as string)) as {
    BertTokenizer: BertTokenizer;
  };
  const { ids, cls, sep } = readVocabulary(join(BUILTIN_MODEL, "vocab.txt"));
  const [first, last] = [
    { SpecialToken: { id: "[CLS]", type_id: 0 } },
    { SpecialToken: { id: "[SEP]", type_id: 0 } },
  ];
  const theirs = new BertTokenizer(
    {
      normalizer: null,
      pre_tokenizer: { type: "WhitespaceSplit" },
      decoder: null,
      added_tokens: [],
      model: {
        type: "WordPiece",
        vocab: Object.fromEntries(ids),
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
      },
      post_processor: {
        type: "TemplateProcessing",
        single: [first, { Sequence: { id: "A", type_id: 0 } }, last],
        pair: [],
        special_tokens: {
          "[CLS]": { id: "[CLS]", ids: [cls], tokens: ["[CLS]"] },
          "[SEP]": { id: "[SEP]", ids: [sep], tokens: ["[SEP]"] },
        },
      },
    },
    { unk_token: "[UNK]", cls_token: "[CLS]", sep_token: "[SEP]", pad_token: "[PAD]", mask_token: "[MASK]" },
  );
  const ours = await openTokenizer(BUILTIN_MODEL);
  const texts = [...readManga(BUILTIN_MANGA), ...readReviews(BUILTIN_REVIEWS).reviews].map(
    ({ text }) => text,
  );
  // It knows no Japanese words: it is given ours, between spaces.
  const different = texts.filter(
    (text) => ours.encode(text).ids.join() !== theirs.encode(ours.words(text).join(" ")).join(),
  );
  assert.deepEqual(different, []);
  assert.ok(texts.length > 1900);
});
