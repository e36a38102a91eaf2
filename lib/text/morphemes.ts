/**
 * Japanese words as MeCab-IPADIC finds them, which transformers' BertJapaneseTokenizer uses; the dictionary is kuromoji's
 * (under 1 s to load, once a process).
 */
import { readIpadic } from "./ipadic";
import { segmenterOf, type Segmenter } from "./lattice";

export type { Segmenter };

let loading: Promise<Segmenter> | undefined;

/** Loads the dictionary on the first call and gives back the segmenter. */
export function loadSegmenter(): Promise<Segmenter> {
  return (loading ??= Promise.resolve().then(() => segmenterOf(readIpadic())));
}
