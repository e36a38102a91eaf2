export { showTaught } from "./differences";
export { fewerLayers, narrower } from "./smaller";
export { SIZES, type Student, studentsOf, WAYS } from "./students";
export { taughtBy } from "./taught";
export { studentTrials, taughtName } from "./trials";
