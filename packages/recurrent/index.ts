export {
  isRecurrent,
  openRecurrent,
  type Recurrent,
  recurrentFolder,
  recurrentHash,
  vocabularyOf,
} from "./folder";
export { POOLINGS, RECURRENT_DEFAULTS, type RecurrentOptions, type RecurrentPooling } from "./options";
export { readWordVectors, type WordVectors } from "./vectors";
