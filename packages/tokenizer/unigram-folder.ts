/**
 * The tokenizer of a folder whose tokenizer.json has a unigram model (ModernBERT-Ja, ruri-v3,
 * llm-jp-modernbert), as transformers' fast tokenizers read it. 4.57 and 5.24 are the judges; a folder that
 * these two read differently is refused.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { brief } from "../../lib/support/printable";
import { isObject, type Json, readObject } from "../hf-files";
import { type UnigramTokenizer, unigramOf } from "../unigram";
import { inContext, type Span, type Tokenizer } from "./tokenizer";

const nameOf = (token: unknown): string | undefined => {
  const name = isObject(token) ? token.content : token;
  return typeof name === "string" ? name : undefined;
};

/** A tokenizer with a unigram model as plain data. */
export interface UnigramParts {
  readonly kind: "unigram";
  /** What stands in tokenizer.json. */
  readonly file: Json;
  /** What tokenizer_config.json, or else special_tokens_map.json, calls its special tokens, and its class. */
  readonly config: Json;
}

/** @throws if a file is missing or no JSON */
export function readUnigramParts(folder: string, config: Json): UnigramParts {
  const path = join(folder, "special_tokens_map.json");
  const map = existsSync(path) ? readObject(path) : {};
  const more = Object.entries(map).filter(([key]) => nameOf(config[key]) === undefined);
  return {
    kind: "unigram",
    file: readObject(join(folder, "tokenizer.json")),
    config: { ...config, ...Object.fromEntries(more) },
  };
}

/**
 * transformers 4 gives Llama's class a template of its own, whatever tokenizer.json says; 5 takes the file's.
 * @throws if these differ
 */
function checkTemplate(
  folder: string,
  config: Json,
  { encode, idOf }: { readonly encode: UnigramTokenizer["encode"]; idOf(key: string): number | undefined },
): void {
  if (!/^LlamaTokenizer(Fast)?$/.test(String(config.tokenizer_class))) return;
  const { add_bos_token: bos = true, add_eos_token: eos = false } = config;
  const [before, after] = [bos ? [idOf("bos_token")] : [], eos ? [idOf("eos_token")] : []];
  const wanted = [...before, ...after],
    both = [...wanted, ...wanted];
  const [single, pair] = [encode("").ids, encode("", { pair: "" }).ids];
  if (single.join() === wanted.join() && pair.join() === both.join()) return;
  throw new Error(
    `${folder}: around a text tokenizer.json puts the tokens ${brief(single.join(" "))}, which transformers 5 takes, but its class ` +
      `${brief(String(config.tokenizer_class))} puts ${wanted.join(" ")} in transformers 4 (around a pair ${brief(pair.join(" "))} and ${both.join(" ")}). ` +
      'Write "tokenizer_class": "PreTrainedTokenizerFast" into tokenizer_config.json if the file is right, else save the tokenizer again ' +
      "with the transformers 4 that the model was made with",
  );
}

/**
 * The tokenizer of its parts.
 * @param folder for messages
 * @throws with the file, the place and the remedy if a file is damaged or asks for what is not read
 */
export function openUnigram({ file, config }: UnigramParts, folder: string): Tokenizer {
  const path = `${folder}/tokenizer.json`;
  const model = unigramOf(file, path);
  const byName = new Map(model.pieces.map((piece, id) => [piece, id]));
  const idOf = (key: string) => byName.get(nameOf(config[key]) ?? "");
  checkTemplate(folder, config, { encode: model.encode, idOf });
  const around = model.encode("").ids;
  const [cls, sep] = [around[0], around[around.length - 1]];
  if (around.length !== 2)
    throw new Error(
      `${path}: post_processor puts the tokens "${brief(around.join(" "))}" around a text, and an encoder needs one before it and one after it: ` +
        "save the tokenizer again with the transformers that the model was made with",
    );
  const required = (key: string, ...usual: readonly string[]): number => {
    const found = idOf(key) ?? usual.map((name) => byName.get(name)).find((id) => id !== undefined);
    if (found !== undefined) return found;
    throw new Error(
      `${folder}: tokenizer_config.json names no ${key} that tokenizer.json has: add it, as the model was trained`,
    );
  };
  const idsOf = (text: string) => model.tokens(text).map(({ id }) => id);
  return {
    vocabulary: {
      ids: model.ids,
      pieces: model.pieces,
      inside: new Map(),
      longest: model.pieces.reduce((longest, { length }) => Math.max(longest, length), 0),
      cls,
      sep,
      // only some uses need them, and not every model has them
      get pad() {
        return required("pad_token", "<pad>", "[PAD]");
      },
      get mask() {
        return required("mask_token", "<mask>", "[MASK]");
      },
      get unknown() {
        return model.unknown ?? required("unk_token", "<unk>", "[UNK]");
      },
    },
    words(text) {
      const words: string[] = [];
      let done = 0; // a prefixed ▁ and the bytes of one character stand for characters that others stand for too
      for (const { start, end } of model.tokens(text)) {
        const word = text.slice(Math.max(done, start), end).trim();
        done = Math.max(done, end);
        if (word !== "") words.push(word);
      }
      return words;
    },
    tokens: (text) => idsOf(text).map((id) => model.pieces[id]),
    offsets: (text) => model.tokens(text).map(({ start, end }): Span => [start, end]),
    wordOf: (text) => model.tokens(text).map((_, word) => word),
    encode: model.encode,
    encodeInContext: (text, context, maxLength = Infinity) =>
      inContext(idsOf(text), context.map(idsOf), { cls, sep, maxLength }),
  };
}
