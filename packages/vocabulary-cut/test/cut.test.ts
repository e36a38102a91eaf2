import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../../../test/builtin";
import { byTensorFlow, encoderOf, modelOf, randomTexts } from "../../onnx/test/small";
import { readParts, type TokenizerParts, tokenizerOfParts, type WordParts } from "../../tokenizer";
import reference from "../../unigram/test/unigram.json";
import { cutVocabulary, keptIds } from "..";

const lines = readReviews(BUILTIN_REVIEWS).reviews.map(({ text }) => text);
let builtin: WordParts;
before(async () => {
  builtin = (await readParts(BUILTIN_MODEL)) as WordParts;
});

const NAMED = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
/** With these pieces behind the five that have names. */
const toy = (...pieces: readonly string[]): WordParts => ({
  ...builtin,
  pieces: [...NAMED, ...pieces],
  added: new Map(NAMED.map((name) => [name, builtin.added.get(name)!])),
});

for (const kind of ["bert", "distilbert", "modernbert"] as const)
  test(`${kind}: on texts whose pieces are kept a cut model gives the logits of the whole one, to the bit`, async () => {
    const model = modelOf(kind, "linear"),
      texts = randomTexts([9, 14, 3]);
    const tokenizer = toy(...Array.from({ length: 295 }, (_, i) => `word${i}`));
    const kept = keptIds(tokenizer, texts, 0),
      tables = [encoderOf(kind).names.wordEmbeddings];
    const cut = cutVocabulary({ weights: model.weights, tables, tokenizer }, kept);
    assert.equal(cut.weights[tables[0]].shape[0], kept.length);
    assert.ok(kept.length < 40);
    assert.deepEqual(
      await byTensorFlow({ ...model, weights: cut.weights }, texts.map(cut.renumbered)),
      await byTensorFlow(model, texts),
    );
  });

/** Checks that texts have the same pieces, in ids whose rows of a table are those of before. */
function checkTexts(parts: TokenizerParts, texts: readonly string[]): void {
  const whole = tokenizerOfParts(parts),
    encoded = texts.map((text) => whole.encode(text)),
    rows = whole.vocabulary.pieces.length;
  const weights = { table: { shape: [rows, 1], data: Float32Array.from({ length: rows }, (_, id) => id) } };
  const kept = keptIds(parts, encoded, 0);
  assert.ok(kept.length < rows);
  const {
    tokenizer,
    renumbered,
    weights: own,
  } = cutVocabulary({ weights, tables: ["table"], tokenizer: parts }, kept);
  const few = tokenizerOfParts(tokenizer);
  for (const [i, text] of texts.entries()) {
    const { ids } = few.encode(text);
    assert.deepEqual(few.tokens(text), whole.tokens(text));
    assert.deepEqual(ids, renumbered(encoded[i]).ids);
    assert.deepEqual(
      ids.map((id) => own.table.data[id]),
      encoded[i].ids,
    );
  }
}

test("the given texts have the same pieces, in the new ids", () => checkTexts(builtin, lines));

const NAMES = {
  cls_token: "<cls>",
  sep_token: "<sep>",
  pad_token: "<pad>",
  unk_token: "<unk>",
  mask_token: "<mask>",
};
for (const [name, { file }] of Object.entries(reference.tokenizers)) {
  if (!("post_processor" in file && file.post_processor)) continue; // without [CLS] it is no encoder's
  const some = reference.lines.filter((_, i) => i % 7 === 0);
  test(`${name}: so have ${some.length} texts with a unigram model, unknown characters and bytes among them`, () =>
    checkTexts({ kind: "unigram", file, config: NAMES }, some));
}

test("an unknown character costs a unigram model as much as before, though the rarest piece is in no text", () => {
  const special_tokens = {
    "<cls>": { id: "<cls>", ids: [1], tokens: ["<cls>"] },
    "<sep>": { id: "<sep>", ids: [2], tokens: ["<sep>"] },
  };
  const around = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const single = [around("<cls>"), { Sequence: { id: "A", type_id: 0 } }, around("<sep>")];
  const names = [
    ["<unk>", 0],
    ["<cls>", 0],
    ["<sep>", 0],
  ] as const;
  const vocab = [...names, ["xb", -20], ["c", -20], ["bc", -1], ["zz", -50]] as const;
  const file = {
    post_processor: { type: "TemplateProcessing", single, pair: single, special_tokens },
    model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: false },
  };
  const parts = { kind: "unigram", file, config: NAMES } as const;
  assert.deepEqual(tokenizerOfParts(parts).tokens("xbc"), ["xb", "c"]); // -40, with an unknown x -61
  checkTexts({ ...parts, file: { ...file, model: { ...file.model, vocab: [...vocab, ["yy", -2]] } } }, [
    "xbc",
    "bc",
  ]);
});

test("what stays: tokens never taken apart, pieces of the texts, single characters, then the first", () => {
  const tokenizer = toy("とても", "##良い", "犬", "##猫", "夜明け");
  const texts = [{ ids: [2, 9, 3], segmentIds: [0, 0, 0] }];
  const names = (most: number) => keptIds(tokenizer, texts, most).map((id) => tokenizer.pieces[id]);
  assert.deepEqual(names(0), [...NAMED, "夜明け"]);
  assert.deepEqual(names(8), [...NAMED, "犬", "##猫", "夜明け"]);
  assert.deepEqual(names(9), [...NAMED, "とても", "犬", "##猫", "夜明け"]);
  assert.deepEqual(names(Infinity), tokenizer.pieces);
});

test("a text with a piece that is gone, a table with too few rows, and a cut without [UNK] are refused", () => {
  const tokenizer = toy("とても"),
    weights = { table: { shape: [6, 1], data: new Float32Array(6) } },
    whole = { weights, tables: ["table"], tokenizer };
  const { renumbered } = cutVocabulary(whole, [0, 1, 2, 3, 4]);
  assert.throws(() => renumbered({ ids: [5], segmentIds: [0] }), /a text has the piece 5, which is cut off/);
  const few = { table: { shape: [5, 1], data: new Float32Array(5) } };
  assert.throws(
    () => cutVocabulary({ ...whole, weights: few }, [0, 1, 2, 3, 4, 5]),
    /table has 5 rows, but the id 5 is to be kept/,
  );
  assert.throws(() => cutVocabulary(whole, [0, 2, 3, 4]), /the piece 1 is cut off: keep its id/);
});
