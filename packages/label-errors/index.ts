export { type FoldOptions, foldSplits } from "./folds";
export {
  type Answered,
  type Found,
  foundBy,
  foundInWords,
  foundOf,
  inWords,
  meanOf,
  OWN,
  scoresBy,
} from "./found";
export { confidentJoint, estimatedErrors } from "./joint";
export {
  type Judged,
  type LineOptions,
  linesWithoutSplit,
  type OutOfFold,
  type OutOfFoldOptions,
  outOfFold,
} from "./out-of-fold";
export { type Planted, percent, plant, type Variant, withPlanted } from "./plant";
export {
  errorsIn,
  pairsInWords,
  showEstimates,
  showFound,
  showFoundTable,
  showOneByHand,
  showPairs,
  showSuspects,
  writeList,
} from "./show";
export { confusedPairs, meanProbabilities, outOfFoldLoss, type Suspect, suspects } from "./suspects";
