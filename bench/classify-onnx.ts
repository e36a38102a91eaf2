/** Texts to classes by onnxruntime: komalab's ids, a model of classify-models.ts. */
import { join } from "node:path";
import type { Precision } from "../packages/onnx";
import { openOnnx } from "../packages/onnx/run"; // without what writes models, which needs TensorFlow
import { openTokenizer } from "../packages/tokenizer";
import { batchesByTokens, type OpenClassify, type Runtime } from "./classify";

/** The folder of a model and its numbers; those of students are the smallest. */
const MODELS: Readonly<Partial<Record<Runtime, readonly [folder: string, precision: Precision]>>> = {
  f32: ["whole", "f32"],
  f16: ["whole", "f16"],
  int8: ["whole", "int8"],
  "int8-table": ["whole", "int8-table"],
  cut: ["cut", "f32"],
  layers: ["layers", "int8"],
  narrow: ["narrow", "int8"],
};

export const open: OpenClassify = async ({ runtime, folder, threads, tokens }) => {
  const [model, precision] = MODELS[runtime]!,
    place = join(folder, model);
  const { encode } = await openTokenizer(place),
    classify = await openOnnx(place, precision, threads);
  return async (texts) => {
    const encoded = texts.map((text) => encode(text, { maxLength: 128 })); // as many positions as the model has
    if (tokens === undefined) return classify(encoded);
    for (const batch of batchesByTokens(encoded, tokens)) await classify(batch.map((i) => encoded[i]));
    return undefined;
  };
};
