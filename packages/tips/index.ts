export { type Combined, type CombinedTips, combined, FEWER, FEWER_PSEUDO, PSEUDO } from "./combined";
export { pairInWords, type TipConclusion, type TipQuestion, tipsInWords } from "./conclusion";
export { type TipCorpus, type TipTaskOptions, tipTask } from "./corpora";
export { type LossTips, lossesOf, showLosses } from "./losses";
export { inPairs, PAIRS, pairsInWords } from "./pairs";
export { JRTE_PUBLISHED, JRTE_TESTED, rightOf, showPublishedJrte } from "./published";
