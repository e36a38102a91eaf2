/** The pieces of a vocab.txt. */
import type { WordParts } from "../tokenizer";
import type { CutPieces } from "./unigram";

/** All pieces, and the ids of those that a tokenizer needs by itself. */
export const wordPieces = ({ pieces, added }: WordParts) => ({
  pieces,
  needed: [...added.values()].map(({ id }) => id),
});

export const cutWords = (tokenizer: WordParts, { kept, idOf }: CutPieces): WordParts => ({
  ...tokenizer,
  pieces: kept.filter((id) => id < tokenizer.pieces.length).map((id) => tokenizer.pieces[id]),
  added: new Map([...tokenizer.added].map(([name, token]) => [name, { ...token, id: idOf(token.id) }])),
});
