/**
 * From a built-in headline to its class, one by one, in milliseconds: what notebook 08 compares, as it has
 * it. A quarter of them is timed, and learnt from is what is left.
 */
import { join } from "node:path";
import { readReviews } from "../lib/data/reviews";
import { stratified } from "../lib/data/split";
import { projectRoot } from "../lib/support/files";
import { Random } from "../lib/support/random";
import { fitCounting, RECIPES } from "../packages/counting";
import { openRecurrent, recurrentFolder } from "../packages/recurrent";
import { ready } from "../packages/tfjs-graph";
import { builtinModel, byTensorFlow, type Classify } from "./classifiers";
import { serve } from "./side";

interface Options {
  readonly way: "tensorflow" | "tfidf" | "svm" | "characters-svm" | "lstm";
  /** Of the LSTM. */
  readonly hidden?: number;
}

const CLASSES = "経済,スポーツ,映画・演劇,デジタル,料理,旅行,健康,科学,教育";
const COUNTED = { tfidf: RECIPES.characters, svm: RECIPES.wordsSvm, "characters-svm": RECIPES.charactersSvm };
/** Of the word vectors, whose values cost nothing. */
const DIMENSIONS = 100;

const { reviews } = readReviews(join(projectRoot, "data/headlines.tsv"), { classNames: CLASSES });
const labels = reviews.map(({ label }) => label),
  classes = CLASSES.split(",").length;
const split = stratified(labels, { testFraction: 0.25, random: new Random(1) });
const textsOf = (places: readonly number[]) => places.map((i) => reviews[i].text);
const learnt = [...split.train, ...split.validation],
  texts = textsOf(split.test);

async function byLstm(hidden: number): Promise<Classify> {
  const random = new Random(1),
    vectors = {
      dimensions: DIMENSIONS,
      of: () => Float32Array.from({ length: DIMENSIONS }, () => random.normal()),
    };
  const { folder } = await recurrentFolder(textsOf(split.train), { hidden }, vectors);
  const { encode, network } = await openRecurrent(folder);
  return byTensorFlow({ ...network(classes, random), maxTokens: undefined }, encode, { texts, batchSize: 1 });
}

async function classifyBy({ way, hidden = 64 }: Options): Promise<Classify> {
  if (way === "lstm") return byLstm(hidden);
  if (way === "tensorflow") {
    const { model, encode } = await builtinModel(classes);
    return byTensorFlow(model, encode, { texts, batchSize: 1 });
  }
  const { classify } = await fitCounting(
    textsOf(learnt),
    learnt.map((i) => labels[i]),
    { ...COUNTED[way], classes },
  );
  return classify;
}

void serve(async (options: Options) => {
  await ready();
  const classify = await classifyBy(options);
  const measure = async (): Promise<number> => {
    const start = performance.now();
    for (const text of texts) await classify([text]);
    return (performance.now() - start) / texts.length;
  };
  await measure(); // graphs are optimised
  return { measure, note: `${texts.length} headlines` };
});
