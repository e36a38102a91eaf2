export { beginComments, type Comments, carryPlans, readComments } from "./comments";
export { compareRecords } from "./compare";
export { type Plan, type ReportRecord, readRecord, withWords } from "./format";
export { type TroubledRun, type Weekly, weeklyPart } from "./page";
export { type Ran, recordOf } from "./record";
