/**
 * Text → ids, as transformers' BertJapaneseTokenizer gives them for MeCab's words and WordPiece or
 * characters: NFKC, words, pieces, [CLS] … [SEP].
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { sha256, sha256OfFile } from "../files";
import type { OnProgress } from "../progress";
import { type DictionaryName, dictionaryHash, loadSegmenter, type Segmenter } from "./morphemes";
import { normalise } from "./normalise";
import { characters, readVocabulary, type Vocabulary, wordpieces } from "./wordpiece";

/** One text, a pair of texts, or a text after its context, with [CLS] and [SEP]; not padded. */
export interface Encoding {
  /** Token ids, [T]. */
  readonly ids: readonly number[];
  /**
   * Segment of each token, [T]: 0 for the first text and for context, 1 for its pair and for the text after
   * context.
   */
  readonly types: readonly number[];
}

export interface Tokenizer {
  readonly vocabulary: Vocabulary;
  /** The words of a text, before they are cut into pieces. */
  words(text: string): string[];
  /** The pieces of a text, without [CLS] and [SEP]. */
  tokens(text: string): string[];
  /**
   * The ids of a text or, with `pair`, of two. A text of more than maxLength tokens, [CLS] and [SEP] counted,
   * loses its end; of a pair the longer text loses its end first, of two as long the second. Without
   * maxLength nothing is cut.
   */
  encode(text: string, options?: { readonly pair?: string; readonly maxLength?: number }): Encoding;
  /**
   * The ids of a text after others, the oldest first: [CLS] a [SEP] b [SEP] text [SEP], as BERT's pair whose
   * first part is all that comes before; so segment 0 up to the last [SEP] before the text, and 1 from there
   * on. Beyond maxLength the oldest tokens are left out, a text that loses all of them with its [SEP]; the
   * last text stays whole, however long it is. Where nothing comes before it, the result is that of
   * encode(text).
   */
  encodeInContext(text: string, context: readonly string[], maxLength?: number): Encoding;
}

export type PieceKind = "wordpiece" | "character";

/** In a text these stand for themselves, as in transformers, and are not cut. */
const SPECIAL = /(\[(?:PAD|UNK|CLS|SEP|MASK)\])/;
/** Words whose pieces are remembered, some 50 MB; then the memory starts anew. */
const REMEMBERED = 2 ** 18;

/** A tokenizer from words and a vocabulary; only word → pieces is remembered between texts. */
export function tokenizerOf(
  segment: Segmenter,
  vocabulary: Vocabulary,
  kind: PieceKind = "wordpiece",
): Tokenizer {
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
      else {
        for (const word of segment(normalise(part)))
          for (const id of known.get(word) ?? remember(word)) ids.push(id);
      }
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
      if (room < 1)
        throw new Error(
          `maxLength ${maxLength} has no room for a token: give at least ${maxLength - room + 1}`,
        );
      while (first.length + second.length > room) (first.length > second.length ? first : second).pop();
      const { cls, sep } = vocabulary;
      const types = new Array<number>(first.length + 2).fill(0);
      if (pair === undefined) return { ids: [cls, ...first, sep], types };
      types.push(...second.map(() => 1), 1);
      return { ids: [cls, ...first, sep, ...second, sep], types };
    },
    encodeInContext(text, context, maxLength = Infinity) {
      const { cls, sep } = vocabulary;
      const own = [...idsOf(text), sep];
      const earlier = context.map(idsOf).flatMap((ids) => (ids.length === 0 ? [] : [...ids, sep]));
      const fitting = earlier.slice(Math.max(0, earlier.length - Math.max(0, maxLength - own.length - 1)));
      const kept = fitting[0] === sep ? fitting.slice(1) : fitting;
      const types = [cls, ...kept, ...own].map((_, place) =>
        kept.length > 0 && place > kept.length ? 1 : 0,
      );
      return { ids: [cls, ...kept, ...own], types };
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
  readonly do_word_tokenize?: boolean;
  readonly do_subword_tokenize?: boolean;
  readonly mecab_kwargs?: {
    readonly mecab_dic?: string | null;
    readonly mecab_option?: string | null;
    readonly normalize_text?: boolean;
  } | null;
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
  const only = <K extends keyof TokenizerConfig>(key: K, wanted: TokenizerConfig[K]): void => {
    if ((config[key] ?? wanted) !== wanted) refuse(`${key} is ${String(config[key])}`);
  };
  only("tokenizer_class", "BertJapaneseTokenizer");
  only("do_lower_case", false);
  only("do_word_tokenize", true);
  only("do_subword_tokenize", true);
  const words = config.word_tokenizer_type ?? "basic"; // transformers' default
  if (words !== "mecab") refuse(`word_tokenizer_type is ${words}`);
  const { mecab_dic, mecab_option, normalize_text = true } = config.mecab_kwargs ?? {};
  // Tohoku's first models have no mecab_kwargs: IPADIC was the default of the transformers that they were
  // made with
  const dictionary = mecab_dic ?? "ipadic";
  if (dictionary !== "ipadic" && dictionary !== "unidic_lite")
    return refuse(`its words are of the dictionary ${dictionary}`);
  if (mecab_option) refuse(`mecab_option is ${mecab_option}`);
  if (!normalize_text) refuse("normalize_text is false");
  const pieces = config.subword_tokenizer_type ?? "wordpiece";
  if (pieces !== "wordpiece" && pieces !== "character") return refuse(`subword_tokenizer_type is ${pieces}`);
  return { dictionary, pieces };
}

/** The files of a Hugging Face folder that decide its tokens; most folders hold some of them. */
export const TOKENIZER_FILES = [
  "vocab.txt",
  "tokenizer_config.json",
  "added_tokens.json",
  "special_tokens_map.json",
  "tokenizer.json",
] as const;

/** A hash of all that decides the tokens of a folder: its files and the dictionary of words. */
export async function tokenizerHash(folder: string): Promise<string> {
  const files = TOKENIZER_FILES.map((name) => join(folder, name)).filter(existsSync);
  const hashes = await Promise.all(
    files.map(async (file) => `${basename(file)} ${await sha256OfFile(file)}`),
  );
  const configPath = join(folder, "tokenizer_config.json");
  const { dictionary } = tokenizerKind(JSON.parse(readFileSync(configPath, "utf8")), configPath);
  return sha256([...hashes, `${dictionary} ${dictionaryHash(dictionary)}`].join("\n"));
}

/**
 * Opens the tokenizer of a Hugging Face folder (vocab.txt, tokenizer_config.json).
 * @throws if a file is missing, the words are of a kind that komalab does not read, or their dictionary
 *   cannot be fetched
 */
export async function openTokenizer(folder: string, onProgress?: OnProgress): Promise<Tokenizer> {
  const configPath = join(folder, "tokenizer_config.json");
  if (!existsSync(configPath)) {
    throw new Error(
      `${configPath} is missing, so the words of this model are unknown. If they are MeCab-IPADIC's, write the file: ` +
        `{"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}`,
    );
  }
  const config = JSON.parse(readFileSync(configPath, "utf8")) as TokenizerConfig;
  const { dictionary, pieces } = tokenizerKind(config, configPath);
  return tokenizerOf(
    await loadSegmenter(dictionary, onProgress),
    readVocabulary(join(folder, "vocab.txt")),
    pieces,
  );
}
