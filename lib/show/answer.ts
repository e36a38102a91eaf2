/** A notebook's one-sentence answer, in English and Japanese, at the top of the page although it is known at the end. */
import { place } from "./display";

export interface Answer {
  readonly en: string;
  readonly ja: string;
  /** The number or word that a reader remembers, for the report's index. */
  readonly short?: string;
}

/** A place for the answer below this cell; the function that comes back fills it, from any later cell. */
export function answerPlace(): (answer: Answer) => void {
  const put = place();
  put({ "text/markdown": "*The answer stands here once the notebook has run to its end.*", "text/plain": "The answer stands here once the notebook has run to its end." });
  return ({ en, ja, short }) => {
    put({
      "application/vnd.komalab.answer+json": { en, ja, short: short ?? null },
      "text/markdown": `**Answer.** ${en}\n\n**答え。** ${ja}`,
      "text/plain": `Answer. ${en}\n答え。${ja}`,
    });
  };
}
