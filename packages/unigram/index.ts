export { readUnigram, type Token, type UnigramTokenizer } from "./tokenizer-json";
