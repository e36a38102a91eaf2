export { type CutDictionary, cutDictionary, isWord, type LeftOut, leftOutIn } from "./cut";
export type { Dictionary } from "./dictionary";
export { segmenterOf } from "./lattice";
export {
  type DictionaryName,
  dictionaryHash,
  loadDictionary,
  loadSegmenter,
  type Segmenter,
  type SegmenterOptions,
} from "./morphemes";
