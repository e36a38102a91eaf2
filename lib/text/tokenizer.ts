/**
 * Text → ids, as transformers' BertJapaneseTokenizer gives them for MeCab-IPADIC words and WordPiece:
 * NFKC, words, pieces, [CLS] … [SEP].
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSegmenter, type Segmenter } from "./morphemes";
import { normalise } from "./normalise";
import { characters, readVocabulary, wordpieces, type Vocabulary } from "./wordpiece";

/** One text, or a pair of texts, with [CLS] and [SEP]; not padded. */
export interface Encoding {
  /** Token ids, [T]. */
  readonly ids: readonly number[];
  /** Segment of each token, [T]: 0 for the first text, 1 for its pair. */
  readonly types: readonly number[];
}

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** The words of a text, before they are cut into pieces. */
  words(text: string): string[];
  /** The pieces of a text, without [CLS] and [SEP]. */
  tokens(text: string): string[];
  /**
   * The ids of a text or, with `pair`, of two. A text of more than maxLength tokens, [CLS] and [SEP] counted, loses its end;
   * of a pair the longer text loses its end first, of two as long the second. Without maxLength nothing is cut.
   */
  encode(text: string, options?: { readonly pair?: string; readonly maxLength?: number }): Encoding;
}

export type PieceKind = "wordpiece" | "character";

/** In a text these stand for themselves, as in transformers, and are not cut. */
const SPECIAL = /(\[(?:PAD|UNK|CLS|SEP|MASK)\])/;
/** Words whose pieces are remembered, some 50 MB; then the memory starts anew. */
const REMEMBERED = 2 ** 18;

/** A tokenizer from words and a vocabulary; only word → pieces is remembered between texts. */
export function tokenizerOf(segment: Segmenter, vocabulary: Vocabulary, kind: PieceKind = "wordpiece"): Tokenizer {
  const cut = kind === "character" ? characters : wordpieces;
  const known = new Map<string, readonly number[]>();
  const remember = (word: string): readonly number[] => {
    if (known.size === REMEMBERED) known.clear();
    const ids = cut(word, vocabulary);
    known.set(word, ids);
    return ids;
  };
  /** Odd parts are special tokens. */
  const partsOf = (text: string) => (text.includes("[") ? text.split(SPECIAL) : [text]);
  const idsOf = (text: string): number[] => {
    const ids: number[] = [];
    partsOf(text).forEach((part, i) => {
      if (i % 2 === 1) ids.push(vocabulary.ids.get(part) as number);
      else for (const word of segment(normalise(part))) for (const id of known.get(word) ?? remember(word)) ids.push(id);
    });
    return ids;
  };
  return {
    vocabulary,
    words: (text) => partsOf(text).flatMap((part, i) => (i % 2 === 1 ? [part] : segment(normalise(part)))),
    tokens: (text) => idsOf(text).map((id) => vocabulary.pieces[id]),
    encode(text, { pair, maxLength = Infinity } = {}) {
      const first = idsOf(text);
      const second = pair === undefined ? [] : idsOf(pair);
      const room = maxLength - (pair === undefined ? 2 : 3);
      if (room < 1) throw new Error(`maxLength ${maxLength} leaves no room for a token: give at least ${maxLength - room + 1}`);
      while (first.length + second.length > room) (first.length > second.length ? first : second).pop();
      const { cls, sep } = vocabulary;
      const types = new Array<number>(first.length + 2).fill(0);
      if (pair === undefined) return { ids: [cls, ...first, sep], types };
      return { ids: [cls, ...first, sep, ...second, sep], types: [...types, ...new Array<number>(second.length + 1).fill(1)] };
    },
  };
}

const WORKING =
  "Models with IPADIC words work: komalab's built-in one (data/model), cl-tohoku/bert-base-japanese and cl-tohoku/bert-base-japanese-whole-word-masking.";

interface TokenizerConfig {
  readonly tokenizer_class?: string;
  readonly word_tokenizer_type?: string;
  readonly subword_tokenizer_type?: string;
  readonly do_lower_case?: boolean;
  readonly mecab_kwargs?: { readonly mecab_dic?: string | null } | null;
}

/**
 * Refuses a checkpoint whose words are not MeCab-IPADIC's.
 * @throws with the file, what it asks for and models that work
 */
export function checkTokenizerConfig(config: TokenizerConfig, path: string): void {
  const refuse = (what: string): never => {
    throw new Error(`${path}: ${what}, which komalab does not read; with other words the model would see wrong tokens. ${WORKING}`);
  };
  if (config.tokenizer_class !== undefined && config.tokenizer_class !== "BertJapaneseTokenizer") refuse(`tokenizer_class is ${config.tokenizer_class}`);
  const words = config.word_tokenizer_type ?? "basic"; // transformers' default
  if (words !== "mecab") refuse(`word_tokenizer_type is ${words}`);
  // Tohoku's first models have no mecab_kwargs: IPADIC was the default of the transformers that they were made with
  const dictionary = config.mecab_kwargs?.mecab_dic ?? "ipadic";
  if (dictionary !== "ipadic") refuse(`its words are made with the dictionary ${dictionary}`);
  const pieces = config.subword_tokenizer_type ?? "wordpiece";
  if (pieces !== "wordpiece") refuse(`subword_tokenizer_type is ${pieces}`);
  if (config.do_lower_case === true) refuse("do_lower_case is true");
}

/**
 * Opens the tokenizer of a Hugging Face folder (vocab.txt, tokenizer_config.json).
 * @throws if a file is missing or the words are not IPADIC's
 */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  const configPath = join(folder, "tokenizer_config.json");
  if (!existsSync(configPath)) {
    throw new Error(
      `${configPath} is missing, so the words of this model are unknown. If they are MeCab-IPADIC's, write the file: ` +
        `{"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}`,
    );
  }
  checkTokenizerConfig(JSON.parse(readFileSync(configPath, "utf8")) as TokenizerConfig, configPath);
  return tokenizerOf(await loadSegmenter(), readVocabulary(join(folder, "vocab.txt")));
}
