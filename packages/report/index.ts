export { selectNotebooks } from "./command";
export { listTrials } from "./list";
export { decideSettings } from "./look";
