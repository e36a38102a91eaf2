export { FILE_NAMES } from "./card";
export { writeOnnxFolder } from "./folder";
export { onnxModel, type TextNetwork } from "./model";
export { type OnnxClassifier, openOnnx } from "./run";
export type { Readable } from "./tokenizer-json";
export type { Precision } from "./weights";
