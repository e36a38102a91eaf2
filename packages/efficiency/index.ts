export {
  costRows,
  countingCost,
  type Form,
  gainRows,
  pointsOf,
  sameAnswers,
  speedRows,
  trainedForm,
} from "./costs";
export { type OnnxAnswers, onnxAnswers, onnxForms, type SmallForm, smallForms } from "./onnx-answers";
export { front, type ParetoPoint, pareto } from "./pareto";
export { gainOf, memoryOf, type Timing, timingOf } from "./timings";
