/**
 * Words per second of doc2vec, from lists of words to the trained model, in the one thread that it takes. The
 * words of all epochs count, as in gensim's own log.
 */
import { readFileSync } from "node:fs";
import { type Doc2vecOptions, trainDoc2vec } from "../packages/doc2vec";
import { serve } from "./side";

interface Doc2vecSide extends Pick<Doc2vecOptions, "algorithm" | "epochs"> {
  /** A file of lines, their words separated by spaces. */
  readonly words: string;
  readonly note: string;
}

void serve(async ({ words, note, algorithm, epochs }: Doc2vecSide) => {
  const lines = readFileSync(words, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "));
  const count = lines.reduce((sum, line) => sum + line.length, 0);
  const measure = async () => {
    const start = performance.now();
    await trainDoc2vec(lines, { algorithm, epochs });
    return (epochs * count) / ((performance.now() - start) / 1000);
  };
  await measure(); // once unmeasured, as gensim's ways are tried before
  return { measure, note: `${note}; gensim's settings; komalab has one thread` };
});
