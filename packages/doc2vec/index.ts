export { Doc2vec, type Doc2vecOptions, resolveDoc2vec } from "./doc2vec";
export { type TrainDoc2vecOptions, trainDoc2vec } from "./train";
