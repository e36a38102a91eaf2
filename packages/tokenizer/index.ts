export { SPECIAL } from "./added-tokens";
export {
  copyTokenizer,
  openTokenizer,
  TOKENIZER_FILES,
  tokenizerHash,
  userDictionaryPath,
  withUserDictionary,
} from "./folder";
export { type Span, type TokenIds, type Tokenizer, tokenizerOf } from "./tokenizer";
export {
  characterCut,
  normalise,
  readVocabulary,
  type Vocabulary,
  vocabularyOf,
  wordpieces,
} from "./wordpiece";
