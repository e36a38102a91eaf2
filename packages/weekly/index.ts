export { beginComments, type Comments, carryPlans, readComments } from "./comments";
export { compareRecords } from "./compare";
export { type Plan, type ReportRecord, readRecord, withWords } from "./format";
export { answersIn, committedRuns, nameOfRun } from "./outputs";
export { type TroubledRun, type Weekly, weeklyPart } from "./page";
export { type Committed, type Ran, recordOf } from "./record";
