export { onnxAnswers } from "./onnx-answers";
export { front, type ParetoPoint, pareto } from "./pareto";
export { headlineTiming, timingOf } from "./timings";
