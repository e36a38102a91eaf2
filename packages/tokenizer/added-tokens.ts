/**
 * Tokens beside a vocabulary's pieces: which a Hugging Face folder names, and where they part a text, as in
 * transformers' tokenizers written in Python. 4.57 and 5.24 are the judges
 * (test/reference/make_added_tokens.py); a folder that these two read differently is refused.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { anyOf } from "../../lib/support/pattern";
import { brief, shown } from "../../lib/support/printable";
import { isObject, type Json, readObject } from "../hf-files";
import { type Vocabulary, WHITE_SPACE } from "./wordpiece";

interface Flags {
  /** Whether it takes the white space before it, or after it, along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Only between spaces is it a token. */
  readonly singleWord: boolean;
}

interface AddedToken extends Flags {
  readonly id: number;
}

/** By what they are in a text. */
export type AddedTokens = ReadonlyMap<string, AddedToken>;

/** BERT's five, in the order of transformers, which takes them for granted. */
export const SPECIAL = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};
/** The files that name tokens. */
const NAMING = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.json"];
const PLAIN: Flags = { lstrip: false, rstrip: false, singleWord: false };

/** BERT's five special tokens alone. */
export const specialTokens = ({ ids }: Vocabulary): AddedTokens =>
  new Map(Object.values(SPECIAL).map((name) => [name, { id: ids.get(name) as number, ...PLAIN }]));

const flagsOf = ({ lstrip = false, rstrip = false, single_word = false }: Json) =>
  ({ lstrip, rstrip, singleWord: single_word }) as Flags;

const sameFlags = (a: Flags, b: Flags) =>
  a.lstrip === b.lstrip && a.rstrip === b.rstrip && a.singleWord === b.singleWord;

const MOST_LETTERS = 1000; // of a token's name
/** Ids end here: the vocabularies that are published have up to 901,629 pieces (XLM-V). */
const IDS = 2 ** 20;

/** A token inside another one, not at its ends. */
function insideOf(
  outer: string,
  lengths: readonly number[],
  tokens: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const length of lengths)
    for (let start = 1; start + length < outer.length; start++)
      if (tokens.has(outer.slice(start, start + length))) return outer.slice(start, start + length);
  return undefined;
}

/**
 * The tokens that a folder names in tokenizer_config.json and, where that has no added_tokens_decoder, in
 * special_tokens_map.json, added_tokens.json and tokenizer.json too.
 * @param config what stands in tokenizer_config.json
 * @throws with the folder and the token if versions of transformers read it differently, or komalab does not
 */
export function readAddedTokens(folder: string, config: Json, vocabulary: Vocabulary): AddedTokens {
  const refuse = (what: string): never => {
    const files = NAMING.filter((name) => existsSync(join(folder, name))).join(" and ");
    throw new Error(
      `${folder}, ${files}: ${what}. Correct it with the transformers that the model was made with and save the tokenizer again: ` +
        "from 4.34 on, tokenizer_config.json then says of each token what it is (added_tokens_decoder)",
    );
  };
  const fileOf = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readObject(path) : {};
  };
  const tokens = new Map<string, AddedToken>(),
    byId = new Map<number, string>();
  const add = (name: unknown, id: unknown, flags = PLAIN): void => {
    const isId = Number.isInteger(id) && (id as number) >= 0 && (id as number) < IDS;
    if (typeof name !== "string" || name === "" || !isId)
      throw refuse(`the added token ${shown(name)} has the id ${shown(id)} (ids are 0 to ${IDS - 1})`);
    if (name.length > MOST_LETTERS) refuse(`the added token "${brief(name)}" has ${name.length} letters`);
    const twin = byId.get(id as number) ?? (tokens.has(name) ? name : undefined);
    if (twin !== undefined && (twin !== name || tokens.get(name)!.id !== id))
      refuse(`the added tokens "${brief(twin)}" and "${brief(name)}" have one name or one id, ${id}`);
    const known = vocabulary.ids.get(name) ?? id;
    if (known !== id) refuse(`the added token "${brief(name)}" has the id ${id}, but ${known} in vocab.txt`);
    tokens.set(name, { id: id as number, ...flags });
    byId.set(id as number, name);
  };

  const { added_tokens_decoder: decoder } = config;
  const map = isObject(decoder) ? {} : fileOf("special_tokens_map.json");
  if (isObject(decoder)) {
    for (const [id, token] of Object.entries(decoder)) {
      const { content, ...flags } = isObject(token)
        ? token
        : refuse(`the added token ${brief(id)} is ${shown(token)}`);
      add(content, Number(id), flagsOf(flags));
    }
  } else {
    for (const [name, id] of Object.entries(fileOf("added_tokens.json"))) add(name, id);
    const { added_tokens: list = [] } = fileOf("tokenizer.json");
    for (const token of Array.isArray(list) ? (list as readonly unknown[]) : [list]) {
      const { content, id, ...flags } = isObject(token) ? token : refuse(`an added token is ${shown(token)}`);
      add(content, id, flagsOf(flags));
    }
  }

  /** Named without an id: it has one in the vocabulary, or else gets the next. */
  const waiting = new Map<string, Flags>();
  const name = (key: string, source: Json, token: unknown): string => {
    const flags = isObject(token) ? flagsOf(token) : undefined;
    const content = isObject(token) ? token.content : token;
    const readable =
      !flags || (token as Json).__type === "AddedToken" || (source === map && !key.endsWith("s"));
    if (typeof content !== "string" || !readable) return refuse(`${key} is ${shown(token)}`);
    const known = tokens.get(content);
    if (known && flags && !sameFlags(known, flags))
      refuse(`${key} says other things of the token "${brief(content)}" than the file with its id`);
    if (!known && content !== "") waiting.set(content, flags ?? PLAIN);
    return content;
  };
  const sourceOf = (key: string) => (key in map ? map : config);
  for (const key of ["bos_token", "eos_token"])
    if (sourceOf(key)[key] != null) name(key, sourceOf(key), sourceOf(key)[key]);
  for (const [key, usual] of Object.entries(SPECIAL)) {
    const { [key]: token = usual } = sourceOf(key);
    const content = name(key, sourceOf(key), token);
    if (content !== usual) refuse(`${key} is "${brief(content)}", and komalab knows ${usual} alone`);
  }
  const first = waiting.size;
  const lists = [config, map].flatMap((source) =>
    ["additional_special_tokens", "extra_special_tokens"].flatMap((key) => {
      const list: readonly unknown[] = Object.values(source[key] ?? []);
      for (const token of list) name(key, source, token);
      return list.length > 0 ? [key] : [];
    }),
  );
  const [listed] = [...waiting.keys()].slice(first);
  if (listed !== undefined && lists.length > 1)
    refuse(`${lists.join(" and ")} name special tokens, one of them "${brief(listed)}", in two places`);
  for (const [key, token] of Object.entries({ ...config, ...map }))
    if (/_token$/.test(key) && typeof token === "string" && !tokens.has(token) && !waiting.has(token))
      refuse(`${brief(key)} is "${brief(token)}", which is an added token for transformers 5 and none for 4`);
  if (config.split_special_tokens === true) refuse("split_special_tokens is true, which komalab does not do");

  let next = new Set([...vocabulary.ids.keys(), ...tokens.keys()]).size;
  for (const [content, flags] of waiting) add(content, vocabulary.ids.get(content) ?? next++, flags);
  const lengths = [...new Set([...tokens.keys()].map((token) => token.length))];
  for (const outer of tokens.keys()) {
    const inner = insideOf(outer, lengths, tokens);
    if (inner !== undefined)
      refuse(
        `the token "${brief(inner)}" stands inside "${brief(outer)}", where transformers parts some texts wrongly`,
      );
  }
  return tokens;
}

const START = new RegExp(`^${WHITE_SPACE.source}`);
const END = new RegExp(`${WHITE_SPACE.source}$`);

/** Parts texts so that added tokens stand alone: of those that begin first the longest. */
export function partsAt(added: AddedTokens): (text: string) => readonly string[] {
  const token = new RegExp(`(${anyOf(added.keys())})`, "u");
  const plain = [...added.values()].every((flags) => sameFlags(flags, PLAIN));
  return (text) => {
    const parts = text.split(token).filter((part) => part !== "");
    if (plain) return parts;
    // one after another and with the neighbours as they were before: in transformers' order
    for (let i = 0; i < parts.length; i++) {
      const flags = added.get(parts[i]);
      if (!flags) continue;
      const [left = "", self, right = ""] = [parts[i - 1], parts[i], parts[i + 1]];
      if (flags.rstrip && right !== "") parts[i + 1] = right.replace(START, "");
      if (flags.lstrip && left !== "") parts[i - 1] = left.replace(END, "");
      if (!flags.singleWord) continue;
      if (left !== "" && !left.endsWith(" ")) [parts[i - 1], parts[i]] = [parts[i - 1] + self, ""];
      else if (right !== "" && !right.startsWith(" ")) [parts[i], parts[i + 1]] = ["", self + parts[i + 1]];
    }
    return parts.filter((part) => part !== "");
  };
}
