export { costTable } from "./costs";
export { COUNTED, type CountingRecipe, fitCounting, RECIPES } from "./recipes";
export { type Counted, countingRuns, withCounting } from "./runs";
