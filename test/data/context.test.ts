import assert from "node:assert/strict";
import { test } from "node:test";
import { inContext } from "../../lib/data/context";
import { encodeItems } from "../../lib/data/encode";
import { type MangaLine, readManga } from "../../lib/data/manga";
import { splitsByTouch } from "../../lib/data/touches";
import { tokenizerOf, vocabularyOf } from "../../packages/tokenizer";
import { BUILTIN_MANGA, TEST_STORIES } from "../builtin";

const line = (story: string, touch: string, page: number, number: number, speaker = ""): MangaLine => ({
  id: `${story}/${touch}/${number}`,
  story,
  touch,
  page,
  panel: 1,
  line: number,
  speaker,
  text: `${story}${touch}${number}`,
  situation: "",
  emotion: "喜楽",
});
const two = ["x", "y"].flatMap((story) =>
  ["p", "q"].flatMap((touch) => [1, 2, 3, 4].map((number) => line(story, touch, number < 3 ? 1 : 2, number))),
);
const options = { lines: 3, within: "story", speakers: false } as const;
const contextOf = (items: ReturnType<typeof inContext>, id: string) =>
  items.find((item) => item.id === id)?.context;

test("a line has at most the n - 1 lines before it, the oldest first", () => {
  assert.deepEqual(contextOf(inContext(two, options), "x/p/4"), ["xp2", "xp3"]);
});

test("the first lines of a story have fewer, and never those of another story or touch", () => {
  for (const { story, touch, line: number, context } of inContext(two, { ...options, lines: 9 })) {
    assert.deepEqual(
      context,
      Array.from({ length: number - 1 }, (_, i) => `${story}${touch}${i + 1}`),
    );
  }
});

test("within a page no line of the page before it counts", () => {
  assert.deepEqual(contextOf(inContext(two, { ...options, within: "page" }), "x/p/4"), ["xp3"]);
});

test("numbers decide the order, not the place in the file", () => {
  const items = inContext([...two].reverse(), options);
  assert.deepEqual([items[0].id, contextOf(items, "x/p/4")], ["y/q/4", ["xp2", "xp3"]]);
});

test("n = 1 is the line alone", () => {
  assert.deepEqual(
    inContext(two, { ...options, lines: 1 }),
    two.map((one) => ({ ...one, context: [] })),
  );
});

test("a speaker's name stands before each line that has one", () => {
  const lines = [line("x", "p", 1, 1, "ミナミ"), line("x", "p", 1, 2), line("x", "p", 1, 3, "教授")];
  const { context, text } = inContext(lines, { ...options, speakers: true })[2];
  assert.deepEqual([context, text], [["ミナミ：xp1", "xp2"], "教授：xp3"]);
});

test("no whole number from 1 is no context", () => {
  for (const n of [0, 1.5])
    assert.throws(
      () => inContext(two, { ...options, lines: n }),
      /lines = .* is not a whole number of at least 1/,
    );
});

test("in the built-in data no line before a line stands in another part of its split", () => {
  const lines = readManga(BUILTIN_MANGA).map((one) => ({ ...one, text: one.id })),
    items = inContext(lines, { ...options, lines: 5 });
  for (const split of ["leave-one-touch-out", "within-touch"] as const) {
    for (const made of splitsByTouch(lines, {
      split,
      testStories: TEST_STORIES.join(" "),
      validationFraction: 0.2,
    }))
      for (const part of [made.train, made.validation, made.test]) {
        const own = new Set(part.map((index) => items[index].id));
        const read = part.flatMap((index) => items[index].context ?? []);
        assert.deepEqual(
          read.filter((id) => !own.has(id)),
          [],
        );
      }
  }
});

const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e"];
const tokenizer = tokenizerOf((text) => text.split(" ").filter(Boolean), vocabularyOf(words));
const read = (ids: readonly number[]) => ids.map((id) => words[id]).join(" ");

test("lines stand between [SEP]s, in segment 0 all but the last", () => {
  const { ids, segmentIds } = tokenizer.encodeInContext("d e", ["a", "b c"]);
  assert.deepEqual([read(ids), segmentIds.join("")], ["[CLS] a [SEP] b c [SEP] d e [SEP]", "000000111"]);
});

test("one line before a line is BERT's pair", () => {
  assert.deepEqual(tokenizer.encodeInContext("d e", ["a b"]), tokenizer.encode("a b", { pair: "d e" }));
});

test("without lines before it a line is encoded as ever", () => {
  assert.deepEqual(tokenizer.encodeInContext("d e", []), tokenizer.encode("d e"));
});

test("what is too long loses its oldest tokens, an emptied line its [SEP], and the last line stays whole", () => {
  const lengths = [9, 8, 7, 6, 5, 4, 3].map((length) =>
    read(tokenizer.encodeInContext("d e", ["a", "b c"], length).ids),
  );
  assert.deepEqual(lengths, [
    "[CLS] a [SEP] b c [SEP] d e [SEP]",
    "[CLS] b c [SEP] d e [SEP]",
    "[CLS] b c [SEP] d e [SEP]",
    "[CLS] c [SEP] d e [SEP]",
    "[CLS] d e [SEP]",
    "[CLS] d e [SEP]",
    "[CLS] d e [SEP]",
  ]);
  assert.ok(tokenizer.encodeInContext("d e", ["a"], 4).segmentIds.every((type) => type === 0));
});

test("an item is too long only if its own line is", () => {
  const items = [
    { text: "d e", context: ["a b c", "a b c"] },
    { text: "a b c d", context: [] },
    { text: "e" },
  ];
  const { texts, tooLong } = encodeItems(items, tokenizer, { maxLength: 5 });
  assert.deepEqual([texts.map(({ ids }) => read(ids)), tooLong], [["[CLS] d e [SEP]", "[CLS] e [SEP]"], 1]);
});

test("a text that is too long keeps its beginning and its end by their shares, and no context", () => {
  const long = { text: "a b c d e", context: ["e"] }, // 7 tokens
    short = { text: "a b" };
  const kept = (beginningShare: number, maxLength = 6) => {
    const { items, texts, tooLong } = encodeItems([long, short], tokenizer, { maxLength, beginningShare });
    assert.deepEqual([items, tooLong], [[long, short], 1]);
    assert.equal(read(texts[1].ids), "[CLS] a b [SEP]");
    const [{ ids, segmentIds }] = texts;
    assert.deepEqual([ids.length, segmentIds], [maxLength, ids.map(() => 0)]);
    return read(ids);
  };
  assert.equal(kept(0.25), "[CLS] a c d e [SEP]"); // 1 of 4, and 3
  assert.equal(kept(0.5), "[CLS] a b d e [SEP]");
  assert.equal(kept(1), "[CLS] a b c d [SEP]");
  assert.equal(kept(0), "[CLS] b c d e [SEP]");
  assert.equal(kept(0.5, 5), "[CLS] a b e [SEP]"); // 1.5 is 2
});

test("Sun's 128 and 382 of 510 tokens are a share of .25", () => {
  const text = Array.from({ length: 600 }, (_, i) => "abcde"[i % 5]).join(" ");
  const { ids } = encodeItems([{ text }], tokenizer, { maxLength: 512, beginningShare: 0.25 }).texts[0];
  const whole = tokenizer.encode(text).ids;
  assert.deepEqual(ids, [...whole.slice(0, 129), ...whole.slice(-383)]);
});

test("a text is tokenised once by a tokenizer, whoever asks and how often", () => {
  let calls = 0;
  const counting = {
    ...tokenizer,
    encode: (text: string) => (calls++, tokenizer.encode(text)),
    encodeInContext: (...all: Parameters<typeof tokenizer.encodeInContext>) => (
      calls++, tokenizer.encodeInContext(...all)
    ),
  };
  const items = [{ text: "d e" }, { text: "d e", context: ["a"] }, { text: "a" }];
  const [first, again] = [
    encodeItems(items, counting, { maxLength: 6 }),
    encodeItems([...items, items[0]], counting, { maxLength: 6 }),
  ];
  assert.equal(calls, 3);
  assert.deepEqual(again.texts, [...first.texts, first.texts[0]]);
  assert.notDeepEqual(encodeItems(items, counting, { maxLength: 5 }).texts[1], first.texts[1]); // the context that fits
});
