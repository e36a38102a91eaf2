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
export { gainOf, headlineTiming, memoryOf, type Timing, timingOf } from "./timings";
