/**
 * A notebook's one-sentence answer, in English and Japanese, at the top of the page although it is known at
 * the end.
 */
import { ANSWER_MIME, type Answer } from "../../packages/notebook";
import { place } from "./display";
import { type Origin, originOf, type Sources } from "./origin";

/** As the notebook's file holds it; answers of before had no origin. */
export interface StoredAnswer extends Answer {
  readonly origin?: Origin;
}

/**
 * A place for the answer below this cell; the function that comes back fills it, from any later cell: what
 * was found, and from what.
 *
 *     const answer = answerPlace();
 *     answer({ en: "BERT is better.", ja: "BERT が上回る。", runs: results.runs });
 */
export function answerPlace(): (answer: Answer & Sources) => void {
  const put = place();
  put({
    "text/markdown": "*The answer stands here once the notebook has run to its end.*",
    "text/plain": "The answer stands here once the notebook has run to its end.",
  });
  return ({ en, ja, short, scale, ...sources }) => {
    put({
      [ANSWER_MIME]: {
        en,
        ja,
        short: short ?? null,
        ...(scale !== undefined && { scale }),
        origin: { ...originOf(sources) },
      },
      "text/markdown": `**Answer.** ${en}\n\n**答え。** ${ja}`,
      "text/plain": `Answer. ${en}\n答え。${ja}`,
    });
  };
}
