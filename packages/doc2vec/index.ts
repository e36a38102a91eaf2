export { Doc2vec, type Doc2vecOptions, resolveDoc2vec } from "./doc2vec";
export { DOC2VEC_FILES, isDoc2vec, openDoc2vec, writeDoc2vec } from "./stored";
export { type TrainDoc2vecOptions, trainDoc2vec } from "./train";
