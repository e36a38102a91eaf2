export { type Article, CATEGORIES, readArticles } from "./articles";
export { LIVEDOOR_SPLITS, type LivedoorSplit, livedoorSplit } from "./splits";
export {
  type HeadlineCorpus,
  headlineTask,
  type LivedoorOptions,
  livedoorTask,
  SPLIT_OF,
  titlesOf,
} from "./task";
