/**
 * Classifiers in ONNX run through transformers.js (@xenova/transformers), with ids that packages/tokenizer
 * made: what Node computes, without TensorFlow. An encoder that it does not know, as ModernBERT, is run by
 * onnxruntime, which it computes with itself.
 */
import { basename, dirname, join, resolve } from "node:path";
import { readJson } from "../../lib/support/files";
import type { Json } from "../hf-files";
import type { TokenIds } from "../tokenizer";
import { FILE_NAMES } from "./card";
import { type Inputs, inputsOf, namedInputs, type OnnxLogits, rowsOf } from "./texts";
import type { Precision } from "./weights";

type MakeTensor = new (type: string, data: BigInt64Array, dims: readonly number[]) => OnnxLogits;
type Compute = (inputs: Inputs<OnnxLogits>) => Promise<{ readonly logits: OnnxLogits }>;

/** What is used of it; checking its own typings takes long. */
interface Transformers {
  readonly env: { localModelPath: string };
  readonly Tensor: MakeTensor;
  readonly AutoModelForSequenceClassification: {
    from_pretrained(name: string, options: Readonly<Record<string, unknown>>): Promise<Compute>;
  };
}

/** The same of onnxruntime-node. */
interface Onnxruntime {
  readonly Tensor: MakeTensor;
  readonly InferenceSession: {
    create(
      path: string,
      options: { readonly intraOpNumThreads?: number },
    ): Promise<{
      readonly inputNames: readonly string[];
      run(inputs: Readonly<Record<string, OnnxLogits>>): ReturnType<Compute>;
    }>;
  };
}

interface Opened {
  readonly Tensor: MakeTensor;
  readonly compute: Compute;
}

async function byTransformers(folder: string, precision: Precision): Promise<Opened> {
  const { env, Tensor, AutoModelForSequenceClassification } = (await import(
    "@xenova/transformers" as string
  )) as Transformers;
  env.localModelPath = dirname(resolve(folder));
  const compute = await AutoModelForSequenceClassification.from_pretrained(basename(resolve(folder)), {
    local_files_only: true,
    quantized: precision === "int8",
    ...(precision !== "int8" && { model_file_name: FILE_NAMES[precision].replace(/\.onnx$/, "") }),
  });
  return { Tensor, compute };
}

async function byOnnxruntime(folder: string, precision: Precision, threads?: number): Promise<Opened> {
  const { Tensor, InferenceSession } = (await import("onnxruntime-node" as string)) as Onnxruntime;
  const session = await InferenceSession.create(
    join(folder, "onnx", FILE_NAMES[precision]),
    threads === undefined ? {} : { intraOpNumThreads: threads },
  );
  const compute: Compute = (inputs) => session.run(namedInputs(inputs, session.inputNames));
  return { Tensor, compute };
}

/** The logits of texts, C each. */
export type OnnxClassifier = (texts: readonly TokenIds[]) => Promise<Float32Array[]>;

/**
 * Opens a classifier that exportOnnx wrote.
 * @param folder holds config.json and onnx/
 * @param threads that onnxruntime is to take; by default as many as there are cores, which transformers.js
 *   lets nobody choose, so that with a number onnxruntime is asked itself
 * @returns what gives a batch's logits; the shorter texts of it are padded. It throws of a text that is
 *   longer than the model takes
 * @throws Error if the file of this precision is missing
 */
export async function openOnnx(
  folder: string,
  precision: Precision = "f32",
  threads?: number,
): Promise<OnnxClassifier> {
  const { Tensor, compute } =
    threads !== undefined
      ? await byOnnxruntime(folder, precision, threads)
      : await byTransformers(folder, precision).catch((error: Error) => {
          if (!/^Unsupported model type/.test(error.message)) throw error;
          return byOnnxruntime(folder, precision);
        });
  const { model_max_length: most } = readJson<Json>(join(folder, "tokenizer_config.json")) ?? {};
  return async (texts) => {
    const length = Math.max(...texts.map(({ ids }) => ids.length));
    if (length > Number(most))
      throw new Error(
        `a text of ${length} tokens, but ${folder} takes ${most}: truncate texts to that length`,
      );
    return rowsOf((await compute(inputsOf(texts, Tensor))).logits);
  };
}
