export { costRows, countingCost, type Form, gainRows, pointsOf, sameAnswers, trainedForm } from "./costs";
export { onnxAnswers, onnxForms } from "./onnx-answers";
export { front, type ParetoPoint, pareto } from "./pareto";
export { gainOf, memoryOf, type Timing, timingOf } from "./timings";
