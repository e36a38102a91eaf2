/**
 * How fast texts become classes, and in how much memory, as `npm run bench` has measured it with the
 * built-in model and reviews.
 */
import { join } from "node:path";
import { projectRoot, readJson } from "../../lib/support/files";

const RESULTS = join(projectRoot, "bench", "results.json");

interface MeasuredRow {
  readonly name: string;
  readonly komalab: number;
  /** Of the peer, which is TensorFlow.js here. */
  readonly pytorch: number;
  readonly ratio: number;
  readonly spread: readonly [number, number];
}

/** What is used of bench/results.json. */
interface Measured {
  readonly rows: readonly MeasuredRow[];
}

export interface Timing {
  /**
   * Times as fast as TensorFlow.js, whose measurements were taken in turn: what else the machine did
   * meanwhile fell on both.
   */
  readonly ratio: number;
  /** "1.8 × (1.1 to 2.3)": with the lowest and the highest ratio of one pair of measurements. */
  readonly ratioInWords: string;
  /** The same for a table: "1.8 (1.1–2.3)". */
  readonly ratioInNumbers: string;
  /** Tokens a second, the median: one row's and another's were taken at different times. */
  readonly tokens: number;
}

const TENSORFLOW = "tensorflow";

/** @throws if it was not measured, with the command that does */
function measured(name: string): MeasuredRow {
  const row = readJson<Measured>(RESULTS)?.rows.find((one) => one.name === name);
  if (row) return row;
  throw new Error(`${RESULTS} has no row ${name}: measure it by npm run bench -- --only ${name}`);
}

function timed({ ratio, spread, komalab: tokens }: MeasuredRow): Timing {
  const [low, high] = spread.map((one) => one.toFixed(1));
  return {
    ratio,
    ratioInWords: `${ratio.toFixed(1)} × (${low} to ${high})`,
    ratioInNumbers: `${ratio.toFixed(1)} (${low}–${high})`,
    tokens,
  };
}

/**
 * The speed of one way to classify.
 * @param way tensorflow, or a runtime of bench/classify.ts
 * @param batch texts at once, 1 or 32
 * @throws if it was not measured, with the command that does
 */
export function timingOf(way: string, batch: number): Timing {
  if (way !== TENSORFLOW) return timed(measured(`classify-${way}-${batch}`));
  return {
    ratio: 1,
    ratioInWords: "1 ×",
    ratioInNumbers: "1",
    tokens: measured(`classify-f32-${batch}`).pytorch,
  };
}

/**
 * How long a built-in headline takes from text to class, one by one.
 * @param way tensorflow (the built-in model), tfidf, svm (words), characters-svm or lstm
 * @throws if it was not measured, with the command that does
 */
export function headlineTiming(
  way: string,
): Pick<Timing, "ratioInWords"> & { readonly milliseconds: number } {
  const isTensorFlow = way === TENSORFLOW,
    row = measured(`headlines-${isTensorFlow ? "lstm" : way}`);
  return isTensorFlow
    ? { milliseconds: row.pytorch, ratioInWords: "1 ×" }
    : { milliseconds: row.komalab, ratioInWords: timed(row).ratioInWords };
}

/**
 * What is gained where texts are sorted and their batches counted in tokens ("sorted"), or where two
 * processes share the texts ("processes"): against texts in order, in one process.
 * @throws if it was not measured, with the command that does
 */
export const gainOf = (how: "sorted" | "processes"): Timing => timed(measured(`classify-${how}`));

/**
 * The most memory of a process that classifies in batches of 32, in MB: Node, the dictionary of words and
 * all.
 * @throws if it was not measured, with the command that does
 */
export function memoryOf(way: string): number {
  const isTensorFlow = way === TENSORFLOW,
    { komalab, pytorch } = measured(`memory-classify-${isTensorFlow ? "f32" : way}`);
  return 1000 * (isTensorFlow ? pytorch : komalab);
}
