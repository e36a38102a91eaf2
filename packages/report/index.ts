export { selectNotebooks } from "./command";
export { decideSettings } from "./look";
