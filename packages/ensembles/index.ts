export {
  FOLDED,
  type FoldExperiment,
  type Folded,
  foldRuns,
  foldsAveraged,
  foldsOf,
  gathered,
} from "./folds";
export { stacked } from "./stacking";
export { blended, seedsAveraged, tfidfRuns } from "./systems";
