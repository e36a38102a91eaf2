export { lossAgainstScore, type SeedPoint, seedBoxes } from "./charts";
export { gradientNorms } from "./gradients";
export { type ModeRow, modesInWords, modesOf, spreadInWords } from "./modes";
export { type Measure, measuresInWords, measuresOf, type Outcome, outcomesOf } from "./outcomes";
export {
  type Grid,
  modeName,
  type Recipe,
  rateName,
  recipeName,
  recipeSystems,
  settingsOf,
} from "./recipes";
export { type SeedEffects, seedEffects } from "./seeds";
export {
  failuresByRate,
  failuresInWords,
  showFailures,
  showGradients,
  showLosses,
  showMeasures,
  showModes,
  showRuns,
  showSeedEffects,
} from "./show";
