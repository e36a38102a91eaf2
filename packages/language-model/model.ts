/** The LSTM language model in an engine: trained by batches, and a writer as n-grams are. */
import type { HostArray, Weights } from "../../lib/support/host-array";
import type { Random } from "../../lib/support/random";
import { ADAM } from "../../lib/train/optimizer";
import { clipByGlobalNorm, type Engine, type GraphShapes, openEngine, scaleByAdam, tf } from "../tfjs-graph";
import { lossesOf, readsOf } from "./network";
import type { Window } from "./text";
import type { Writer } from "./writer";

interface ModelOptions {
  readonly weights: Weights;
  /** B and T: pieces of a batch, and steps of a piece. */
  readonly batchSize: number;
  readonly length: number;
  /** The gradients' highest norm. */
  readonly clipNorm: number;
}

export class LanguageModel implements Writer {
  private readonly engine: Engine;

  constructor(private readonly options: ModelOptions) {
    const { weights, batchSize, length, clipNorm } = options,
      shape = [length, batchSize];
    const whole = { shape, dtype: "int32" } as const,
      real = { shape, dtype: "float32" } as const;
    const known: GraphShapes = { read: whole, next: whole };
    this.engine = openEngine({
      weights,
      trainable: Object.keys(weights),
      loss: (context) => tf.mean(lossesOf(context)),
      outputs: (context) => ("next" in context.inputs ? lossesOf(context) : readsOf(context)),
      trainShapes: [known],
      outputShapes: [known, { gold: whole, kept: real, chance: real }],
      optimizer: [clipByGlobalNorm(clipNorm), scaleByAdam(ADAM)],
    });
  }

  /**
   * A step of training. Nothing of how a character was drawn has a gradient, as in the paper: so what is
   * read may be drawn first, step by step with the weights of now, and the loss over it be one LSTM op.
   * @param goldChance of reading the gold character, coin by coin
   * @returns the mean cross entropy in nats
   */
  train(
    pieces: readonly Window[],
    {
      goldChance,
      learningRate,
      random,
    }: {
      readonly goldChance: number;
      readonly learningRate: number;
      readonly random: Random;
    },
  ): number {
    const read =
      goldChance === 1
        ? pieces.map((piece) => piece.read)
        : this.read(pieces, () => random.uniform() < goldChance, random);
    const next = pieces.map((piece) => piece.next);
    const inputs = { read: this.whole(read), next: this.whole(next) };
    return this.engine.step(inputs, { learningRate, seed: 0 }).loss;
  }

  likelihoods(pieces: readonly Window[]): number[][] {
    return this.inBatches(pieces, (some) => {
      const read = this.whole(some.map((piece) => piece.read)),
        next = this.whole(some.map((piece) => piece.next));
      return this.engine.outputs({ read, next });
    }).map((losses) => losses.map((loss) => -loss));
  }

  read(
    pieces: readonly Window[],
    kept: (piece: number, step: number) => boolean,
    random: Random,
  ): number[][] {
    return this.inBatches(pieces, (some, from) => {
      const gold = this.whole(some.map(({ read }) => read));
      const isKept = this.real((piece, step) => Number(kept(from + piece, step)));
      return this.engine.outputs({ gold, kept: isKept, chance: this.real(() => random.uniform()) });
    });
  }

  dispose(): void {
    this.engine.dispose();
  }

  /** The values of every step of every piece, batch by batch; the last batch is filled up with its last. */
  private inBatches(
    pieces: readonly Window[],
    work: (some: readonly Window[], from: number) => HostArray,
  ): number[][] {
    const { batchSize, length } = this.options;
    const batches = Array.from({ length: Math.ceil(pieces.length / batchSize) }, (_, k) => k * batchSize);
    return batches.flatMap((from) => {
      const own = pieces.slice(from, from + batchSize),
        filled = Array.from({ length: batchSize }, (_, i) => own[Math.min(i, own.length - 1)]);
      const { data } = work(filled, from);
      return own.map((_, piece) => Array.from({ length }, (_, step) => data[step * batchSize + piece]));
    });
  }

  private whole(rows: readonly (readonly number[])[]): HostArray {
    const { data, shape } = this.real((piece, step) => rows[piece][step]);
    return { shape, data: Int32Array.from(data) };
  }

  /** Time-major, [T, B]. */
  private real(value: (piece: number, step: number) => number): HostArray {
    const { batchSize, length } = this.options;
    const data = Float32Array.from({ length: length * batchSize }, (_, at) =>
      value(at % batchSize, Math.floor(at / batchSize)),
    );
    return { shape: [length, batchSize], data };
  }
}
