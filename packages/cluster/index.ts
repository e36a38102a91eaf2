export { filterRuns, type ListedRun, listRuns } from "./list";
export { writePlan } from "./plan";
export { lastVerification } from "./verification";
