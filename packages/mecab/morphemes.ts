/** Japanese words as MeCab finds them, which transformers' BertJapaneseTokenizer uses. */
import type { OnProgress } from "../../lib/support/progress";
import { ipadicHash, readIpadic } from "./ipadic";
import { type Segmenter, segmenterOf } from "./lattice";
import { readMecabDictionary } from "./mecab-dictionary";
import { UNIDIC_HASH, unidicFolder } from "./unidic";

export type { Segmenter };

/** As in tokenizer_config.json: IPADIC comes with kuromoji, UniDic is fetched when it is first needed. */
export type DictionaryName = "ipadic" | "unidic_lite";

const readers: Readonly<Record<DictionaryName, (onProgress?: OnProgress) => Promise<Segmenter>>> = {
  ipadic: async () => segmenterOf(readIpadic()),
  unidic_lite: async (onProgress) => segmenterOf(readMecabDictionary(await unidicFolder(onProgress))),
};

const hashes: Readonly<Record<DictionaryName, () => string>> = {
  ipadic: ipadicHash,
  unidic_lite: () => UNIDIC_HASH,
};

/** What words a dictionary gives, as a hash of its files. */
export const dictionaryHash = (name: DictionaryName): string => hashes[name]();

const loading = new Map<DictionaryName, Promise<Segmenter>>();

/**
 * Loads a dictionary on the first call, under 1 s, and gives back its segmenter.
 * @throws if a dictionary cannot be fetched; the next call tries again
 */
export function loadSegmenter(name: DictionaryName = "ipadic", onProgress?: OnProgress): Promise<Segmenter> {
  let segmenter = loading.get(name);
  if (segmenter === undefined) {
    segmenter = readers[name](onProgress);
    segmenter.catch(() => loading.delete(name));
    loading.set(name, segmenter);
  }
  return segmenter;
}
