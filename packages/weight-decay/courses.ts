/**
 * Short pre-trainings of a small BERT with random weights, by masked words, under different decays: the norms
 * of both groups on the way, and what is right of held-out text at the end.
 */
import type { NamedRun } from "../../lib/evaluate/comparison";
import { bertEncoder } from "../../lib/models/bert";
import { applyLayers } from "../../lib/models/model";
import type { OnProgress } from "../../lib/support/progress";
import { Random } from "../../lib/support/random";
import { ABOVE_0, COUNT, checkFields, type Rules, whole } from "../../lib/support/settings";
import { looksAt } from "../../lib/train/norms";
import { optimizerOf, scheduleOf } from "../../lib/train/optimizer";
import { TRAIN_DEFAULTS, type TrainSettings } from "../../lib/train/settings";
import {
  type MaskedBatch,
  maskedBatch,
  maskedWordLoss,
  maskedWordScores,
  packProse,
  type Sequences,
  tokenTexts,
} from "../pre-training";
import { openEngine, ready, shapesOf } from "../tfjs-graph";
import type { TokenIds, Vocabulary } from "../tokenizer";
import { groupNorms, type NormsAt } from "./groups";

export type Decay = Pick<TrainSettings, "weightDecay"> &
  Partial<Pick<TrainSettings, "weightDecayOn" | "optimizer">>;

/** The row that others are compared with. */
export const NO_DECAY = "no decay";

interface CourseSettings {
  readonly steps: number;
  /** The highest rate, after a warm-up of a tenth of the steps and before a fall to 0. */
  readonly learningRate: number;
  readonly seeds: number;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Sequences of a batch, and tokens of a sequence. */
  readonly batch: number;
  readonly length: number;
  /** How often norms are taken, the beginning and the end counted. */
  readonly looks: number;
}

export interface CourseOptions extends CourseSettings {
  readonly texts: readonly TokenIds[];
  readonly vocabulary: Vocabulary;
  readonly systems: Readonly<Record<string, Decay>>;
  readonly onProgress?: OnProgress;
}

export interface Course {
  readonly system: string;
  readonly seed: number;
  readonly norms: readonly NormsAt[];
  /** Mean cross entropy of held-out masked words, in nats. */
  readonly loss: number;
  /** Whether every held-out masked word is the likeliest (class 1), and how likely: rows of a comparison. */
  readonly answers: NamedRun;
}

const RULES: Rules<CourseSettings> = {
  steps: COUNT,
  learningRate: ABOVE_0,
  seeds: COUNT,
  hiddenSize: whole(4),
  layers: COUNT,
  batch: COUNT,
  length: whole(8),
  looks: whole(2),
};
const HELD_OUT = 8; // every eighth text
const JUDGES = 16; // batches of held-out text, the same for every run

/** Texts in a vocabulary of the pieces that occur, of whatever tokenizer: the output is over these alone. */
function compact(texts: readonly TokenIds[], whole: Vocabulary) {
  const { pad, unknown, cls, sep, mask } = whole,
    special = [pad, unknown, cls, sep, mask];
  const kept = [...new Set([...special, ...texts.flatMap(({ ids }) => ids)])].sort((a, b) => a - b);
  const places = new Map(kept.map((id, place) => [id, place])),
    placeOf = (id: number) => places.get(id)!;
  const pieces = kept.map((id) => whole.pieces[id]);
  const vocabulary: Vocabulary = {
    ...whole,
    pieces,
    ids: new Map(pieces.map((piece, place) => [piece, place])),
    inside: new Map([...whole.inside].filter(([, id]) => places.has(id)).map(([p, id]) => [p, placeOf(id)])),
    pad: placeOf(pad),
    unknown: placeOf(unknown),
    cls: placeOf(cls),
    sep: placeOf(sep),
    mask: placeOf(mask),
  };
  const inside = ({ ids }: TokenIds) => ids.filter((id) => id !== cls && id !== sep);
  return { vocabulary, texts: texts.map((text) => inside(text).map(placeOf)) };
}

/**
 * Trains every system with every seed, which is that of the weights, the masks and the order of texts; the
 * held-out words are the same in all.
 * @throws if a setting is not what it may be, or the text is too short for a batch
 */
export async function courses(options: CourseOptions): Promise<Course[]> {
  const { texts: given, vocabulary: whole, systems, onProgress, ...settings } = options;
  checkFields(settings, RULES);
  await ready();
  const { steps, seeds, batch, length, looks, hiddenSize, layers, learningRate } = settings;
  const { texts, vocabulary } = compact(given, whole);
  const packed = (held: boolean): Sequences =>
    packProse(
      tokenTexts(texts.filter((_, i) => (i % HELD_OUT === HELD_OUT - 1) === held)),
      length,
      vocabulary,
    );
  const [learnt, heldOut] = [packed(false), packed(true)];
  const fewest = Math.min(learnt.length, heldOut.length);
  if (fewest < batch)
    throw new Error(
      `${fewest} sequences of ${length} tokens are too few for a batch of ${batch}: use more text`,
    );
  const drawn = (sequences: Sequences, random: Random): MaskedBatch => {
    const chosen = random.shuffled([...sequences.keys()]).slice(0, batch);
    return maskedBatch(
      chosen.map((i) => sequences[i]),
      length,
      vocabulary,
      random,
    );
  };
  const judging = new Random(0);
  const judges = Array.from({ length: JUDGES }, () => drawn(heldOut, judging));
  const encoder = bertEncoder({
    ...{ vocabularySize: vocabulary.pieces.length, hiddenSize, layers, intermediateSize: 4 * hiddenSize },
    ...{ heads: 4, maxPositions: length, tokenTypes: 2, activation: "gelu", layerNormEpsilon: 1e-12 },
    ...{ hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0, initializerRange: 0.02 },
  });
  const lookAt = looksAt(looks, steps);
  const rateOf = scheduleOf({ schedule: "linear", learningRate, warmupRatio: 0.1 }, steps);
  const [names, found]: [readonly string[], Course[]] = [Object.keys(systems), []];
  for (const system of names)
    for (let seed = 1; seed <= seeds; seed++) {
      const random = new Random(seed),
        model = encoder.maskedWords(random);
      const engine = openEngine({
        weights: model.weights,
        trainable: Object.keys(model.weights),
        loss: (context) => maskedWordLoss(applyLayers(model.layers, null, context), context.inputs),
        outputs: (context) => maskedWordScores(applyLayers(model.layers, null, context), context.inputs),
        trainShapes: [shapesOf(judges[0])],
        outputShapes: [shapesOf(judges[0])],
        optimizer: optimizerOf({ ...TRAIN_DEFAULTS, ...systems[system] }),
      });
      try {
        const norms: NormsAt[] = [];
        for (let step = 0; step <= steps; step++) {
          if (lookAt.has(step)) norms.push({ step, ...groupNorms(engine.weights()) });
          if (step < steps) engine.step(drawn(learnt, random), { learningRate: rateOf(step), seed: step });
        }
        const scores = judges.map((judge) => ({ counts: judge.counts.data, ...engine.outputs(judge) }));
        const judged = scores.flatMap(({ counts, data, shape: [, places] }) =>
          [...counts.keys()]
            .filter((place) => counts[place] > 0)
            .map((place) => ({ loss: data[place], right: data[places + place] })),
        );
        found.push({
          system,
          seed,
          norms,
          loss: judged.reduce((sum, { loss }) => sum + loss, 0) / judged.length,
          answers: {
            ...{ system, seed, testSet: "held-out words", items: judged.map((_, i) => String(i)) },
            ...{ gold: judged.map(() => 1), predicted: judged.map(({ right }) => right) },
            probabilities: judged.map(({ loss }) => [1 - Math.exp(-loss), Math.exp(-loss)]),
          },
        });
      } finally {
        engine.dispose();
      }
      onProgress?.({ task: `${system}, seed ${seed}`, done: found.length, total: names.length * seeds });
      await new Promise((resolve) => setImmediate(resolve)); // interrupts and progress get their turn
    }
  return found;
}
