export { type Baseline, fitBaseline, occurring, ofAllClasses, type Parts } from "./baseline";
export { type Linear, predict } from "./linear";
export { fitLogistic, probabilities } from "./logistic";
export { bytesOf } from "./size";
export { fitSvm } from "./svm";
export { beside, type Counted, fitTfidf, TFIDF_DEFAULTS, type TfidfOptions, transform } from "./tfidf";
export { openWords, PARTICLES } from "./words";
