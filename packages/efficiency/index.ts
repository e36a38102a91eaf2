export { costRows, countingCost, type Form, gainRows, pointsOf, sameAnswers, trainedForm } from "./costs";
export { onnxAnswers, onnxForms } from "./onnx-answers";
export { front, type ParetoPoint, pareto } from "./pareto";
export { gainOf, headlineTiming, memoryOf, type Timing, timingOf } from "./timings";
