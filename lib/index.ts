/**
 * What notebooks import: texts as a task, an experiment on it, its results shown, and what may be concluded.
 * docs/facade.md lists it with examples. What is special is imported from its room: `./lib/show/charts`.
 */

export type { MangaItem } from "./data/context";
export type { Split } from "./data/split";
export { readTexts } from "./data/texts";
export { TFIDF } from "./evaluate/baselines";
export { rowOf } from "./evaluate/comparison";
export { answerPlace } from "./show/answer";
export { markdown, show } from "./show/display";
export { endingsInWords } from "./show/endings";
export { differenceInWords, inWords, plural } from "./show/numbers";
export { table } from "./show/tables";
export { findings, scaleInWords, verdictInWords } from "./study/conclusion";
export {
  doc2vecTrials,
  type Experiment,
  type Results,
  resultsFrame,
  run,
  runEach,
  systemsOf,
} from "./study/experiment";
export {
  compareBy,
  showBars,
  showConfusion,
  showCurves,
  showMistakes,
  showScores,
  verdictOf,
  verdicts,
} from "./study/results";
export { type Each, joined, showEach, showHeat, showMoved, showTrend } from "./study/several";
export {
  eachClass,
  type LineColumns,
  mangaTask,
  reviewTask,
  showSplits,
  showText,
  type Task,
  withClasses,
} from "./study/task";
