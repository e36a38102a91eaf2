export { type DictionaryName, dictionaryHash, loadSegmenter, type Segmenter } from "./morphemes";
