export { deleteWords, insertWords, replaceWords, type Similar, swapWords } from "./augment";
export { merged, oversampled, part, repeated, withCopies } from "./augmented";
export { maskedReplacements } from "./masked-words";
export { COPYING, type Copies, copiesBy } from "./methods";
export { similarWords } from "./similar-words";
export { readBackTranslations, readSynonyms } from "./synonyms";
export { AS_THEY_ARE, copyingMethods, METHODS, partName, sizesOf, TWICE, tasksWithMore } from "./tasks";
