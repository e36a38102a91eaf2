/**
 * Examples for pre-training by masked words (Devlin et al. 2019): texts packed into sequences of one length,
 * 15 % of the tokens chosen by whole words; of these 80 % become [MASK], 10 % a random piece, 10 % stay.
 *
 * Shapes: B batch, T tokens, P places.
 */

import type { HostArray } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";
import type { Vocabulary } from "../tokenizer";
import { type TokenTexts, textAt } from "./tokens";

const CHOSEN = 0.15;
const MASKED = 0.8;
const RANDOM = 0.1;

/**
 * Share of the lines of dialogue that stand alone in their sequence, as they will when a model is used on
 * lines.
 */
const ALONE = 1 / 3;

/** Sequences of ids, each of at most T tokens with [CLS] and [SEP]. */
export type Sequences = readonly Uint16Array[];

/**
 * Lines that follow each other, joined by [SEP] as long as they fit: [CLS] a [SEP] b [SEP]. Longer lines lose
 * their end.
 */
export function packLines(
  texts: TokenTexts,
  length: number,
  { cls, sep }: Vocabulary,
  random: Random,
): Sequences {
  const packed: Uint16Array[] = [];
  let open: number[] = [];
  const close = () => {
    if (open.length > 0) packed.push(Uint16Array.from(open));
    open = [];
  };
  for (let i = 0; i + 1 < texts.starts.length; i++) {
    const line = textAt(texts, i).subarray(0, length - 2);
    if (line.length === 0) continue;
    if (open.length + line.length + 1 > length) close();
    if (open.length === 0) open.push(cls);
    open.push(...line, sep);
    if (random.uniform() < ALONE) close();
  }
  close();
  return packed;
}

/** Prose cut into full sequences, wherever a sentence stands: [CLS] … [SEP]. */
export function packProse({ ids }: TokenTexts, length: number, { cls, sep }: Vocabulary): Sequences {
  const inside = length - 2;
  return Array.from({ length: Math.floor(ids.length / inside) }, (_, i) =>
    Uint16Array.of(cls, ...ids.subarray(i * inside, (i + 1) * inside), sep),
  );
}

/** How many places of a batch are masked at most: P, the same for every batch of this shape. */
export const placesOf = (batch: number, length: number) => Math.ceil(CHOSEN * batch * length);

/** The words of a sequence as positions of their pieces; special tokens are no words. */
function wordsOf(sequence: Uint16Array, vocabulary: Vocabulary): number[][] {
  const words: number[][] = [];
  sequence.forEach((id, i) => {
    if (id === vocabulary.cls || id === vocabulary.sep) return;
    if (vocabulary.pieces[id].startsWith("##") && words.length > 0 && i > 0) words[words.length - 1].push(i);
    else words.push([i]);
  });
  return words;
}

/** What is fed for one batch; all but ids are there to be read by models/masked.ts. */
export type MaskedBatch = Readonly<
  Record<"ids" | "segmentIds" | "mask" | "places" | "words" | "counts", HostArray>
>;

/**
 * Pads and masks a batch.
 * @returns ids and segmentIds int32 [B, T], mask float32 [B, T]; places int32 [P] (row · T + column),
 *   the words int32 [P] that stood there, and counts float32 [P]: 1 for a masked place, 0 for one that is
 *   not used
 */
export function maskedBatch(
  sequences: Sequences,
  length: number,
  vocabulary: Vocabulary,
  random: Random,
): MaskedBatch {
  const shape = [sequences.length, length];
  const [ids, segmentIds, mask] = [
    new Int32Array(shape[0] * length).fill(vocabulary.pad),
    new Int32Array(shape[0] * length),
    new Float32Array(shape[0] * length),
  ];
  const size = placesOf(sequences.length, length);
  const [places, words, counts] = [new Int32Array(size), new Int32Array(size), new Float32Array(size)];
  let used = 0;
  sequences.forEach((sequence, row) => {
    ids.set(sequence, row * length);
    mask.fill(1, row * length, row * length + sequence.length);
    const budget = Math.max(1, Math.round(CHOSEN * (sequence.length - 2)));
    let chosen = 0;
    for (const word of random.shuffled(wordsOf(sequence, vocabulary))) {
      if (chosen >= budget) break;
      if ((chosen > 0 && chosen + word.length > budget) || used + word.length > size) continue;
      for (const column of word) {
        const place = row * length + column;
        [places[used], words[used], counts[used]] = [place, ids[place], 1];
        const kind = random.uniform();
        if (kind < MASKED) ids[place] = vocabulary.mask;
        else if (kind < MASKED + RANDOM) ids[place] = random.integer(vocabulary.pieces.length);
        used++;
        chosen++;
      }
    }
  });
  const flat = [size];
  return {
    ids: { shape, data: ids },
    segmentIds: { shape, data: segmentIds },
    mask: { shape, data: mask },
    places: { shape: flat, data: places },
    words: { shape: flat, data: words },
    counts: { shape: flat, data: counts },
  };
}
