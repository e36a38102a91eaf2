/** What a folder with an ONNX classifier says of itself to whoever gets it. */
import type { Readable } from "./tokenizer-json";
import type { Precision } from "./weights";

export const FILE_NAMES: Readonly<Record<Precision, string>> = {
  f32: "model.onnx",
  f16: "model_fp16.onnx",
  int8: "model_quantized.onnx",
  "int8-table": "model_quantized_table.onnx",
};

const MEANING: Readonly<Record<Precision, string>> = {
  f32: "float32",
  f16: "weights as half floats, computed in float32",
  int8: "weights of 8 bits with a scale a row; what maps read is rounded to 8 bits with a scale a token",
  "int8-table": "the same with one scale for the whole table of words, to compare with",
};

const TEXTS: Readonly<Record<Readable, string>> = {
  texts: "Texts go to the tokenizer as they are.",
  words:
    "**This tokenizer cuts no Japanese text into words**: give it MeCab's words with spaces between them, or ids; a text as it is gives other ids, and so wrong answers, without an error.",
  ids: "transformers.js has no tokenizer for this model: give the model ids, made by komalab or by Python's transformers.",
};

/** README.md of such a folder. */
export const cardOf = (
  classes: readonly string[],
  precisions: readonly Precision[],
  readable: Readable,
): string =>
  `# A text classifier in ONNX

Classes: ${classes.join(", ")}. Written by komalab; opset 17, IR version 8.

| file | numbers |
|---|---|
${precisions.map((precision) => `| onnx/${FILE_NAMES[precision]} | ${MEANING[precision]} |`).join("\n")}

It reads input_ids, attention_mask and, if it has it, token_type_ids (0 for single texts), int64 [batch, tokens], and gives
logits, float32 [batch, ${classes.length}], in the order of the classes. ${TEXTS[readable]}
`;
