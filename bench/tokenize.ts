/** Lines per second from text to ids with MeCab's IPADIC words; every measurement has lines of its own. */
import { readFileSync } from "node:fs";
import { loadSegmenter } from "../packages/mecab";
import { readVocabulary, tokenizerOf } from "../packages/tokenizer";
import { serve } from "./side";

interface TokenizeOptions {
  readonly vocabulary: string;
  readonly lines: string;
  readonly note: string;
}

void serve(async ({ vocabulary, lines, note }: TokenizeOptions) => {
  const tokenizer = tokenizerOf(await loadSegmenter("ipadic"), readVocabulary(vocabulary));
  const parts = (JSON.parse(readFileSync(lines, "utf8")) as string[][]).values();
  const measure = () => {
    const part: string[] = parts.next().value ?? [];
    const start = performance.now();
    part.forEach((line) => tokenizer.encode(line));
    return part.length / ((performance.now() - start) / 1000);
  };
  return { measure, note };
});
