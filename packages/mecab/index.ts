export {
  type DictionaryName,
  dictionaryHash,
  loadSegmenter,
  type Segmenter,
  type SegmenterOptions,
} from "./morphemes";
