export { lossAgainstScore, type SeedPoint, seedBoxes } from "./charts";
export { gradientNorms } from "./gradients";
export { type Measure, measuresOf, type Outcome, outcomesOf } from "./outcomes";
export { type Grid, type Recipe, rateName, recipeName, recipeSystems, settingsOf } from "./recipes";
export { type SeedEffects, seedEffects } from "./seeds";
export {
  failuresInWords,
  showFailures,
  showGradients,
  showLosses,
  showMeasures,
  showRuns,
  showSeedEffects,
} from "./show";
