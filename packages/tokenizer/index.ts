export { type AddedTokens, SPECIAL } from "./added-tokens";
export {
  copyTokenizer,
  openTokenizer,
  readParts,
  TOKENIZER_FILES,
  tokenizerHash,
  userDictionaryPath,
  withUserDictionary,
} from "./folder";
export { cutOf, type TokenizerParts, tokenizerOfParts, type WordParts } from "./parts";
export { type Span, type TokenIds, type Tokenizer, tokenizerOf } from "./tokenizer";
export type { UnigramParts } from "./unigram-folder";
export {
  characterCut,
  normalise,
  readVocabulary,
  type Vocabulary,
  vocabularyOf,
  wordpieces,
} from "./wordpiece";
