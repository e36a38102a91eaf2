export { type Article, CATEGORIES, readArticles } from "./articles";
export { LIVEDOOR_SPLITS, type LivedoorSplit, livedoorSplit } from "./splits";
export { type LivedoorOptions, livedoorTask, titlesOf } from "./task";
