/** Texts to classes without a network: TF-IDF and a logistic regression, or inferred vectors of doc2vec. */
import { join } from "node:path";
import { openDoc2vec } from "../packages/doc2vec";
import { loadSegmenter } from "../packages/mecab";
import { fitLogistic, fitTfidf, predict, transform } from "../packages/tfidf";
import { normalise } from "../packages/tokenizer";
import type { Classify } from "./classifiers";
import { benchReviews, CLASSES, type OpenClassify } from "./classify";

function byTfidf(): Classify {
  const { learnt } = benchReviews(),
    texts = learnt.map(({ text }) => text),
    grams = fitTfidf(texts);
  const model = fitLogistic(
    transform(grams, texts),
    learnt.map(({ label }) => label),
    CLASSES.length,
    { c: 10 },
  );
  return (batch) => predict(model, transform(grams, batch));
}

/** Inferred vectors, beside which a head's cost is nothing. */
async function byDoc2vec(folder: string): Promise<Classify> {
  const doc2vec = openDoc2vec(folder),
    segment = await loadSegmenter();
  return (batch) => batch.map((text) => doc2vec.infer(segment(normalise(text))));
}

export const open: OpenClassify = async ({ runtime, folder }) =>
  runtime === "tfidf" ? byTfidf() : byDoc2vec(join(folder, "doc2vec"));
