/**
 * The rows of `npm run bench`. A new one is an entry here with two programs, one for each side (side.ts and
 * side.py say how they are asked); README.md has an example.
 */

import { plural } from "../lib/show/numbers";
import { meant } from "../lib/support/nearest";
import { literally } from "../lib/support/pattern";
import { classifyModels } from "./classify-folder";
import { doc2vecOptions, noUnigram, tokenizeOptions, unigramOptions } from "./lines";
import { noReviews, writeReviews } from "./reviews";
import type { Row, Side } from "./row";

export interface Settings {
  /** Repeats of a row; its own number if left out. */
  readonly repeats?: number;
  /** Training sentences of whole runs; all if Infinity. */
  readonly sentences: number;
  readonly epochs: number;
  /** Tiny networks: to try the programs, not to be reported. */
  readonly tiny: boolean;
  /** A commit of komalab that rows are measured against as well. */
  readonly against?: string;
}

export const SETTINGS: Settings = { sentences: 960, epochs: 3, tiny: false };

const TINY = { layers: 2, hidden: 64, heads: 2, tokens: 32, vocabulary: 32000 };
/** The shape of modernbert-ja-30m, by its config.json. */
const MODERNBERT_30M = { encoder: "modernbert", layers: 10, hidden: 256, heads: 4, vocabulary: 102400 };
/** The shape of line-distilbert-base-japanese. */
const DISTILBERT = { encoder: "distilbert", layers: 6, hidden: 768, heads: 12, vocabulary: 32768 };
const THIN = { layers: 12, hidden: 48, heads: 12, tokens: 16, batch: 2, vocabulary: 100 };

type Options = Readonly<Record<string, unknown>>;
const ts = (name: string, options: Options = {}): Side => ({ program: `${name}.ts`, options });
const py = (name: string, options: Options = {}): Side => ({ program: `${name}.py`, options });

/** All rows, in the order of the table. */
export function rows({ tiny, sentences, epochs, repeats, against }: Settings): readonly Row[] {
  const shape = tiny ? TINY : {};
  const base = tiny ? "a tiny BERT" : "BERT-base shape";
  const batch = tiny ? "16 x 32" : "16 x 128";
  const step = (
    name: string,
    what: string,
    options: Options,
    more: Partial<Row> = {},
    theirs: Options = {},
  ): Row => ({
    name,
    what: `one training step, ${base}, batch ${batch} tokens, ${what}`,
    unit: "s",
    ratio: "faster",
    repeats: 5,
    komalab: ts("step", { measure: "s", ...shape, ...options }),
    peer: py("step-torch", { measure: "s", ...shape, ...options, ...theirs }),
    ...more,
  });
  const tensorflow = (name: string, what: string, options: Options, more: Partial<Row> = {}): Row =>
    step(name, `${what}; against Python's TensorFlow (tf.function)`, options, {
      peer: py("step-tensorflow", { measure: "s", ...shape, ...options }),
      peerName: "TensorFlow",
      ...more,
    });
  const run = (freeze: string, part: string): Row => {
    const options = { freeze, epochs, ...shape };
    return {
      name: `run-${freeze}`,
      unit: "s",
      ratio: "faster",
      repeats: 1,
      fresh: true,
      skip: noReviews,
      what: `whole run on jrte-corpus, ${plural(epochs, "epoch")} with validation, ${base}, real lengths, ${part} trained; against Trainer`,
      komalab: ts("fit", options),
      peer: py("fit-transformers", options),
      prepare: async () => ({ data: await writeReviews(sentences) }),
    };
  };
  /** Another encoder, all of its layers trained. */
  const encoder = (kind: string, shapeOf: Options, what: string): Row[] => {
    const options = { ...shapeOf, ...shape, freeze: "all" };
    const named = tiny ? `a tiny ${what}` : what;
    return [
      {
        ...run("all", "all layers"),
        name: `run-${kind}`,
        what: `whole run on jrte-corpus, ${plural(epochs, "epoch")} with validation, ${named}, real lengths; against Trainer`,
        komalab: ts("fit", { ...options, epochs }),
        peer: py("fit-transformers", { ...options, epochs }),
      },
      {
        ...step(`memory-${kind}`, "", { ...options, measure: "memory" }),
        what: `one training step of ${named}, batch ${batch} tokens: peak memory of the process after three`,
        unit: "GB",
        ratio: "share",
        fresh: true,
        repeats: 2,
      },
    ];
  };
  const forms = {
    f32: "the built-in model as ONNX, float32, through transformers.js",
    f16: "the same with half floats as weights",
    int8: "the same in int8",
    "int8-table": "the same in int8 with one scale for the whole table of words",
    cut: "the same in float32 with 4,000 of its 9,000 pieces",
    layers: "its first two layers of four, in int8",
    narrow: "two layers of width 128, in int8",
    lstm: "BiLSTM of 64 over MeCab's words, in TensorFlow.js",
    tfidf: "TF-IDF of characters, logistic regression",
    doc2vec: "doc2vec of MeCab's words, beside which a head is nothing",
  };
  const classify = (options: Options): Side => ts("classify", options);
  /** Against the built-in model in TensorFlow.js. */
  const classifiers = (how: string, options: Options, row: Pick<Row, "name" | "unit" | "ratio">): Row[] =>
    Object.entries(forms).map(([runtime, system]) => ({
      ...row,
      name: row.name.replace("*", runtime),
      what: `built-in reviews from text to class, ${how}, ${system}; against the built-in model in TensorFlow.js`,
      repeats: 3,
      komalab: classify({ ...options, runtime }),
      peer: classify({ ...options, runtime: "tensorflow" }),
      peerName: "TensorFlow.js",
      prepare: async () => classifyModels(),
    }));
  const headlines = Object.entries({
    tfidf: "TF-IDF of characters, logistic regression",
    "characters-svm": "TF-IDF of characters, a linear support vector machine",
    svm: "TF-IDF of kuromoji's words without particles, a linear support vector machine",
    lstm: "MeCab's words, a bidirectional LSTM of 64 with word vectors of 100 (notebook 08's)",
  }).map(
    ([way, system]): Row => ({
      name: `headlines-${way}`,
      what: `a built-in headline from text to class, one by one, ${system}; against the built-in model in TensorFlow.js`,
      unit: "ms",
      ratio: "faster",
      repeats: 5,
      komalab: ts("headlines", { way }),
      peer: ts("headlines", { way: "tensorflow" }),
      peerName: "TensorFlow.js",
    }),
  );
  const classified = (batch: number): Row[] =>
    classifiers(
      batch === 1 ? "one by one" : `in batches of ${batch}`,
      { batch },
      { name: `classify-*-${batch}`, unit: "tokens/s", ratio: "more" },
    );
  const inOrder = { runtime: "int8", batch: 32, threads: 2 };
  const gains: readonly Row[] = [
    {
      name: "classify-sorted",
      what: "built-in reviews from text to class in int8, sorted by length, in batches of at most 2,048 tokens, padding counted; against batches of 32 in order",
      komalab: classify({ ...inOrder, batch: 64, tokens: 2048 }),
      peerName: "in order",
    },
    {
      name: "classify-processes",
      what: "built-in reviews from text to class in int8, in batches of 32 by two processes of one thread; against one process of two threads",
      komalab: classify({ ...inOrder, processes: 2 }),
      peerName: "one process",
    },
  ].map((row) => ({
    ...row,
    ...({ unit: "tokens/s", ratio: "more", repeats: 5 } as const),
    peer: classify(inOrder),
    prepare: async () => classifyModels(),
  }));
  const all: readonly Row[] = [
    step("step-all", "all layers trained", { freeze: "all" }),
    step("step-last", "last layer trained, epochs after the first", { freeze: "last" }),
    step("step-fixed", "only the classifier trained, epochs after the first", { freeze: "fixed" }),
    step("step-bias", "all biases and the classifier trained", { freeze: "bias" }),
    step("step-lora", "adapters and the classifier trained, rank 8; PyTorch with PEFT", { freeze: "lora" }),
    step("step-all-bf16", "all layers, products in bf16", { freeze: "all", precision: "bfloat16" }),
    tensorflow("step-all-tf", "all layers", { freeze: "all" }),
    tensorflow("step-all-tf-bf16", "all layers, products in bf16", { freeze: "all", precision: "bfloat16" }),
    step(
      "step-last-cached",
      "last layer, PyTorch given the same cached features by hand",
      { freeze: "last" },
      {},
      { cached: true },
    ),
    step(
      "step-fixed-cached",
      "classifier, PyTorch given the same cached features by hand",
      { freeze: "fixed" },
      {},
      { cached: true },
    ),
    {
      name: "step-lstm",
      what: "one training step of a bidirectional LSTM of 400 over 24 words, batch 16, trained embeddings of 50 beside fixed vectors of 200, nine classes; against nn.LSTM",
      unit: "s",
      ratio: "faster",
      repeats: 5,
      komalab: ts("step-lstm", tiny ? { hidden: 16, words: 100 } : {}),
      peer: py("step-lstm-torch", tiny ? { hidden: 16, words: 100 } : {}),
    },
    run("all", "all layers"),
    run("last", "last layer"),
    run("fixed", "classifier"),
    ...(["all", "last", "fixed", "bias", "lora"] as const).map(
      (freeze): Row => ({
        ...run(freeze, ""),
        name: `products-${freeze}`,
        what: `the run of run-${freeze}; against TensorFlow's matrix products alone, at the row counts of its batches`,
        ratio: "share",
        peer: ts("products", { freeze, epochs, ...shape }),
        peerName: "products",
      }),
    ),
    run("bias", "all biases and classifier"),
    run("lora", "adapters (PEFT's in Trainer) and classifier"),
    ...encoder(
      "modernbert",
      MODERNBERT_30M,
      "ModernBERT of modernbert-ja-30m's shape (10 layers of width 256, 102,400 pieces; 10M of 37M parameters in products, .06 GFLOP a token and step)",
    ),
    ...encoder(
      "distilbert",
      DISTILBERT,
      "DistilBERT (6 layers of width 768, 32,768 pieces; 43M of 68M parameters in products, .26 GFLOP a token and step)",
    ),
    step(
      "memory-all",
      "all layers: peak memory of the process after three steps",
      { freeze: "all", measure: "memory" },
      { unit: "GB", ratio: "share", fresh: true, repeats: 2 },
    ),
    step(
      "memory-lora",
      "adapters and the classifier: peak memory of the process after three steps; PyTorch with PEFT",
      { freeze: "lora", measure: "memory" },
      { unit: "GB", ratio: "share", fresh: true, repeats: 2 },
    ),
    step(
      "memory-checkpointing",
      "all layers, activations computed again: peak memory of the process after three steps; against keeping them",
      { freeze: "all", measure: "memory", checkpointing: true },
      {
        ...{ unit: "GB", ratio: "share", fresh: true, repeats: 2, peerName: "komalab" },
        peer: ts("step", { measure: "memory", ...shape, freeze: "all" }),
      },
    ),
    step(
      "memory-lora-checkpointing",
      "adapters and the classifier, activations computed again: peak memory of the process after three steps; against all layers",
      { freeze: "lora", measure: "memory", checkpointing: true },
      {
        ...{ unit: "GB", ratio: "share", fresh: true, repeats: 2, peerName: "komalab" },
        peer: ts("step", { measure: "memory", ...shape, freeze: "all" }),
      },
    ),
    tensorflow(
      "compile-all",
      "all layers: compiling it",
      { freeze: "all", measure: "compile" },
      { fresh: true, repeats: 3 },
    ),
    tensorflow(
      "memory-compile",
      "all layers: peak memory of the process after compiling it",
      { freeze: "all", measure: "compile-memory" },
      { unit: "GB", ratio: "share", fresh: true, repeats: 2 },
    ),
    step(
      "dispatch-ms",
      "",
      { ...THIN, measure: "ms" },
      {
        what: "one training step of 12 layers of width 48, batch 2 x 16 tokens, one thread: what a step costs beside computing",
        unit: "ms",
        ratio: "value",
        threads: 1, // two would add waiting for each other in every op, and have nothing to share
      },
    ),
    ...classified(1),
    ...classified(32),
    ...headlines,
    ...gains,
    ...classifiers(
      "in batches of 32",
      { batch: 32, measure: "memory" },
      { name: "memory-classify-*", unit: "GB", ratio: "share" },
    ).map((row) => ({
      ...row,
      ...{
        fresh: true,
        repeats: 2,
        what: row.what.replace("; against", ": peak memory of the process; against"),
      },
    })),
    {
      name: "tokenize",
      what: "lines never seen before, from text to ids, one thread; against BertJapaneseTokenizer",
      unit: "lines/s",
      ratio: "more",
      repeats: 5,
      komalab: ts("tokenize"),
      peer: py("tokenize-transformers"),
      peerName: "transformers",
      prepare: () => tokenizeOptions(repeats ?? 5),
    },
    ...[false, true].map(
      (auto): Row => ({
        name: auto ? "tokenize-unigram-auto" : "tokenize-unigram",
        what: `text to ids with a unigram model of 16,000 pieces, line by line, one thread; against ${auto ? "transformers' AutoTokenizer" : "Python's tokenizers"}`,
        unit: "tokens/s",
        ratio: "more",
        repeats: 5,
        peerName: auto ? "transformers" : "tokenizers",
        skip: noUnigram,
        komalab: ts("tokenize-unigram"),
        peer: py("tokenize-unigram-python", { auto }),
        prepare: () => unigramOptions(repeats ?? 5),
      }),
    ),
    ...(["dm", "dbow"] as const).map(
      (algorithm): Row => ({
        name: `doc2vec-${algorithm}`,
        what: `doc2vec, PV-${algorithm.toUpperCase()}, vocabulary and training; against the best of gensim's workers and inputs`,
        unit: "words/s",
        ratio: "more",
        repeats: 3,
        peerName: "gensim",
        komalab: ts("doc2vec", { algorithm }),
        peer: py("doc2vec-gensim", { algorithm }),
        prepare: doc2vecOptions,
      }),
    ),
    {
      name: "kernel-ready",
      what: "from the kernel's start to the end of a notebook's imports; against importing torch and transformers",
      unit: "s",
      ratio: "faster",
      repeats: 3,
      komalab: ts("kernel"),
      peer: py("kernel-python"),
      peerName: "Python",
    },
    ...(["float32", "bfloat16"] as const).map(
      (precision): Row => ({
        name: precision === "float32" ? "matmul" : "matmul-bf16",
        what: `product of [2048, 768] and [768, 3072] in ${precision}`,
        unit: "GFLOPS",
        ratio: "more",
        repeats: 5,
        komalab: ts("matmul", { precision }),
        peer: py("matmul-torch", { precision }),
      }),
    ),
  ];
  const repeated = all.map((row) => ({ ...row, repeats: repeats ?? row.repeats }));
  return against === undefined
    ? repeated
    : repeated.flatMap((row) => [
        row,
        {
          ...row,
          name: `${row.name}@${against}`,
          what: `${row.what.replace(/; against .*$/, "")}; against komalab at ${against}`,
          peer: { ...row.komalab, commit: against },
          peerName: against,
        },
      ]);
}

/**
 * The rows that are asked for, `*` standing for anything; with `against` those against that commit alone.
 * @throws if a name is none
 */
export function chosenRows(
  all: readonly Row[],
  { only, against }: { readonly only?: string; readonly against?: string },
): readonly Row[] {
  const rows = all.filter(({ peer }) => peer.commit === against),
    plain = (name: string) => name.split("@")[0];
  const patterns = only?.split(",").map((name) => name.trim()) ?? ["*"];
  return patterns.flatMap((pattern) => {
    const like = new RegExp(`^${pattern.split("*").map(literally).join(".*")}$`),
      found = rows.filter(({ name }) => like.test(plain(name)));
    if (found.length > 0) return found;
    const names = rows.map(({ name }) => plain(name));
    throw new Error(`there is no row ${pattern}: ${meant(pattern, names)}`);
  });
}
