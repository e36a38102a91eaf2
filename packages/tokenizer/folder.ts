/** The tokenizer of a Hugging Face folder: its kind by its files, their hash, and copies of them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { cacheFolder, projectRoot, sha256, sha256OfFile, writeBeside } from "../../lib/support/files";
import { existing } from "../../lib/support/nearest";
import { shown } from "../../lib/support/printable";
import type { OnProgress } from "../../lib/support/progress";
import { isObject, type Json, readObject } from "../hf-files";
import { type DictionaryName, dictionaryHash, loadDictionary, loadSegmenter } from "../mecab";
import { readSentencePiece } from "../unigram";
import { readAddedTokens } from "./added-tokens";
import type { TokenizerParts } from "./parts";
import { sentencePieceCut } from "./sentencepiece";
import { type Tokenizer, tokenizerOf } from "./tokenizer";
import { openUnigram, readUnigramParts } from "./unigram-folder";
import { characterCut, readVocabulary, vocabularyOf, wordpieceCut } from "./wordpiece";

/** The files of a folder that decide its tokens; most folders hold some of them. */
export const TOKENIZER_FILES: readonly string[] = [
  "vocab.txt",
  "tokenizer_config.json",
  "added_tokens.json",
  "special_tokens_map.json",
  "tokenizer.json",
  "spiece.model",
  "user_dictionary.csv",
];

/** Words of the user's own beside those of MeCab's dictionary, in its CSV: in a folder, and as a setting. */
const USER_DICTIONARY = "user_dictionary.csv";
const USER_DICTIONARY_VARIABLE = "KOMALAB_USER_DICTIONARY";

const WORKING =
  "Models with MeCab's words (IPADIC or unidic_lite) and WordPiece or characters work: komalab's built-in one (data/model) " +
  "and Tohoku University's bert-base-japanese, -v2, -v3 and -char; with SentencePiece sbintuitions/modernbert-ja-30m to -310m, " +
  "cl-nagoya/ruri-v3-30m to -310m, llm-jp/llm-jp-modernbert-base and line-corporation/line-distilbert-base-japanese.";

/** Models whose files do not say that texts must be cut into Juman++'s words first. */
const CUT_BEFORE = /nlp-waseda\/(roberta|bigbird)|ku-nlp\/(deberta-v2|roberta)/;

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

/** LINE's class of its own, whose Python is not run: words and pieces as BertJapaneseTokenizer makes them. */
const LINE = "DistilBertJapaneseTokenizer";

const PIECES = ["wordpiece", "character", "sentencepiece"] as const;

/** How a checkpoint with MeCab's words makes tokens. */
interface TokenizerKind {
  readonly dictionary: DictionaryName;
  readonly pieces: (typeof PIECES)[number];
  /** Words in lower case: with pieces of SentencePiece alone. */
  readonly lowercase?: boolean;
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
  const isLine = config.tokenizer_class === LINE;
  if (!isLine) only("tokenizer_class", "BertJapaneseTokenizer");
  const asked = config.subword_tokenizer_type ?? (isLine ? "sentencepiece" : "wordpiece");
  const pieces = PIECES.find((kind) => kind === asked) ?? refuse(`subword_tokenizer_type is ${told(asked)}`);
  if (pieces !== "sentencepiece") only("do_lower_case", false); // without it, never_split has no effect
  only("do_word_tokenize", true);
  only("do_subword_tokenize", true);
  const words = config.word_tokenizer_type ?? (isLine ? "mecab" : "basic"); // transformers' default
  if (words !== "mecab") refuse(`word_tokenizer_type is ${told(words)}`);
  const { mecab_dic, mecab_option, normalize_text = true, ...others } = config.mecab_kwargs ?? {};
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`mecab_kwargs has ${told(other)}`);
  // without mecab_kwargs, as Tohoku's first models, it is older than the choice (transformers 2.9, 2020)
  const dictionary = "mecab_kwargs" in config ? mecab_dic : isLine ? "unidic_lite" : "ipadic";
  if (!dictionary)
    throw new Error(
      `${path}: mecab_kwargs names no dictionary, for which transformers takes ipadic before 4.46 and unidic_lite since: ` +
        'write the one that the model was trained with, "mecab_kwargs": {"mecab_dic": "ipadic"} or {"mecab_dic": "unidic_lite"}',
    );
  if (dictionary !== "ipadic" && dictionary !== "unidic_lite")
    return refuse(`its words are of the dictionary ${told(dictionary)}`);
  if (mecab_option) refuse(`mecab_option is ${told(mecab_option)}`);
  if (!normalize_text) refuse("normalize_text is false");
  return { dictionary, pieces, ...(config.do_lower_case === true && { lowercase: true }) };
}

interface Described {
  readonly path: string;
  readonly config: TokenizerConfig;
  /** Undefined for a tokenizer.json with a unigram model. */
  readonly kind?: TokenizerKind;
  readonly userDictionary?: string;
}

/**
 * What a folder's tokenizer is.
 * @throws if komalab does not read it; if a file is missing or damaged, with what it may hold
 */
function describe(folder: string): Described {
  const [path, model, vocabulary, own] = [
    "tokenizer_config.json",
    "tokenizer.json",
    "vocab.txt",
    "config.json",
  ].map((name) => join(folder, name));
  const config: TokenizerConfig = existsSync(path) ? readObject(path) : {};
  const names = [folder, config.name_or_path, existsSync(own) && readObject(own)._name_or_path];
  const name = names.map((one) => CUT_BEFORE.exec(String(one))).find(Boolean);
  const isWords =
    config.word_tokenizer_type !== undefined ||
    [LINE, "BertJapaneseTokenizer"].includes(config.tokenizer_class ?? "");
  if (name && !isWords)
    throw new Error(
      `${folder}: the texts of ${name[0]} must be cut into words by Juman++ first, which komalab does not have. ${WORKING}`,
    );
  const userDictionary = [join(folder, USER_DICTIONARY)].find(existsSync);
  if (!isWords && existsSync(model) && !existsSync(vocabulary)) {
    if (userDictionary !== undefined)
      throw new Error(
        `${userDictionary}: the tokenizer of this model knows no words of MeCab, so that a user dictionary has no effect: take it away`,
      );
    return { path, config };
  }
  if (!existsSync(path)) {
    throw new Error(
      `${path} is missing, so the words of this model are unknown. If they are MeCab-IPADIC's, write the file: ` +
        `{"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab", "mecab_kwargs": {"mecab_dic": "ipadic"}}`,
    );
  }
  return { path, config, kind: tokenizerKind(config, path), userDictionary };
}

/**
 * A hash of all that decides the tokens of a folder: its files and the dictionary of words.
 * @throws if komalab does not read the tokenizer
 */
export async function tokenizerHash(folder: string): Promise<string> {
  const { kind } = describe(folder);
  const files = TOKENIZER_FILES.map((name) => join(folder, name)).filter(existsSync);
  const hashes = await Promise.all(
    files.map(async (file) => `${basename(file)} ${await sha256OfFile(file)}`),
  );
  const words = kind ? [`${kind.dictionary} ${dictionaryHash(kind.dictionary)}`] : [];
  return sha256([...hashes, ...words].join("\n"));
}

/** What transformers 4 and 5 else each take for granted of a tokenizer with MeCab's words. */
function explicit(folder: string, config: TokenizerConfig, { dictionary, pieces }: TokenizerKind): Json {
  const { extra_special_tokens: extra, auto_map: _, ...rest } = config;
  const special: readonly unknown[] = Object.values(config.additional_special_tokens ?? []);
  const own = join(folder, "config.json");
  const segments = !existsSync(own) || readObject(own).model_type !== "distilbert"; // it takes none
  return {
    ...rest,
    tokenizer_class: "BertJapaneseTokenizer",
    word_tokenizer_type: "mecab",
    ...(pieces === "sentencepiece" && { subword_tokenizer_type: pieces }),
    mecab_kwargs: { ...config.mecab_kwargs, mecab_dic: dictionary },
    ...(Array.isArray(extra)
      ? { additional_special_tokens: [...new Set([...special, ...extra])] }
      : isObject(extra) && { extra_special_tokens: extra }),
    model_input_names: ["input_ids", ...(segments ? ["token_type_ids"] : []), "attention_mask"],
  };
}

/**
 * Copies what decides a folder's tokens to another one. Of MeCab's words it says there what transformers 4
 * and 5 else each take for granted: the class, which is none of LINE's own, the dictionary, and that pairs
 * have segments (5 gives BertJapaneseTokenizer no token_type_ids unless they are named). Its list of special
 * tokens has the name that both read.
 * @throws if komalab does not read the tokenizer
 */
export function copyTokenizer(from: string, to: string): void {
  const { config, kind } = describe(from);
  const written = kind && `${JSON.stringify(explicit(from, config, kind), null, 2)}\n`;
  for (const name of TOKENIZER_FILES) {
    const [source, copy] = [from, to].map((folder) => join(folder, name));
    if (name === "tokenizer_config.json" && written) writeBeside(copy, written);
    else if (existsSync(source)) writeBeside(copy, readFileSync(source));
    else rmSync(copy, { force: true });
  }
}

/**
 * Opens the tokenizer of a Hugging Face folder: MeCab's words (tokenizer_config.json) with the pieces of
 * vocab.txt or spiece.model, or a tokenizer.json with a unigram model; and the files that name added tokens.
 * @throws if a file is missing or damaged, the words or the added tokens are of a kind that komalab does not
 *   read, or their dictionary cannot be fetched
 */
export async function openTokenizer(folder: string, onProgress?: OnProgress): Promise<Tokenizer> {
  const { config, kind, userDictionary } = describe(folder);
  if (!kind) return openUnigram(readUnigramParts(folder, config), folder);
  const isPieces = kind.pieces === "sentencepiece";
  const path = join(folder, isPieces ? "spiece.model" : "vocab.txt");
  const model = isPieces ? readSentencePiece(path) : undefined;
  const vocabulary = model ? vocabularyOf(model.pieces, path) : readVocabulary(path);
  const cut = model
    ? sentencePieceCut(model, vocabulary, kind.lowercase)
    : kind.pieces === "character"
      ? characterCut(vocabulary)
      : wordpieceCut(vocabulary);
  const added = readAddedTokens(folder, config, vocabulary);
  return tokenizerOf(await loadSegmenter(kind.dictionary, { userDictionary, onProgress }), vocabulary, {
    cut,
    added,
    lowercase: kind.lowercase,
  });
}

/**
 * What the tokenizer of a folder is made of.
 * @throws as openTokenizer; if it has MeCab's words with pieces of SentencePiece
 */
export async function readParts(folder: string): Promise<TokenizerParts> {
  const { config, kind, userDictionary } = describe(folder);
  if (!kind) return readUnigramParts(folder, config);
  if (kind.pieces === "sentencepiece")
    throw new Error(
      `${folder}: its tokenizer, MeCab's words with pieces of SentencePiece, cannot be taken to parts; ` +
        "those with a vocab.txt or a unigram tokenizer.json can",
    );
  const path = join(folder, "vocab.txt"),
    vocabulary = readVocabulary(path);
  return {
    kind: "words",
    dictionary: await loadDictionary(kind.dictionary, { userDictionary }),
    pieces: vocabulary.pieces,
    cut: kind.pieces,
    added: readAddedTokens(folder, config, vocabulary),
  };
}

/** The CSV that KOMALAB_USER_DICTIONARY names, if it names one. @throws if it is not there */
export function userDictionaryPath(): string | undefined {
  const named = process.env[USER_DICTIONARY_VARIABLE];
  if (!named) return undefined;
  return [resolve(named), join(projectRoot, named)].find(existsSync) ?? existing(named);
}

/**
 * The folder of a model with the words of the CSV that KOMALAB_USER_DICTIONARY names, if it names one: a
 * folder in the cache with links to the model's files and a copy of the CSV, so that whoever opens it later,
 * in another process too, has the same words.
 * @throws if the CSV is not there, or the model's tokenizer knows no words of MeCab
 */
export function withUserDictionary(folder: string): string {
  const named = userDictionaryPath();
  if (named === undefined) return folder;
  const words = readFileSync(named);
  const made = join(
    cacheFolder(),
    "user-dictionaries",
    sha256(`${resolve(folder)} ${sha256(words)}`).slice(0, 16),
  );
  mkdirSync(made, { recursive: true });
  for (const name of readdirSync(folder)) {
    const link = join(made, name);
    if (name !== USER_DICTIONARY && !existsSync(link)) symlinkSync(resolve(folder, name), link);
  }
  writeBeside(join(made, USER_DICTIONARY), words);
  describe(made);
  return made;
}
