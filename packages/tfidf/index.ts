export { fitLogistic, predict, probabilities } from "./logistic";
export { beside, fitTfidf, TFIDF_DEFAULTS, type TfidfOptions, transform } from "./tfidf";
