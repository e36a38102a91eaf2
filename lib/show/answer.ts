/**
 * A notebook's one-sentence answer, in English and Japanese, at the top of the page although it is known at
 * the end.
 */
import { place } from "./display";
import { type Origin, originOf, type Sources } from "./origin";

export interface Answer {
  readonly en: string;
  readonly ja: string;
  /** The number or word that a reader remembers, for the report's index. */
  readonly short?: string;
}

/** As the notebook's file holds it; answers of before had no origin. */
export interface StoredAnswer extends Answer {
  readonly origin?: Origin;
}

/**
 * A place for the answer below this cell; the function that comes back fills it, from any later cell: what
 * was found, and from what.
 */
export function answerPlace(): (answer: Answer & Sources) => void {
  const put = place();
  put({
    "text/markdown": "*The answer stands here once the notebook has run to its end.*",
    "text/plain": "The answer stands here once the notebook has run to its end.",
  });
  return ({ en, ja, short, ...sources }) => {
    put({
      "application/vnd.komalab.answer+json": {
        en,
        ja,
        short: short ?? null,
        origin: { ...originOf(sources) },
      },
      "text/markdown": `**Answer.** ${en}\n\n**答え。** ${ja}`,
      "text/plain": `Answer. ${en}\n答え。${ja}`,
    });
  };
}
