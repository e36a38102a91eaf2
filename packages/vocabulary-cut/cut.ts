/**
 * A model with fewer pieces: the rows of its embedding that some texts need, and a tokenizer that knows these
 * pieces alone. What is kept gets new ids in the old order, so that ids that come first, such as 0 for
 * padding, stay what they are.
 */
import type { HostArray, Weights } from "../../lib/support/host-array";
import type { TokenIds, TokenizerParts } from "../tokenizer";
import { type CutPieces, cutUnigram, unigramPieces } from "./unigram";
import { cutWords, wordPieces } from "./words";

/** A piece that is one character, at a word's beginning or inside of it. */
const isCharacter = (piece: string): boolean => [...piece.replace(/^(##|▁)/, "")].length === 1;

/**
 * The ids of the pieces that stay, in order: all that the tokenizer needs by itself (tokens that are never
 * taken apart, the unknown one, bytes), all that the texts have, and then, up to `most`, the single
 * characters and the first others of the vocabulary. So a text of the given ones has the same pieces (the
 * longest, or the best path, of all is among the kept), and of another one a piece that is gone is mostly
 * written in shorter ones.
 */
export function keptIds(tokenizer: TokenizerParts, texts: Iterable<TokenIds>, most: number): number[] {
  const { pieces, needed } = tokenizer.kind === "unigram" ? unigramPieces(tokenizer) : wordPieces(tokenizer);
  const kept = new Set(needed);
  for (const { ids } of texts) for (const id of ids) kept.add(id);
  const all = [...pieces.keys()];
  for (const id of [...all.filter((one) => isCharacter(pieces[one])), ...all]) {
    if (kept.size >= most) break;
    kept.add(id);
  }
  return [...kept].sort((a, b) => a - b);
}

/** The tokenizer with these pieces alone. @throws with an id that it cannot do without */
export function cutTokenizer<P extends TokenizerParts>(tokenizer: P, kept: readonly number[]): P {
  const newId = new Map(kept.map((id, i) => [id, i]));
  const idOf: CutPieces["idOf"] = (id) => {
    const found = newId.get(id);
    if (found === undefined) throw new Error(`the piece ${id} is cut off: keep its id`);
    return found;
  };
  const how = { kept, idOf };
  return (tokenizer.kind === "unigram" ? cutUnigram(tokenizer, how) : cutWords(tokenizer, how)) as P;
}

interface Whole<P> {
  readonly weights: Weights;
  /** Parameters with a row for each piece, [V, …], such as the word embeddings. */
  readonly tables: readonly string[];
  readonly tokenizer: P;
}

export interface CutModel<P> {
  readonly weights: Weights;
  readonly tokenizer: P;
  /** The ids of before of a text in the new ones. @throws if one of them is gone */
  readonly renumbered: (text: TokenIds) => TokenIds;
}

/** Rows of a table. */
function rowsOf({ shape: [, ...rest], data }: HostArray, rows: readonly number[]): HostArray {
  const width = rest.reduce((product, size) => product * size, 1),
    own = data.slice(0, rows.length * width);
  rows.forEach((row, i) => own.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { shape: [rows.length, ...rest], data: own };
}

/**
 * A model and its tokenizer with these pieces alone: of texts whose pieces are kept it gives the same logits.
 * @param kept as keptIds gives them
 * @throws if a table has no row for a piece, or one that the tokenizer needs by itself is not kept
 */
export function cutVocabulary<P extends TokenizerParts>(
  { weights, tables, tokenizer }: Whole<P>,
  kept: readonly number[],
): CutModel<P> {
  const last = kept[kept.length - 1] ?? -1,
    newId = new Map(kept.map((id, i) => [id, i]));
  const cut = tables.map((name) => {
    const table = weights[name];
    if (table === undefined || !(table.shape[0] > last))
      throw new Error(
        `${name} has ${table === undefined ? "no" : table.shape[0]} rows, but the id ${last} is to be kept: name the tables with a row for each piece`,
      );
    return [name, rowsOf(table, kept)] as const;
  });
  const idOf = (id: number): number => {
    const found = newId.get(id);
    if (found === undefined) throw new Error(`a text has the piece ${id}, which is cut off: keep its id`);
    return found;
  };
  return {
    weights: { ...weights, ...Object.fromEntries(cut) },
    tokenizer: cutTokenizer(tokenizer, kept),
    renumbered: ({ ids, segmentIds }) => ({ ids: ids.map(idOf), segmentIds }),
  };
}
