/**
 * A tokenizer.json beside a vocab.txt, for transformers.js, which reads nothing else. It cannot say what
 * MeCab's words are: texts come to it as words between spaces (`tokenizer.words(text).join(" ")`), which it
 * gives our ids. Pieces of single characters need no words.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { readObject } from "../hf-files";
import { openTokenizer, SPECIAL } from "../tokenizer";

/** What transformers.js makes our ids of: texts as they are, words between spaces, or ids alone. */
export type Readable = "texts" | "words" | "ids";

/**
 * Completes a folder's tokenizer for transformers.js, where it can read one of its kind.
 * @param longest the longest text in tokens, at which its pipelines cut; said unless the folder has one
 * @throws as openTokenizer
 */
export async function writeTokenizerJson(folder: string, longest: number): Promise<Readable> {
  const [vocabulary, own, made] = ["vocab.txt", "tokenizer_config.json", "tokenizer.json"].map((name) =>
    join(folder, name),
  );
  const config = existsSync(own) ? readObject(own) : {},
    complete = (more: object) =>
      writeBeside(own, `${JSON.stringify({ model_max_length: longest, ...more, ...config }, null, 2)}\n`);
  if (!existsSync(vocabulary)) {
    if (existsSync(own)) complete({});
    return existsSync(made) ? "texts" : "ids";
  }
  const { ids, pieces, cls, sep } = (await openTokenizer(folder)).vocabulary;
  const isCharacters = config.subword_tokenizer_type === "character";
  const tokens = pieces.flatMap((content, id) => {
    const special = Object.values(SPECIAL).includes(content);
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    return special || ids.get(content) !== id ? [{ id, content, special, ...plain }] : [];
  });
  const place = (id: string, segment: number) => ({ SpecialToken: { id, type_id: segment } });
  const text = (id: string, segment: number) => ({ Sequence: { id, type_id: segment } });
  const single = [place("[CLS]", 0), text("A", 0), place("[SEP]", 0)];
  const spaces = { type: "WhitespaceSplit" };
  const characters = { type: "Split", pattern: { Regex: "." }, behavior: "Isolated", invert: false };
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: tokens,
    normalizer: { type: "NFKC" },
    pre_tokenizer: isCharacters ? { type: "Sequence", pretokenizers: [spaces, characters] } : spaces,
    post_processor: {
      type: "TemplateProcessing",
      single,
      pair: [...single, text("B", 1), place("[SEP]", 1)],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [cls], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [sep], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
  writeBeside(made, JSON.stringify(json));
  complete(SPECIAL);
  return isCharacters ? "texts" : "words";
}
