export {
  isRecurrent,
  openRecurrent,
  type Recurrent,
  recurrentFolder,
  recurrentHash,
  vocabularyOf,
} from "./folder";
export { initialEmbedding, initialLinear, initialLstm } from "./initial";
export { POOLINGS, RECURRENT_DEFAULTS, type RecurrentOptions, type RecurrentPooling } from "./options";
export { readWordVectors, type WordVectors } from "./vectors";
