/**
 * Vectors of documents and words by doc2vec (Le and Mikolov 2014), learnt by negative sampling (Mikolov et
 * al. 2013) with the choices of word2vec.c and gensim: frequent words are skipped by chance, windows shrink
 * by chance, the rate falls linearly, and in PV-DM every input gets the whole error. Training stands in
 * train.ts.
 *
 * Shapes: N documents, V vocabulary, D dimensions.
 */
import {
  ABOVE_0,
  COUNT,
  checkFields,
  FLAG,
  FROM_0,
  oneOf,
  type Rules,
  SEED,
} from "../../lib/support/settings";
import { kernelOver, MOST_TARGETS, newMemory, SIGMOID, type Step, UNROLLED } from "./kernel";
import { type Alias, aliasOf, Draws, keepChances } from "./words";

/** How paragraph vectors are trained. */
export interface Doc2vecOptions {
  /**
   * dm: the document and the words around, averaged, predict a word (PV-DM); dbow: the document alone does
   * (PV-DBOW).
   */
  readonly algorithm: "dm" | "dbow";
  /**
   * In dbow every word also predicts the words around it; without it dbow learns no word vectors. gensim's
   * dbow_words.
   */
  readonly skipGram: boolean;
  /** D. */
  readonly dimensions: number;
  /** Words to each side; each place draws a number from 1 to it. */
  readonly window: number;
  /** Words drawn at random against each word that is there. */
  readonly negative: number;
  /** Words that occur less often are left out. */
  readonly minCount: number;
  /**
   * Words with a larger share of the text are skipped, the more often the more frequent they are; 0 skips
   * none.
   */
  readonly sample: number;
  readonly epochs: number;
  /** The learning rate falls from `rate` to `lastRate`. */
  readonly rate: number;
  readonly lastRate: number;
  readonly seed: number;
}

/** gensim's. */
export const DOC2VEC_DEFAULTS: Doc2vecOptions = {
  algorithm: "dm",
  skipGram: false,
  dimensions: 100,
  window: 5,
  negative: 5,
  minCount: 5,
  sample: 1e-3,
  epochs: 10,
  rate: 0.025,
  lastRate: 0.0001,
  seed: 1,
};

/** A model's file may say anything, and each text is inferred in so many. */
const MOST_EPOCHS = 10_000;

const RULES: Rules<Doc2vecOptions> = {
  algorithm: oneOf("dm", "dbow"),
  skipGram: FLAG,
  dimensions: COUNT,
  window: COUNT,
  negative: {
    words: `a whole number from 1 to ${MOST_TARGETS - 1}`,
    fits: (value) => COUNT.fits(value) && (value as number) < MOST_TARGETS,
  },
  minCount: COUNT,
  sample: FROM_0,
  epochs: {
    words: `a whole number from 1 to ${MOST_EPOCHS}`,
    fits: (value) => COUNT.fits(value) && (value as number) <= MOST_EPOCHS,
  },
  rate: ABOVE_0,
  lastRate: FROM_0,
  seed: SEED,
};

/** The options with the defaults for what they leave out. @throws with each that is not what it may be */
export function resolveDoc2vec(options: Partial<Doc2vecOptions>): Doc2vecOptions {
  const resolved = { ...DOC2VEC_DEFAULTS, ...options };
  checkFields(resolved, RULES, "doc2vec: ");
  return resolved;
}

/** What a model needs for words and for inference, as plain rows. */
export interface Doc2vecWeights {
  readonly vocabulary: readonly string[];
  /** Of each word in the training texts. */
  readonly counts: readonly number[];
  /** [V, D] each: vectors of words as inputs and as what is predicted. */
  readonly words: Float32Array;
  readonly hidden: Float32Array;
}

interface Neighbour {
  /** The number of the word. */
  readonly index: number;
  /** Cosine. */
  readonly similarity: number;
}

/** One pass over a document by stochastic gradient descent. */
interface DocumentPass {
  readonly document: number;
  readonly rate: number;
  readonly draws: Draws;
  /** Nothing but the document's own vector is learnt. */
  readonly onlyDocument?: boolean;
}

type Rows = "words" | "hidden" | "documents";

export class Doc2vec {
  readonly vocabulary: readonly string[];
  readonly counts: readonly number[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly keep: Float64Array;
  private readonly alias: Alias;
  private readonly floats: Float32Array;
  private readonly integers: Int32Array;
  private readonly step: Step;
  /** Floats a row, of which D are used. */
  private readonly width: number;
  /** Addresses in bytes. */
  private readonly at: Readonly<Record<Rows | "scratch" | "inputs" | "targets", number>>;
  private kept = new Int32Array(64);

  /**
   * A model with vectors of words and documents at random, uniform in ±1/D, and hidden ones 0.
   * @throws if the vectors need more than 4 GB, or an option is out of range
   */
  constructor(
    words: Pick<Doc2vecWeights, "vocabulary" | "counts">,
    readonly documentCount: number,
    readonly options: Doc2vecOptions,
  ) {
    const { dimensions, window, sample, seed } = options;
    [this.vocabulary, this.counts] = [words.vocabulary, words.counts];
    this.numbers = new Map(this.vocabulary.map((word, i) => [word, i]));
    this.keep = keepChances(this.counts, sample);
    this.alias = aliasOf(this.counts.map((count) => count ** 0.75));
    this.width = UNROLLED * Math.ceil(dimensions / UNROLLED);

    const row = 4 * this.width,
      size = this.vocabulary.length,
      inputBytes = 16 * Math.ceil((2 * window + 1) / 4);
    const scratch = 4 * SIGMOID.length,
      inputs = scratch + 2 * row,
      targets = inputs + inputBytes,
      wordsAt = targets + 8 * MOST_TARGETS,
      hidden = wordsAt + size * row,
      documents = hidden + size * row;
    this.at = { scratch, inputs, targets, words: wordsAt, hidden, documents };
    const memory = newMemory(documents + (documentCount + 1) * row); // the last document is for inference
    [this.floats, this.integers] = [new Float32Array(memory.buffer), new Int32Array(memory.buffer)];
    this.step = kernelOver(memory);
    const draws = new Draws(seed);
    for (let i = 0; i < size; i++) this.randomise(this.row("words", i), draws);
    for (let i = 0; i < documentCount; i++) this.randomise(this.row("documents", i), draws);
  }

  /** The model of stored weights, which infers and has no documents of its own. */
  static of(weights: Doc2vecWeights, options: Doc2vecOptions): Doc2vec {
    const { dimensions } = options;
    const model = new Doc2vec(weights, 0, options);
    for (const rows of ["words", "hidden"] as const) {
      for (let i = 0; i < weights.vocabulary.length; i++)
        model.row(rows, i).set(weights[rows].subarray(i * dimensions, (i + 1) * dimensions));
    }
    return model;
  }

  /** A copy of what is learnt of words. */
  get weights(): Doc2vecWeights {
    const {
      vocabulary,
      counts,
      options: { dimensions },
    } = this;
    const all = (rows: Rows) => {
      const copy = new Float32Array(vocabulary.length * dimensions);
      vocabulary.forEach((_, i) => copy.set(this.row(rows, i), i * dimensions));
      return copy;
    };
    return { vocabulary, counts, words: all("words"), hidden: all("hidden") };
  }

  /** The vector of a training document, [D], a view. */
  document(index: number): Float32Array {
    return this.row("documents", index);
  }

  /** The vector of a word, [D], a view; undefined if the model does not know it. */
  word(word: string): Float32Array | undefined {
    const number = this.numbers.get(word);
    return number === undefined ? undefined : this.row("words", number);
  }

  /** The words most similar to one, without itself. @throws if the model does not know it */
  similarWords(word: string, count: number): Neighbour[] {
    const vector = this.word(word);
    if (vector === undefined)
      throw new Error(
        `${word} is not among the model's ${this.vocabulary.length} words, which occur at least ${this.options.minCount} times`,
      );
    return this.vocabulary
      .map((_, index) => ({ index, similarity: cosine(this.row("words", index), vector) }))
      .filter(({ index }) => this.vocabulary[index] !== word)
      .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
      .slice(0, count);
  }

  /**
   * The vector of a new document, [D], learnt while all others stay as they are. Equal words give equal
   * vectors; words that the model does not know are left out.
   */
  infer(
    words: readonly string[],
    {
      epochs = this.options.epochs,
      seed = this.options.seed,
    }: { readonly epochs?: number; readonly seed?: number } = {},
  ): Float32Array {
    const ids = Int32Array.from(words.flatMap((word) => this.numbers.get(word) ?? []));
    const draws = new Draws(seed),
      vector = this.row("documents", this.documentCount);
    this.randomise(vector, draws);
    const { rate, lastRate } = this.options;
    for (let epoch = 0; epoch < epochs; epoch++) {
      this.learn(ids, {
        document: this.documentCount,
        rate: rate - ((rate - lastRate) * epoch) / epochs,
        draws,
        onlyDocument: true,
      });
    }
    return vector.slice();
  }

  /** One pass over a document, whose words are `ids`. */
  learn(ids: Int32Array, pass: DocumentPass): void {
    const {
      integers,
      keep,
      at,
      options: { algorithm, window, skipGram },
    } = this;
    const { document, draws, onlyDocument = false } = pass;
    if (this.kept.length < ids.length) this.kept = new Int32Array(2 * ids.length);
    const kept = this.kept,
      row = 4 * this.width,
      inputs = at.inputs / 4,
      own = at.documents + document * row;
    const mean = algorithm === "dm",
      looksAround = mean || (skipGram && !onlyDocument);
    let length = 0;
    for (let i = 0; i < ids.length; i++)
      if (keep[ids[i]] >= 1 || draws.uniform() < keep[ids[i]]) kept[length++] = ids[i];
    for (let i = 0; i < length; i++) {
      const reach = looksAround ? 1 + Math.floor(draws.uniform() * window) : 0;
      const last = Math.min(length - 1, i + reach);
      integers[inputs] = own;
      let count = 1;
      for (let j = Math.max(0, i - reach); j <= last; j++)
        if (j !== i) integers[inputs + count++] = at.words + kept[j] * row;
      if (mean) this.predict(kept[i], at.inputs, count, pass);
      else for (let k = 0; k < count; k++) this.predict(kept[i], at.inputs + 4 * k, 1, pass);
    }
  }

  /** `count` inputs predict `word` against words drawn at random. */
  private predict(
    word: number,
    inputs: number,
    count: number,
    { rate, draws, onlyDocument = false }: DocumentPass,
  ): void {
    const {
      integers,
      at,
      alias,
      options: { negative },
    } = this;
    const row = 4 * this.width,
      targets = at.targets / 4;
    let targetCount = 1;
    integers[targets] = at.hidden + word * row;
    for (let k = 0; k < negative; k++) {
      const drawn = draws.from(alias);
      if (drawn !== word) integers[targets + targetCount++] = at.hidden + drawn * row;
    }
    this.step(
      inputs,
      count,
      onlyDocument ? 1 : count,
      at.targets,
      targetCount,
      row,
      at.scratch,
      rate,
      onlyDocument ? 0 : rate,
    );
  }

  /** One row without what fills it up. */
  private row(rows: Rows, index: number): Float32Array {
    const start = this.at[rows] / 4 + index * this.width;
    return this.floats.subarray(start, start + this.options.dimensions);
  }

  private randomise(row: Float32Array, draws: Draws): void {
    for (let i = 0; i < row.length; i++) row[i] = (2 * draws.uniform() - 1) / row.length;
  }
}

/** 0 if one of the vectors is. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i] * b[i];
    first += a[i] * a[i];
    second += b[i] * b[i];
  }
  return both === 0 ? 0 : both / Math.sqrt(first * second);
}
