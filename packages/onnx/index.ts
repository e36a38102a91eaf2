export { FILE_NAMES } from "./card";
export { writeOnnxFolder } from "./folder";
export { onnxModel, type TextNetwork } from "./model";
export { type OnnxClassifier, openOnnx } from "./run";
export { inputsOf, namedInputs, type OnnxLogits, rowsOf } from "./texts";
export type { Readable } from "./tokenizer-json";
export type { Precision } from "./weights";
