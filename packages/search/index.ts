export { type Budget, budgetInWords, minutesInWords } from "./budget";
export { type Candidate, type Candidates, combinations } from "./candidates";
export { rungsChart } from "./chart";
export { DEFAULTS, type FinalTest, finalTest, SEARCHED, type Tested } from "./final";
export { type Halving, keptOf, type Rung, ranked, rungsOf } from "./halving";
export { linesInWords, searchTask } from "./lines";
export { type Origin, originsTable, settingOrigins } from "./origins";
export { type Found, planSearch, type Search, search } from "./search";
export { candidatesTable, choiceInWords, droppedOf, rungsTable, showSearch } from "./show";
