/**
 * A text on its way through normalisation, and for each of its UTF-16 code units the code units [start, end)
 * of the raw text that it stands for. The rules are those of the Rust crate `tokenizers` (NormalizedString
 * there), whose offsets Python's tokenizers give.
 */

export interface Aligned {
  readonly text: string;
  /** [code units of text]; both units of a character beyond 16 bits have the same. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Code units of the character that begins at `at`: 2 beyond 16 bits. */
export const widthAt = (text: string, at: number): 1 | 2 =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1;

/**
 * A piece [from, to) of a raw text, each character for itself. Half a surrogate pair, which no UTF-8 holds,
 * becomes U+FFFD.
 */
export function alignedTo(raw: string, from = 0, to = raw.length): Aligned {
  const text = raw.slice(from, to).replace(/\p{Surrogate}/gu, "\ufffd");
  const starts = new Array<number>(text.length),
    ends = new Array<number>(text.length);
  for (let i = 0; i < text.length; ) {
    const width = widthAt(text, i);
    starts[i] = from + i;
    ends[i] = from + i + width;
    if (width === 2) {
      starts[i + 1] = from + i;
      ends[i + 1] = from + i + 2;
    }
    i += width;
  }
  return { text, starts, ends };
}

export const sliceOf = ({ text, starts, ends }: Aligned, from: number, to: number): Aligned => ({
  text: text.slice(from, to),
  starts: starts.slice(from, to),
  ends: ends.slice(from, to),
});

/** Builds an aligned text character by character. */
export class Builder {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Appends what has the alignment of the units from `at` to `last` of another text. */
  add(text: string, { starts, ends }: Aligned, at: number, last = at): void {
    this.parts.push(text);
    for (let i = 0; i < text.length; i++) {
      this.starts.push(starts[at]);
      this.ends.push(ends[last]);
    }
  }

  /** Appends a part of another text as it is. */
  copy(from: Aligned, start: number, end: number): void {
    this.parts.push(from.text.slice(start, end));
    for (let i = start; i < end; i++) {
      this.starts.push(from.starts[i]);
      this.ends.push(from.ends[i]);
    }
  }

  done(): Aligned {
    return { text: this.parts.join(""), starts: this.starts, ends: this.ends };
  }
}

/**
 * A character of a changed text: 0 if it stands for one character of the text before, above 0 if it is
 * inserted after that, -n if it stands for n more.
 */
export interface Change {
  readonly character: string;
  change: number;
}

/**
 * The text of the changes, which take up the characters of the text before one after another.
 * @param wide whether what stands for several characters has the alignment of all of them; `tokenizers` gives
 *   it the first one's
 */
export function transformed(before: Aligned, changes: readonly Change[], wide = false): Aligned {
  const made = new Builder();
  let at = 0;
  for (const { character, change } of changes) {
    const first = change > 0 ? Math.max(0, at - 1) : at;
    for (let taken = change; taken <= 0 && at < before.text.length; taken++) at += widthAt(before.text, at);
    made.add(character, before, first, wide ? Math.max(first, at - 1) : first);
  }
  return made.done();
}

/** The text without the characters that are not to be kept. */
export function filtered(before: Aligned, keep: (character: string) => boolean): Aligned {
  const made = new Builder();
  for (let at = 0; at < before.text.length; at += widthAt(before.text, at)) {
    const character = before.text.slice(at, at + widthAt(before.text, at));
    if (keep(character)) made.add(character, before, at);
  }
  return made.done();
}

/** Each match becomes `content`, which has the alignment of the match's last character. */
export function replaced(before: Aligned, pattern: RegExp, content: string): Aligned {
  const made = new Builder();
  let done = 0;
  for (const { 0: match, index = 0 } of before.text.matchAll(pattern)) {
    made.copy(before, done, index);
    done = index + match.length;
    made.add(content, before, Math.max(0, done - 1));
  }
  if (done === 0 && !before.text.match(pattern)) return before;
  made.copy(before, done, before.text.length);
  return made.done();
}

/** The text after `content`, which has the alignment of the text's first character; no text stays none. */
export function prepended(before: Aligned, content: string): Aligned {
  if (before.text === "") return before;
  const made = new Builder();
  made.add(content, before, 0);
  made.copy(before, 0, before.text.length);
  return made.done();
}

/** The text in lower case, character by character: no final sigma. */
export function lowercased(before: Aligned): Aligned {
  if (before.text.toLowerCase() === before.text) return before;
  const changes = [...before.text].flatMap((one) =>
    [...one.toLowerCase()].map((character, i): Change => ({ character, change: i === 0 ? 0 : 1 })),
  );
  return transformed(before, changes);
}
