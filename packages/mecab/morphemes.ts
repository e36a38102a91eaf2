/** Japanese words as MeCab finds them, which transformers' BertJapaneseTokenizer uses. */
import { sha256OfFileNow } from "../../lib/support/files";
import type { OnProgress } from "../../lib/support/progress";
import type { Dictionary } from "./dictionary";
import { ipadicHash, readIpadic } from "./ipadic";
import { type Segmenter, segmenterOf } from "./lattice";
import { readMecabDictionary } from "./mecab-dictionary";
import { UNIDIC_HASH, unidicFolder } from "./unidic";
import { withUserWords } from "./user-dictionary";

export type { Segmenter };

/** As in tokenizer_config.json: IPADIC comes with kuromoji, UniDic is fetched when it is first needed. */
export type DictionaryName = "ipadic" | "unidic_lite";

interface Source {
  readonly read: (onProgress?: OnProgress) => Promise<Dictionary>;
  readonly hash: () => string;
  /** Left and right context of 名詞,固有名詞,人名,一般: a person's name. */
  readonly personContext: number;
}

const SOURCES: Readonly<Record<DictionaryName, Source>> = {
  ipadic: { read: async () => readIpadic(), hash: ipadicHash, personContext: 1289 },
  unidic_lite: {
    read: async (onProgress) => readMecabDictionary(await unidicFolder(onProgress)),
    hash: () => UNIDIC_HASH,
    personContext: 4788,
  },
};

/** What words a dictionary gives, as a hash of its files. */
export const dictionaryHash = (name: DictionaryName): string => SOURCES[name].hash();

const dictionaries = new Map<DictionaryName, Promise<Dictionary>>();
const segmenters = new Map<string, Promise<Segmenter>>();

/** A promise that is kept unless it fails. */
function kept<K, V>(map: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const known = map.get(key);
  if (known) return known;
  const promise = make();
  map.set(key, promise);
  promise.catch(() => map.delete(key));
  return promise;
}

export interface SegmenterOptions {
  /** A CSV of words beside the dictionary's: packages/mecab/user-dictionary.ts. */
  readonly userDictionary?: string;
  readonly onProgress?: OnProgress;
}

/** The dictionary with the user's words beside it. @throws as loadSegmenter */
export async function loadDictionary(
  name: DictionaryName = "ipadic",
  { userDictionary, onProgress }: SegmenterOptions = {},
): Promise<Dictionary> {
  const dictionary = await kept(dictionaries, name, () => SOURCES[name].read(onProgress));
  return userDictionary === undefined
    ? dictionary
    : withUserWords(dictionary, userDictionary, SOURCES[name].personContext);
}

/**
 * Loads a dictionary on the first call, under 1 s, and gives back its segmenter.
 * @throws if a dictionary cannot be fetched; the next call tries again; if the user's words are none, with
 *   the file and the line
 */
export function loadSegmenter(
  name: DictionaryName = "ipadic",
  options: SegmenterOptions = {},
): Promise<Segmenter> {
  const { userDictionary } = options;
  const key = userDictionary === undefined ? name : `${name} ${sha256OfFileNow(userDictionary)}`;
  return kept(segmenters, key, async () => segmenterOf(await loadDictionary(name, options)));
}
