export {
  attention,
  cutHeads,
  cutParts,
  maskBias,
  mergeHeads,
  rotary,
  rotaryAngles,
  windowBias,
} from "./attention";
export { backendName, ready, type Tensor, tf, threadCount } from "./backend";
export { checkpointed } from "./checkpoint";
export { openEngine, openForBatches } from "./engine";
export {
  ANY,
  ANY_ROWS,
  type Engine,
  type EngineSettings,
  filledUp,
  type GraphShapes,
  type HostInputs,
  type Precision,
  type StepContext,
  shapesOf,
  withRows,
} from "./engine-types";
export type { ConstantValue, GraphNode } from "./graph";
export { type LstmState, type LstmWeights, lstm, lstmStep, reversed } from "./lstm";
export { boolAttribute, DataType, nativeBackend, typeAttribute } from "./native";
export { nodesOf } from "./nodes";
export {
  crossEntropies,
  crossEntropy,
  dense,
  distilled,
  firstToken,
  gather,
  geglu,
  gelu,
  geluTanh,
  layerNorm,
  meanOfTokens,
} from "./ops";
export {
  type AdamOptions,
  addDecayedWeights,
  clipByGlobalNorm,
  type Optimizer,
  scaleByAdam,
  scaleByParameter,
  stepsOf,
} from "./optimizer";
export { productsSeeRows } from "./product-rows";
export { TraceRefusal } from "./shapes";
export { openUsedRows } from "./used-rows";
