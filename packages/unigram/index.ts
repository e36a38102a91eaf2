export { readSentencePiece, type SentencePieceModel } from "./spiece";
export { readUnigram, type Token, type UnigramTokenizer, unigramOf } from "./tokenizer-json";
export { alignedNfkc } from "./unicode-form";
