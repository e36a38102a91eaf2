/**
 * How often a demo reads a text otherwise than its run does, and whether it says so: `node --import tsx
 * bench/demo-words.ts` cuts IPADIC to the built-in reviews and reads sentences of jrte-corpus (in
 * KOMALAB_SHARED) with it, with as many other words as named: `… 100000 200000`.
 */
import { readJrte } from "../lib/data/corpora";
import { readReviews } from "../lib/data/reviews";
import { readerOf } from "../packages/demo";
import { cutDictionary, segmenterOf } from "../packages/mecab";
import { normalise, readParts } from "../packages/tokenizer";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../test/builtin";
import { shared } from "../test/shared";

const SENTENCES = 3000;

async function main(): Promise<void> {
  const parts = await readParts(BUILTIN_MODEL);
  if (parts.kind !== "words") throw new Error(`${BUILTIN_MODEL} has no words of MeCab`);
  const lines = readReviews(BUILTIN_REVIEWS).reviews.map(({ text }) => normalise(text)),
    texts = readJrte(shared("data/jrte-corpus/pn.tsv").path)
      .slice(0, SENTENCES)
      .map(({ text }) => text);
  const whole = segmenterOf(parts.dictionary),
    numbers = process.argv.slice(2).map(Number);
  const rows = (numbers.length > 0 ? numbers : [200_000]).map((others) => {
    const { dictionary, leftOut, words } = cutDictionary(parts.dictionary, lines, others),
      cut = segmenterOf(dictionary),
      read = readerOf({ tokenizer: { ...parts, dictionary }, leftOut, longest: 128 });
    const each = texts.map((text) => ({
      differs: whole(normalise(text)).join(" ") !== cut(normalise(text)).join(" "),
      told: read(text).leftOut.length > 0,
    }));
    const count = (which: (one: (typeof each)[number]) => boolean) => each.filter(which).length;
    return {
      words,
      sentences: each.length,
      "with other words": count(({ differs }) => differs),
      "of these told": count(({ differs, told }) => differs && told),
      "told in all": count(({ told }) => told),
    };
  });
  console.table(rows);
}

void main();
