export { exportAdapter, exportOnnx, exportRun, trainedModel } from "./export";
