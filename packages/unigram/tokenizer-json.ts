/** A tokenizer.json with a unigram model: text → ids, and the characters that each token stands for. */
import { shown } from "../../lib/support/printable";
import { type Json, readObject } from "../hf-files";
import { addedTokensAt, partedBy } from "./added-tokens";
import { normalizerAt } from "./normalizers";
import { preTokenizerAt } from "./pre-tokenizers";
import { Place } from "./reader";
import { addedBy, filled, shares, templateAt } from "./template";
import { type UnigramModel, viterbi } from "./viterbi";

/** A token and the UTF-16 code units [start, end) of the raw text that it stands for. */
export interface Token {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface UnigramTokenizer {
  /** The names of all tokens by id, added ones too. */
  readonly pieces: readonly string[];
  /** The ids of the model's own pieces. */
  readonly ids: ReadonlyMap<string, number>;
  readonly unknown?: number;
  /** The tokens of a text, without those of the template. */
  tokens(text: string): Token[];
  /**
   * The ids and segments of a text, or of two, in the file's template. Of more than maxLength tokens in all,
   * the longer text loses its end first. Without maxLength nothing is cut, whatever the file's `truncation`.
   * @throws if maxLength has no room for a token
   */
  encode(
    text: string,
    options?: { readonly pair?: string; readonly maxLength?: number },
  ): { readonly ids: readonly number[]; readonly segmentIds: readonly number[] };
}

function modelAt(place: Place): UnigramModel {
  const type = place.get("type");
  if (type.value !== "Unigram") type.refuse(`is ${shown(type.value)}`);
  place.only("type", "unk_id", "vocab", "byte_fallback");
  const { list } = place.get("vocab");
  if (list.length === 0) place.get("vocab").damaged("a list of pieces");
  const pieces: string[] = [],
    scores: number[] = [];
  for (const one of list) {
    const [piece, score, ...more] = Array.isArray(one.value) ? (one.value as unknown[]) : [];
    if (typeof piece !== "string" || !Number.isFinite(score) || more.length > 0)
      one.damaged("a piece and its score");
    pieces.push(piece as string);
    scores.push(score as number);
  }
  const unk = place.get("unk_id");
  const unknown = unk.isMissing ? undefined : unk.number;
  if (unknown !== undefined && !(unknown in pieces))
    unk.damaged(`the id of one of the ${pieces.length} pieces`);
  return { pieces, scores, unknown, byteFallback: place.get("byte_fallback").flag };
}

/**
 * Reads a tokenizer.json.
 * @throws with the file, the place in it and the remedy if it is missing or damaged, or asks for what is not
 *   read
 */
export const readUnigram = (path: string): UnigramTokenizer => unigramOf(readObject(path), path);

/** The tokenizer of what stands in a tokenizer.json. @throws as readUnigram, with the name of the file */
export function unigramOf(json: Json, path: string): UnigramTokenizer {
  const file = new Place(json, `${path}: `);
  file.only(
    "version",
    "truncation",
    "padding",
    "added_tokens",
    "normalizer",
    "pre_tokenizer",
    "post_processor",
    "decoder",
    "model",
  );
  const truncation = file.get("truncation");
  if (!truncation.isMissing) {
    truncation.get("direction").oneOf("Right");
    truncation.get("strategy").oneOf("LongestFirst");
  }
  const model = modelAt(file.get("model"));
  const ids = new Map(model.pieces.map((piece, id) => [piece, id]));
  const added = addedTokensAt(file.get("added_tokens"), ids, model.pieces.length);
  const parts = partedBy(added, normalizerAt(file.get("normalizer")));
  const cut = preTokenizerAt(file.get("pre_tokenizer"));
  const template = templateAt(file.get("post_processor"));
  const search = viterbi({ ...model, path });
  const pieces = [...model.pieces];
  for (const { id, content } of added) pieces[id] = content;

  const visit = (text: string, onToken: (id: number, start: number, end: number) => void): void => {
    for (const part of parts(text)) {
      if ("token" in part) onToken(part.token.id, part.start, part.end);
      else if (part.text !== "")
        for (const { text: piece, starts, ends } of cut(part))
          search(piece, (id, from, to) => onToken(id, starts[from], ends[to - 1]));
    }
  };
  const idsOf = (text: string): number[] => {
    const found: number[] = [];
    visit(text, (id) => found.push(id));
    return found;
  };
  return {
    pieces,
    ids,
    unknown: model.unknown,
    tokens(text) {
      const found: Token[] = [];
      visit(text, (id, start, end) => found.push({ id, start, end }));
      return found;
    },
    encode(text, { pair, maxLength = Infinity } = {}) {
      const items = pair === undefined ? template.single : template.pair;
      const room = maxLength - addedBy(items);
      if (room < 1)
        throw new Error(
          `maxLength ${maxLength} has no room for a token: give at least ${addedBy(items) + 1}`,
        );
      const [first, second] = [idsOf(text), pair === undefined ? [] : idsOf(pair)];
      const [a, b] = shares(first.length, second.length, room);
      return filled(items, { A: first.slice(0, a), B: second.slice(0, b) });
    },
  };
}
