export { readSentencePiece, type SentencePieceModel } from "./spiece";
export { readUnigram, type Token, type UnigramTokenizer } from "./tokenizer-json";
export { alignedNfkc } from "./unicode-form";
