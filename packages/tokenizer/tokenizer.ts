/**
 * Text → ids, as transformers' BertJapaneseTokenizer gives them for MeCab's words and WordPiece or
 * characters: NFKC, words, pieces, [CLS] … [SEP].
 */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { sha256, sha256OfFile, writeBeside } from "../../lib/support/files";
import { shown } from "../../lib/support/printable";
import type { OnProgress } from "../../lib/support/progress";
import { isObject, readObject } from "../hf-files";
import { type DictionaryName, dictionaryHash, loadSegmenter, type Segmenter } from "../mecab";
import { type AddedTokens, partsAt, readAddedTokens, specialTokens } from "./added-tokens";
import { characters, normalise, readVocabulary, type Vocabulary, wordpieces } from "./wordpiece";

/** The files of a folder that decide its tokens; most folders hold some of them. */
export const TOKENIZER_FILES: readonly string[] = [
  "vocab.txt",
  "tokenizer_config.json",
  "added_tokens.json",
  "special_tokens_map.json",
  "tokenizer.json",
];

/** One text, a pair of texts, or a text after its context, with [CLS] and [SEP]; not padded. */
export interface TokenIds {
  /** Token ids, [T]. */
  readonly ids: readonly number[];
  /**
   * Segment of each token, [T]: 0 for the first text and for context, 1 for its pair and for the text after
   * context.
   */
  readonly segmentIds: readonly number[];
}

export interface Tokenizer {
  /** Its pieces have the added tokens' names too, its ids have not. */
  readonly vocabulary: Vocabulary;
  /** The words of a text, before they are cut into pieces; a special or added token is one. */
  words(text: string): string[];
  /** The pieces of a text, without [CLS] and [SEP]. */
  tokens(text: string): string[];
  /**
   * The ids of a text or, with `pair`, of two. A text of more than maxLength tokens, [CLS] and [SEP] counted,
   * loses its end; of a pair the longer text loses its end first, of two as long the second. Without
   * maxLength nothing is cut.
   * @throws if maxLength has no room for a token
   */
  encode(text: string, options?: { readonly pair?: string; readonly maxLength?: number }): TokenIds;
  /**
   * The ids of a text after others, the oldest first: [CLS] a [SEP] b [SEP] text [SEP], as BERT's pair whose
   * first part is all that comes before; so segment 0 up to the last [SEP] before the text, and 1 from there
   * on. Beyond maxLength the oldest tokens are left out, a text that loses all of them with its [SEP]; the
   * last text stays whole, however long it is. Where nothing comes before it, the result is that of
   * encode(text).
   */
  encodeInContext(text: string, context: readonly string[], maxLength?: number): TokenIds;
}

type PieceKind = "wordpiece" | "character";

/** Words whose pieces are remembered, some 50 MB; then the memory starts anew. */
const REMEMBERED = 2 ** 18;

interface TokenizerOptions {
  readonly kind?: PieceKind;
  /** In a text these stand for themselves and are not cut; BERT's five special tokens if left out. */
  readonly added?: AddedTokens;
}

/** A tokenizer from words and a vocabulary; only word → pieces is remembered between texts. */
export function tokenizerOf(
  segment: Segmenter,
  vocabulary: Vocabulary,
  { kind = "wordpiece", added = specialTokens(vocabulary) }: TokenizerOptions = {},
): Tokenizer {
  const cut = kind === "character" ? characters : wordpieces;
  const known = new Map<string, readonly number[]>();
  const remember = (word: string): readonly number[] => {
    if (known.size === REMEMBERED) known.clear();
    const ids = cut(word, vocabulary);
    known.set(word, ids);
    return ids;
  };
  const partsOf = partsAt(added);
  const idsOf = (text: string): number[] => {
    const ids: number[] = [];
    for (const part of partsOf(text)) {
      const token = added.get(part);
      if (token) ids.push(token.id);
      else {
        for (const word of segment(normalise(part)))
          for (const id of known.get(word) ?? remember(word)) ids.push(id);
      }
    }
    return ids;
  };
  const last = Math.max(vocabulary.pieces.length - 1, ...[...added.values()].map(({ id }) => id));
  const pieces = Array.from({ length: last + 1 }, (_, id) => vocabulary.pieces[id] ?? "");
  for (const [name, { id }] of added) pieces[id] = name;
  return {
    vocabulary: { ...vocabulary, pieces },
    words: (text) => partsOf(text).flatMap((part) => (added.has(part) ? [part] : segment(normalise(part)))),
    tokens: (text) => idsOf(text).map((id) => pieces[id]),
    encode(text, { pair, maxLength = Infinity } = {}) {
      const first = idsOf(text);
      const second = pair === undefined ? [] : idsOf(pair);
      const room = maxLength - (pair === undefined ? 2 : 3);
      if (room < 1)
        throw new Error(
          `maxLength ${maxLength} has no room for a token: give at least ${maxLength - room + 1}`,
        );
      while (first.length + second.length > room) (first.length > second.length ? first : second).pop();
      const { cls, sep } = vocabulary;
      const segmentIds = new Array<number>(first.length + 2).fill(0);
      if (pair === undefined) return { ids: [cls, ...first, sep], segmentIds };
      segmentIds.push(...second.map(() => 1), 1);
      return { ids: [cls, ...first, sep, ...second, sep], segmentIds };
    },
    encodeInContext(text, context, maxLength = Infinity) {
      const { cls, sep } = vocabulary;
      const own = [...idsOf(text), sep];
      const earlier = context.map(idsOf).flatMap((ids) => (ids.length === 0 ? [] : [...ids, sep]));
      const fitting = earlier.slice(Math.max(0, earlier.length - Math.max(0, maxLength - own.length - 1)));
      const kept = fitting[0] === sep ? fitting.slice(1) : fitting;
      const segmentIds = [cls, ...kept, ...own].map((_, place) =>
        kept.length > 0 && place > kept.length ? 1 : 0,
      );
      return { ids: [cls, ...kept, ...own], segmentIds };
    },
  };
}

const WORKING =
  "Models with MeCab's words (IPADIC or unidic_lite) and WordPiece or characters work: komalab's built-in one (data/model) " +
  "and Tohoku University's bert-base-japanese, -v2, -v3 and -char.";

interface TokenizerConfig {
  readonly tokenizer_class?: string;
  readonly word_tokenizer_type?: string;
  readonly subword_tokenizer_type?: string;
  readonly do_lower_case?: boolean;
  readonly do_word_tokenize?: boolean | null;
  readonly do_subword_tokenize?: boolean;
  readonly mecab_kwargs?: {
    readonly mecab_dic?: string | null;
    readonly mecab_option?: string | null;
    readonly normalize_text?: boolean;
  } | null;
  readonly [other: string]: unknown;
}

/** How a checkpoint makes tokens. */
export interface TokenizerKind {
  readonly dictionary: DictionaryName;
  readonly pieces: PieceKind;
}

/**
 * What a tokenizer_config.json asks for.
 * @throws with the file, what it asks for and models that work, if komalab does not read it
 */
export function tokenizerKind(config: TokenizerConfig, path: string): TokenizerKind {
  const refuse = (what: string): never => {
    throw new Error(
      `${path}: ${what}, which komalab does not read; other words would give wrong tokens. ${WORKING}`,
    );
  };
  const told = (value: unknown) => (typeof value === "string" ? value.slice(0, 100) : shown(value));
  const only = <K extends keyof TokenizerConfig>(key: K, wanted: TokenizerConfig[K]): void => {
    if (config[key] !== undefined && config[key] !== wanted) refuse(`${key} is ${told(config[key])}`);
  };
  only("tokenizer_class", "BertJapaneseTokenizer");
  only("do_lower_case", false); // without it, never_split has no effect
  only("do_word_tokenize", true);
  only("do_subword_tokenize", true);
  const words = config.word_tokenizer_type ?? "basic"; // transformers' default
  if (words !== "mecab") refuse(`word_tokenizer_type is ${told(words)}`);
  const { mecab_dic, mecab_option, normalize_text = true, ...others } = config.mecab_kwargs ?? {};
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`mecab_kwargs has ${told(other)}`);
  // without mecab_kwargs, as Tohoku's first models, it is older than the choice (transformers 2.9, 2020)
  const dictionary = "mecab_kwargs" in config ? mecab_dic : "ipadic";
  if (!dictionary)
    throw new Error(
      `${path}: mecab_kwargs names no dictionary, for which transformers takes ipadic before 4.46 and unidic_lite since: ` +
        'write the one that the model was trained with, "mecab_kwargs": {"mecab_dic": "ipadic"} or {"mecab_dic": "unidic_lite"}',
    );
  if (dictionary !== "ipadic" && dictionary !== "unidic_lite")
    return refuse(`its words are of the dictionary ${told(dictionary)}`);
  if (mecab_option) refuse(`mecab_option is ${told(mecab_option)}`);
  if (!normalize_text) refuse("normalize_text is false");
  const pieces = config.subword_tokenizer_type ?? "wordpiece";
  if (pieces !== "wordpiece" && pieces !== "character")
    return refuse(`subword_tokenizer_type is ${told(pieces)}`);
  return { dictionary, pieces };
}

/** @throws if the file is missing or damaged, with what it may hold */
function readTokenizerConfig(folder: string): { readonly path: string; readonly config: TokenizerConfig } {
  const path = join(folder, "tokenizer_config.json");
  if (!existsSync(path)) {
    throw new Error(
      `${path} is missing, so the words of this model are unknown. If they are MeCab-IPADIC's, write the file: ` +
        `{"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}`,
    );
  }
  return { path, config: readObject(path) };
}

/**
 * A hash of all that decides the tokens of a folder: its files and the dictionary of words.
 * @throws if komalab does not read the tokenizer
 */
export async function tokenizerHash(folder: string): Promise<string> {
  const files = TOKENIZER_FILES.map((name) => join(folder, name)).filter(existsSync);
  const hashes = await Promise.all(
    files.map(async (file) => `${basename(file)} ${await sha256OfFile(file)}`),
  );
  const { path, config } = readTokenizerConfig(folder);
  const { dictionary } = tokenizerKind(config, path);
  return sha256([...hashes, `${dictionary} ${dictionaryHash(dictionary)}`].join("\n"));
}

/**
 * Copies what decides a folder's tokens to another one, and says there what transformers 4 and 5 else each
 * take for granted: the class, the dictionary, and that pairs have segments (5 gives BertJapaneseTokenizer no
 * token_type_ids unless they are named). Its list of special tokens has the name that both read.
 * @throws if komalab does not read the tokenizer
 */
export function copyTokenizer(from: string, to: string): void {
  const { path, config } = readTokenizerConfig(from);
  const { dictionary } = tokenizerKind(config, path);
  const { extra_special_tokens: extra, ...rest } = config;
  const special = (config.additional_special_tokens ?? []) as readonly unknown[];
  const written = {
    ...rest,
    tokenizer_class: "BertJapaneseTokenizer",
    mecab_kwargs: { ...config.mecab_kwargs, mecab_dic: dictionary },
    ...(Array.isArray(extra)
      ? { additional_special_tokens: [...new Set([...special, ...extra])] }
      : isObject(extra) && { extra_special_tokens: extra }),
    model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
  };
  for (const name of TOKENIZER_FILES) {
    const [source, copy] = [from, to].map((folder) => join(folder, name));
    if (name === "tokenizer_config.json") writeBeside(copy, `${JSON.stringify(written, null, 2)}\n`);
    else if (existsSync(source)) writeBeside(copy, readFileSync(source));
    else rmSync(copy, { force: true });
  }
}

/**
 * Opens the tokenizer of a Hugging Face folder: vocab.txt, tokenizer_config.json and the files that name
 * added tokens.
 * @throws if a file is missing or damaged, the words or the added tokens are of a kind that komalab does not
 *   read, or their dictionary cannot be fetched
 */
export async function openTokenizer(folder: string, onProgress?: OnProgress): Promise<Tokenizer> {
  const { path, config } = readTokenizerConfig(folder);
  const { dictionary, pieces } = tokenizerKind(config, path);
  const vocabulary = readVocabulary(join(folder, "vocab.txt"));
  const added = readAddedTokens(folder, config, vocabulary);
  return tokenizerOf(await loadSegmenter(dictionary, onProgress), vocabulary, { kind: pieces, added });
}
