/**
 * From a text to its class, in tokens a second (those of the built-in model, whatever reads the text), or
 * the most memory that this process has held by then: the built-in reviews, by the built-in model in
 * TensorFlow or as ONNX through transformers.js, by smaller ones, by TF-IDF. What a way does not need is
 * not loaded, so that its memory is its own; models lie in a folder that classify-models.ts has filled.
 */
import { spawn } from "node:child_process";
import { readReviews } from "../lib/data/reviews";
import { openTokenizer, type TokenIds } from "../packages/tokenizer";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../test/builtin";
import type { Classify } from "./classifiers";
import { SideProcess } from "./process";
import { type Opened, peakMemory, serve } from "./side";

/**
 * The whole model; f32 with a part of its vocabulary; the students of packages/distillation; none of these.
 */
export type Runtime =
  | ("tensorflow" | "f32" | "f16" | "int8" | "int8-table")
  | "cut"
  | ("layers" | "narrow" | "lstm")
  | ("tfidf" | "doc2vec");

export interface ClassifyOptions {
  readonly runtime: Runtime;
  /** Texts at once. */
  readonly batch: number;
  /** With the models. */
  readonly folder: string;
  readonly measure?: "memory";
  /** Of onnxruntime; all cores if left out. */
  readonly threads?: number;
  /** Texts sorted by length, in batches of at most so many tokens, padding counted. */
  readonly tokens?: number;
  /** So many processes share the texts, one thread each. */
  readonly processes?: number;
  /** Of so many processes this is the one with this number, from 0. */
  readonly part?: readonly [number: number, of: number];
}

export type OpenClassify = (options: ClassifyOptions) => Promise<Classify>;

const TEXTS = 64;
/** That one measurement takes at least. */
const MILLISECONDS = 500;
export const CLASSES = ["不評", "好評"];

/** The reviews that are classified, and those that are learnt from where something has to be. */
export function benchReviews() {
  const { reviews } = readReviews(BUILTIN_REVIEWS);
  return { asked: reviews.slice(0, TEXTS).map(({ text }) => text), learnt: reviews.slice(TEXTS) };
}

async function openingOf(runtime: Runtime): Promise<OpenClassify> {
  if (runtime === "tensorflow" || runtime === "lstm") return (await import("./classify-tensorflow")).open;
  if (runtime === "tfidf" || runtime === "doc2vec") return (await import("./classify-counting")).open;
  return (await import("./classify-onnx")).open;
}

/** Tokens of the built-in model in these texts. */
async function tokensOf(texts: readonly string[]): Promise<number> {
  const { encode } = await openTokenizer(BUILTIN_MODEL);
  return texts.reduce((sum, text) => sum + encode(text).ids.length, 0);
}

/** Processes of this program, each with its part of the texts. */
async function sideBySide({ processes = 2, ...options }: ClassifyOptions): Promise<Opened> {
  const env = { ...process.env, OMP_NUM_THREADS: "1", TF_NUM_INTRAOP_THREADS: "1" };
  const sides = Array.from({ length: processes }, (_, i) => {
    const own = JSON.stringify({ ...options, threads: 1, part: [i, processes] } satisfies ClassifyOptions);
    return new SideProcess(
      "classify.ts",
      spawn(process.execPath, ["--import", "tsx", __filename, own], { env }),
    );
  });
  for (const side of sides) await side.answer();
  const measure = async (): Promise<number> => {
    const each = await Promise.all(sides.map((side) => side.measure()));
    return each.reduce((sum, tokensPerSecond) => sum + tokensPerSecond, 0);
  };
  return { measure };
}

async function open(options: ClassifyOptions): Promise<Opened> {
  if (options.processes !== undefined) return sideBySide(options);
  const { runtime, batch, part: [number, of] = [0, 1], measure: what } = options;
  const texts = benchReviews().asked.filter((_, i) => i % of === number),
    classify = await (await openingOf(runtime))(options);
  const batches = Array.from({ length: Math.ceil(texts.length / batch) }, (_, i) =>
    texts.slice(i * batch, (i + 1) * batch),
  );
  const all = async (): Promise<void> => {
    for (const one of batches) await classify(one);
  };
  await all(); // graphs are optimised, words remembered
  if (what === "memory") return { measure: peakMemory };
  const tokens = await tokensOf(texts);
  const measure = async (): Promise<number> => {
    const start = performance.now();
    let times = 0;
    do {
      await all();
      times++;
    } while (performance.now() - start < MILLISECONDS);
    return (times * tokens) / ((performance.now() - start) / 1000);
  };
  return { measure, note: `${texts.length} reviews of ${(tokens / texts.length).toFixed(0)} tokens` };
}

/** Texts as places in a list, the longest first, in batches of at most so many tokens, padding counted. */
export function batchesByTokens(texts: readonly TokenIds[], most: number): number[][] {
  const order = [...texts.keys()].sort((a, b) => texts[b].ids.length - texts[a].ids.length),
    batches: number[][] = [];
  for (const i of order) {
    const last = batches[batches.length - 1];
    if (last && (last.length + 1) * texts[last[0]].ids.length <= most) last.push(i);
    else batches.push([i]);
  }
  return batches;
}

if (require.main === module) void serve(open);
