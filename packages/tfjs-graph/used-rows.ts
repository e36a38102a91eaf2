/**
 * An engine for a table of which most rows never occur in the data, as of word embeddings: it holds and
 * trains only those that do. Exact: a row that no input picks has no gradient and no moments, so only AdamW's
 * decay moves it, w ← w · (1 - rate · weightDecay) at every step. The product of these factors is kept in 48
 * bits and applied when weights are asked for; step by step in float32 the row would be the same within
 * rounding. Rows that occur only in inputs of outputs() are held as well, and decay in the engine itself.
 *
 * Shapes: V rows of the table, R of them held.
 */

import type { HostArray, Weights } from "../../lib/support/host-array";
import { openEngine } from "./engine";
import type {
  Engine,
  EngineSettings,
  HostInputs,
  OptimizerState,
  StepOptions,
  StepResult,
} from "./engine-types";
import { type Steps, stepsOf } from "./optimizer";

interface UsedRows {
  /** A trainable parameter [V, …] that is read only as the rows that inputs.ids pick. */
  readonly table: string;
  /** Every number that inputs.ids will have. */
  readonly ids: Iterable<number>;
  /**
   * R is a multiple of it, filled up with rows that are not used, so that other data of the same kind needs
   * no other graph.
   */
  readonly multiple?: number;
}

/**
 * Above this share of rows in use, or with decay inside the gradient (Adam), which moments remember, all rows
 * are held.
 */
const WORTH_IT = 0.8;

/**
 * Opens an engine that holds used rows alone; its weights are whole, its moments of the table are those of
 * the R rows held.
 */
export function openUsedRows(settings: EngineSettings, { table, ids, multiple = 256 }: UsedRows): Engine {
  const whole = settings.weights[table],
    optimizer = settings.optimizer && stepsOf(settings.optimizer);
  const used = new Set(ids);
  const rows = Math.ceil(used.size / multiple) * multiple;
  const alone =
    optimizer && settings.trainable?.includes(table) && !(optimizer.decaysFirst && optimizer.decays(table));
  if (!alone || rows > WORTH_IT * whole.shape[0]) return openEngine(settings);
  const spare = Array.from({ length: whole.shape[0] }, (_, row) => row)
    .filter((row) => !used.has(row))
    .slice(0, rows - used.size);
  return new UsedRowsEngine(settings, { table, optimizer, held: [...used, ...spare].sort((a, b) => a - b) });
}

interface Held {
  readonly table: string;
  readonly optimizer: Steps;
  /** The row of the whole table that each row of the engine is, ascending. */
  readonly held: readonly number[];
}

class UsedRowsEngine implements Engine {
  private readonly inner: Engine;
  private readonly rowOf = new Map<number, number>();
  /** What the rows that are not held were, and by what they have decayed since. */
  private before: HostArray;
  private factor = 1;
  /** Of the averages of these rows, as far as there are averages. */
  private averageFactor = 1;
  private steps = 0;

  constructor(
    private readonly settings: EngineSettings,
    private readonly rows: Held,
  ) {
    const { table, held } = rows;
    held.forEach((row, i) => this.rowOf.set(row, i));
    this.before = settings.weights[table];
    this.inner = openEngine({ ...settings, weights: this.compact(settings.weights) });
  }

  get mode() {
    return this.inner.mode;
  }

  get reason() {
    return this.inner.reason;
  }

  step(inputs: HostInputs, options: StepOptions): StepResult {
    const { table, optimizer } = this.rows;
    const result = this.inner.step(this.renumbered(inputs), options);
    this.steps++;
    if (optimizer.decays(table)) {
      const { decay } = optimizer.scalars(this.steps, options.learningRate);
      const own = Math.fround(Math.fround(decay) * Math.fround(optimizer.factorOf(table)));
      this.factor = rounded(this.factor * (1 - own));
    }
    return result;
  }

  outputs(inputs: HostInputs): HostArray {
    return this.inner.outputs(this.renumbered(inputs));
  }

  average(share: number): void {
    this.inner.average(share);
    this.averageFactor = rounded(this.factor - (1 - share) * (this.factor - this.averageFactor));
  }

  averages(): Weights {
    if (!this.settings.averaged) return this.weights();
    return this.whole(this.inner.averages(), this.averageFactor);
  }

  weights(): Weights {
    return this.whole(this.inner.weights(), this.factor);
  }

  /** The weights with all rows of the table, those that are not held times `factor`. */
  private whole(weights: Weights, factor: number): Weights {
    const { table, held } = this.rows;
    const data = (this.before.data as Float32Array).map((value) => value * factor);
    const width = data.length / this.before.shape[0];
    held.forEach((row, i) => data.set(weights[table].data.subarray(i * width, (i + 1) * width), row * width));
    return { ...weights, [table]: { shape: this.before.shape, data } };
  }

  /**
   * The second moments and the averages have their factor as well, under a name of its own: with it a
   * restored engine goes on bit-identically.
   */
  optimizerState(): OptimizerState {
    const { averages, ...state } = this.inner.optimizerState();
    return {
      ...state,
      secondMoments: { ...state.secondMoments, [this.factorName]: inHalves(this.factor) },
      ...(averages && { averages: { ...averages, [this.factorName]: inHalves(this.averageFactor) } }),
    };
  }

  restore(weights: Weights, optimizer?: OptimizerState): void {
    this.inner.restore(weights[this.rows.table] ? this.compact(weights) : weights, optimizer);
    const known = optimizer?.secondMoments[this.factorName];
    this.factor = fromHalves(known);
    this.averageFactor = fromHalves(optimizer?.averages?.[this.factorName] ?? known);
    this.before = (known ? this.settings.weights : weights)[this.rows.table];
    if (optimizer) this.steps = optimizer.steps;
  }

  dispose(): void {
    this.inner.dispose();
  }

  private get factorName(): string {
    return `${this.rows.table}: decay of rows not held`;
  }

  private compact(weights: Weights): Weights {
    const { table, held } = this.rows;
    const {
      shape: [count, ...rest],
      data,
    } = weights[table];
    const width = data.length / count;
    const compact = new Float32Array(held.length * width);
    held.forEach((row, i) => compact.set(data.subarray(row * width, (row + 1) * width), i * width));
    return { ...weights, [table]: { shape: [held.length, ...rest], data: compact } };
  }

  private renumbered(inputs: HostInputs): HostInputs {
    const { shape, data } = inputs.ids;
    const ids = Int32Array.from(data, (id) => {
      const row = this.rowOf.get(id);
      if (row === undefined)
        throw new Error(
          `row ${id} of ${this.rows.table} is not held: it was not among the ids given when the engine was opened`,
        );
      return row;
    });
    return { ...inputs, ids: { shape, data: ids } };
  }
}

/** What two float32 can hold together. */
function rounded(value: number): number {
  const high = Math.fround(value);
  return high + Math.fround(value - high);
}

const inHalves = (value: number): HostArray => {
  const high = Math.fround(value);
  return { shape: [2], data: Float32Array.of(high, value - high) };
};
const fromHalves = (halves: HostArray | undefined): number => (halves ? halves.data[0] + halves.data[1] : 1);
