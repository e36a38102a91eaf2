export {
  copyTokenizer,
  openTokenizer,
  TOKENIZER_FILES,
  type TokenIds,
  type Tokenizer,
  tokenizerHash,
  tokenizerOf,
} from "./tokenizer";
export { normalise, readVocabulary, type Vocabulary, vocabularyOf, wordpieces } from "./wordpiece";
