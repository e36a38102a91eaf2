/**
 * Token ids of many texts in one compact file, two bytes a token, so that pre-training reads its corpus in a
 * second.
 */
import { readFileSync } from "node:fs";
import { writeBeside } from "../../lib/support/files";

export interface TokenTexts {
  /** All texts' tokens, one after another. */
  readonly ids: Uint16Array;
  /** Where each text begins in ids, and at the end the number of ids: one more than there are texts. */
  readonly starts: Uint32Array;
}

/** @throws if an id needs more than two bytes */
export function tokenTexts(texts: readonly (readonly number[])[]): TokenTexts {
  const starts = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (starts[i + 1] = starts[i] + text.length));
  const ids = new Uint16Array(starts[texts.length]);
  texts.forEach((text, i) => {
    if (text.some((id) => id > 65535))
      throw new Error(`text ${i}: an id above 65,535 does not fit into two bytes`);
    ids.set(text, starts[i]);
  });
  return { ids, starts };
}

/** The tokens of text i. */
export function textAt({ ids, starts }: TokenTexts, i: number): Uint16Array {
  return ids.subarray(starts[i], starts[i + 1]);
}

export function writeTokens(path: string, { ids, starts }: TokenTexts): void {
  const head = Uint32Array.of(starts.length);
  writeBeside(
    path,
    Buffer.concat(
      [head, starts, ids].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
    ),
  );
}

/** @throws if the file is cut off */
export function readTokens(path: string): TokenTexts {
  const bytes = Uint8Array.from(readFileSync(path)); // an own buffer, aligned
  const count = bytes.length < 4 ? 0 : new Uint32Array(bytes.buffer, 0, 1)[0];
  const idsAt = 4 + 4 * count;
  if (count === 0 || bytes.length < idsAt)
    throw new Error(`${path} is cut off: delete it and prepare the corpus again`);
  const starts = new Uint32Array(bytes.buffer, 4, count);
  if (bytes.length !== idsAt + 2 * starts[count - 1])
    throw new Error(`${path} is cut off: delete it and prepare the corpus again`);
  return { ids: new Uint16Array(bytes.buffer, idsAt), starts };
}
