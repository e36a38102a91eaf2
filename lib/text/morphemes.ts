/**
 * Japanese words from kuromoji with its IPADIC dictionary (about 1 s to load, once a process), which takes the place of
 * MeCab-IPADIC in transformers' BertJapaneseTokenizer.
 */
import { dirname, join } from "node:path";
import { builder, type IpadicFeatures, type Tokenizer } from "kuromoji";

let loading: Promise<Tokenizer<IpadicFeatures>> | undefined;

/** Splits a normalised text into words; white space separates words and is none itself, as in MeCab. */
export type Segmenter = (text: string) => string[];

/** Loads the dictionary on the first call and gives back the segmenter. */
export async function loadSegmenter(): Promise<Segmenter> {
  loading ??= new Promise((resolve, reject) => {
    const dicPath = join(dirname(require.resolve("kuromoji/package.json")), "dict");
    builder({ dicPath }).build((error, tokenizer) => (error ? reject(error) : resolve(tokenizer)));
  });
  const tokenizer = await loading;
  return (text) =>
    text
      .split(/\s+/u)
      .filter((piece) => piece !== "")
      .flatMap((piece) => tokenizer.tokenize(piece).map((token) => token.surface_form));
}
