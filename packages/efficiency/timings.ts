/** How fast texts become classes, as `npm run bench` has measured it with the built-in model and reviews. */
import { join } from "node:path";
import { projectRoot, readJson } from "../../lib/support/files";

const RESULTS = join(projectRoot, "bench", "results.json");

/** What is used of bench/results.json. */
interface Measured {
  readonly rows: readonly {
    readonly name: string;
    readonly komalab: number;
    /** Of the peer, which is TensorFlow.js here. */
    readonly pytorch: number;
    readonly ratio: number;
    readonly spread: readonly [number, number];
  }[];
}

type Row = Measured["rows"][0];

/** @throws if it was not measured, with the command that does */
function rowOf(name: string): Row {
  const row = readJson<Measured>(RESULTS)?.rows.find((one) => one.name === name);
  if (row !== undefined) return row;
  throw new Error(`${RESULTS} has no row ${name}: measure it by npm run bench -- --only ${name}`);
}

function inWords({ ratio, spread }: Row): string {
  const [low, high] = spread.map((one) => one.toFixed(1));
  return `${ratio.toFixed(1)} × (${low} to ${high})`;
}

interface Timing {
  /**
   * Times as fast as TensorFlow.js, whose measurements were taken in turn: what else the machine did
   * meanwhile fell on both.
   */
  readonly ratio: number;
  /** "1.8 × (1.1 to 2.3)": with the lowest and the highest ratio of one pair of measurements. */
  readonly ratioInWords: string;
  /** Tokens a second, the median: one row's and another's were taken at different times. */
  readonly tokens: number;
}

/**
 * The speed of one way to classify.
 * @param way tensorflow, f32, f16, int8, tfidf or doc2vec
 * @param batch texts at once, 1 or 32
 * @throws if it was not measured, with the command that does
 */
export function timingOf(way: string, batch: number): Timing {
  const isTensorFlow = way === "tensorflow",
    row = rowOf(`classify-${isTensorFlow ? "f32" : way}-${batch}`);
  return isTensorFlow
    ? { ratio: 1, ratioInWords: "1 ×", tokens: row.pytorch }
    : { ratio: row.ratio, ratioInWords: inWords(row), tokens: row.komalab };
}

/**
 * How long a built-in headline takes from text to class, one by one.
 * @param way tensorflow (the built-in model), tfidf, svm (words), characters-svm or lstm
 * @throws if it was not measured, with the command that does
 */
export function headlineTiming(
  way: string,
): Pick<Timing, "ratioInWords"> & { readonly milliseconds: number } {
  const isTensorFlow = way === "tensorflow",
    row = rowOf(`headlines-${isTensorFlow ? "lstm" : way}`);
  return isTensorFlow
    ? { milliseconds: row.pytorch, ratioInWords: "1 ×" }
    : { milliseconds: row.komalab, ratioInWords: inWords(row) };
}
