/** Words per second of doc2vec, from lists of words to the trained model; the words of all epochs count, as in gensim's own log. */
import { readFileSync } from "node:fs";
import type { Doc2vecOptions } from "../lib/models/doc2vec";
import { trainDoc2vec } from "../lib/models/doc2vec-train";
import { serve } from "./side";

interface Doc2vecSide extends Pick<Doc2vecOptions, "algorithm" | "epochs"> {
  /** A file of lines, their words separated by spaces. */
  readonly words: string;
  readonly note: string;
}

void serve(({ words, note, ...options }: Doc2vecSide) => {
  const lines = readFileSync(words, "utf8").trimEnd().split("\n").map((line) => line.split(" "));
  const count = options.epochs * lines.reduce((sum, line) => sum + line.length, 0);
  const measure = async () => {
    const start = performance.now();
    await trainDoc2vec(lines, options);
    return count / ((performance.now() - start) / 1000);
  };
  return { measure, note: `${note}; gensim's settings, one thread` };
});
