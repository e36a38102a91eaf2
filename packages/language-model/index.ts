export {
  type LanguageExperiment,
  type LanguageResults,
  type LanguageRun,
  type LanguageSettings,
  languageRuns,
  TRIGRAM,
  UNIGRAM,
} from "./experiment";
export { CALLED, type Comparisons, type Measure, measured } from "./measures";
export { ALWAYS, goldChance, type Schedule, schedules, TEACHER_FORCING } from "./schedule";
export {
  showCorpus,
  showLearning,
  showMeasures,
  showPiece,
  showSchedules,
  showVariety,
  showWritten,
} from "./show";
export { type Corpus, corpusOf } from "./text";
