/** Words → pieces of a SentencePiece model, as in transformers' SentencepieceTokenizer, which is ALBERT's. */
import type { SentencePieceModel } from "../unigram";
import { type Cut, type Vocabulary, WHITE_SPACE } from "./wordpiece";

const MARK = "▁";
const NUMBER_AND_COMMA = /\p{Nd},$/u;

/** @param lowercase whether words are read in lower case */
export function sentencePieceCut(model: SentencePieceModel, { ids }: Vocabulary, lowercase = false): Cut {
  const { pieces, encode, unknown } = model;
  /** A piece such as "▁1,": what its number is alone, and the comma. */
  const parted = (piece: string): number[] => {
    const found = encode(piece.slice(0, -1).replaceAll(MARK, "")).map(({ id }) => id);
    const first = pieces[found[0]] ?? "";
    if (!piece.startsWith(MARK) && first === MARK) found.shift();
    else if (!piece.startsWith(MARK) && first.startsWith(MARK)) found[0] = ids.get(first.slice(1)) ?? unknown;
    return [...found, ids.get(",") ?? unknown];
  };
  return (word, onPiece) => {
    const spaced = word.split(WHITE_SPACE).filter(Boolean).join(" ");
    const quoted = spaced.replaceAll("``", '"').replaceAll("''", '"');
    const asked = lowercase ? quoted.toLowerCase() : quoted;
    const sameLength = asked.length === word.length; // else each piece stands for the whole word
    for (const { id, start, end } of encode(asked)) {
      const span = sameLength ? ([start, end] as const) : ([0, word.length] as const);
      if (!NUMBER_AND_COMMA.test(pieces[id])) onPiece(id, ...span);
      else for (const part of parted(pieces[id])) onPiece(part, ...span);
    }
  };
}
