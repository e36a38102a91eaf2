/**
 * The practice data that come with komalab, written for it: see data/README.md. Their numbers say nothing
 * about real manga or shops.
 */
import { join } from "node:path";
import { projectRoot } from "../lib/support/files";

export const BUILTIN_MANGA = join(projectRoot, "data", "manga.tsv");
export const BUILTIN_REVIEWS = join(projectRoot, "data", "reviews.tsv");
export const BUILTIN_ENCYCLOPAEDIA = join(projectRoot, "data", "encyclopaedia.tsv");
export const BUILTIN_MODEL = join(projectRoot, "data", "model");

/**
 * The stories for testing; they hold 66, 67, 64, 65 and 64 lines in the order of TOUCHES, the test sizes of
 * the report's table 1.
 */
export const TEST_STORIES = ["exam-morning", "moving-day", "birthday-surprise"] as const;

export const TOUCHES = ["ギャグ", "少女漫画", "少年漫画", "青年漫画", "萌え系"] as const;
export const EMOTIONS = ["ニュートラル", "驚愕", "喜楽", "恐怖", "悲哀", "憤怒", "嫌悪"] as const;
