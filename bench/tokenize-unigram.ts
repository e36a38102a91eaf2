/**
 * Tokens per second from text to ids with a unigram tokenizer.json; every measurement has lines of its own.
 */
import { readFileSync } from "node:fs";
import { openTokenizer } from "../packages/tokenizer";
import { serve } from "./side";

interface UnigramOptions {
  readonly folder: string;
  readonly lines: string;
  readonly note: string;
}

void serve(async ({ folder, lines, note }: UnigramOptions) => {
  const tokenizer = await openTokenizer(folder);
  const parts = (JSON.parse(readFileSync(lines, "utf8")) as string[][]).values();
  const measure = () => {
    const part: string[] = parts.next().value ?? [];
    const start = performance.now();
    const tokens = part.reduce((sum, line) => sum + tokenizer.encode(line).ids.length, 0);
    return tokens / ((performance.now() - start) / 1000);
  };
  return { measure, note };
});
