export { type CutModel, cutTokenizer, cutVocabulary, keptIds } from "./cut";
