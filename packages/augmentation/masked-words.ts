/**
 * Texts with words replaced by what a BERT with its masked-word head expects in their place (contextual
 * augmentation, Kobayashi 2018, https://arxiv.org/abs/1805.06201, without the label). A text's words are
 * hidden one after another, so that a later one is chosen beside the earlier.
 *
 * Shapes: B batch, T tokens, V vocabulary.
 */
import { applyLayers } from "../../lib/models/model";
import { fill, type PretrainedModel } from "../../lib/models/pretrained";
import type { OnProgress } from "../../lib/support/progress";
import { Random } from "../../lib/support/random";
import { remembered } from "../../lib/support/remembered";
import { paddedLength, tokenInputs, tokenShapes } from "../../lib/train/batches";
import { type GraphShapes, type HostInputs, openEngine, ready } from "../tfjs-graph";
import type { Tokenizer } from "../tokenizer";
import { type Change, isWholeWord, placesToChange } from "./augment";

interface MaskedOptions extends Change {
  readonly pretrained: PretrainedModel;
  readonly tokenizer: Tokenizer;
  /** Draws among so many of the likeliest words, by their probability. */
  readonly candidates: number;
  readonly onProgress?: OnProgress;
}

const BATCH = 32;

interface Draft {
  words: string[];
  /** Places still to be hidden. */
  places: number[];
}

/**
 * One copy of every text, in their order; a text without a word that is one piece of the vocabulary stays as
 * it is.
 * @throws if the model has no masked-word head
 */
export async function maskedReplacements(
  texts: readonly string[],
  options: MaskedOptions,
): Promise<string[]> {
  const { pretrained, tokenizer, random, candidates, onProgress } = options;
  const { vocabulary } = tokenizer,
    { pieces } = vocabulary,
    { encoder } = pretrained,
    { maskedWordDecoder, wordEmbeddings } = encoder.names,
    width = encoder.config.vocabularySize; // the embedding may have rows to spare
  const { model, missing } = fill(encoder.maskedWords(new Random(1)), pretrained);
  if (missing.length > 0)
    throw new Error(
      `${pretrained.file} lacks ${missing[0]}: only a model saved with its masked-word head (BertForMaskedLM, BertForPreTraining) can fill in words`,
    );
  const decoder = pretrained.weights[maskedWordDecoder]?.data;
  if (decoder?.some((x, i) => x !== pretrained.weights[wordEmbeddings].data[i]))
    throw new Error(
      `${pretrained.file}: the masked-word head has words of its own, ${maskedWordDecoder}, where komalab takes the embedding's: use a model with tied embeddings`,
    );
  await ready();
  const wanted = pieces.map((piece, id) => isWholeWord(piece) && vocabulary.ids.get(piece) === id);
  const whole = (word: string) => wanted[vocabulary.ids.get(word) ?? -1] === true;
  const cuts = new Map<string, readonly number[]>();
  const cut = (word: string): readonly number[] =>
    remembered(cuts, word, () =>
      whole(word) ? [vocabulary.ids.get(word) as number] : tokenizer.encode(word).ids.slice(1, -1),
    );
  const idsOf = (words: readonly string[]) => words.flatMap(cut);
  const drafts: Draft[] = texts.map((text) => {
    const words = tokenizer.words(text);
    const fits = idsOf(words).length + 2 <= encoder.config.maxPositions;
    return { words, places: fits ? placesToChange(words, options, whole) : [] };
  });
  const lengthOf = ({ words }: Draft) => paddedLength(idsOf(words).length + 2, encoder.config.maxPositions);
  const inputsOf = (batch: readonly Draft[], length: number): HostInputs => {
    const places = new Int32Array(BATCH);
    const hidden = batch.map(({ words, places: [place] }, row) => {
      const before = 1 + idsOf(words.slice(0, place)).length,
        all = [vocabulary.cls, ...idsOf(words), vocabulary.sep];
      places[row] = row * length + before;
      return {
        ids: all.map((id, column) => (column === before ? vocabulary.mask : id)),
        segmentIds: all.map(() => 0),
      };
    });
    return { ...tokenInputs(hidden, BATCH, length), places: { shape: [BATCH], data: places } };
  };
  const lengths = new Set(drafts.filter(({ places }) => places.length > 0).map(lengthOf));
  const shapes: GraphShapes = { ...tokenShapes(BATCH), places: { shape: [BATCH], dtype: "int32" } };
  const engine = openEngine({
    weights: model.weights,
    outputs: (context) => applyLayers(model.layers, null, context),
    outputShapes: [shapes],
  });
  const draw = (logits: ArrayLike<number>, from: number, old: string): string => {
    const best: number[] = []; // the likeliest first
    for (let id = 0; id < pieces.length; id++) {
      if (!wanted[id] || pieces[id] === old) continue;
      const logit = logits[from + id];
      if (best.length === candidates && logit <= logits[from + best[candidates - 1]]) continue;
      const place = best.findIndex((other) => logits[from + other] < logit);
      best.splice(place < 0 ? best.length : place, 0, id);
      if (best.length > candidates) best.pop();
    }
    const shares = best.map((id) => Math.exp(logits[from + id] - logits[from + best[0]]));
    let left = random.uniform() * shares.reduce((sum, share) => sum + share, 0);
    return pieces[best.find((_, i) => (left -= shares[i]) < 0) ?? best[0]];
  };
  try {
    const total = drafts.reduce((sum, { places }) => sum + places.length, 0);
    let done = 0;
    for (
      let open = drafts.filter(({ places }) => places.length > 0);
      open.length > 0;
      open = open.filter(({ places }) => places.length > 0)
    ) {
      for (const length of lengths) {
        const same = open.filter((draft) => lengthOf(draft) === length);
        for (let first = 0; first < same.length; first += BATCH) {
          const batch = same.slice(first, first + BATCH),
            { data } = engine.outputs(inputsOf(batch, length));
          batch.forEach((draft, row) => {
            const place = draft.places.shift() as number;
            draft.words[place] = draw(data, row * width, draft.words[place]);
          });
          onProgress?.({ task: "masked words", done: (done += batch.length), total });
          await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
        }
      }
    }
  } finally {
    engine.dispose();
  }
  return drafts.map(({ words }) => words.join(""));
}
