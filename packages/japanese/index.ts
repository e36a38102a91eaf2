/**
 * What tables, charts and sentences of notebooks and reports say, in Japanese: words.tsv, a phrase a line. In
 * a phrase `{}` stands for any text; in its translation `{1}`, `{2}` … are those texts, translated themselves
 * where they are phrases too.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A text in Japanese, or undefined where nothing is known of it. */
export type Translate = (text: string) => string | undefined;

interface Pattern {
  readonly english: RegExp;
  readonly japanese: string;
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** @throws with the line if one has not two columns */
function entriesOf(file: string): [english: string, japanese: string][] {
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line, i) => {
      if (line === "") return [];
      const [english, japanese, ...more] = line.split("\t");
      if (!english || !japanese || more.length > 0)
        throw new Error(`${file}, line ${i + 2}: write a phrase, a tab and its translation`);
      return [[oneLine(english), japanese]];
    });
}

const patternOf = ([english, japanese]: readonly [string, string]): Pattern => ({
  english: new RegExp(
    `^${english
      .split("{}")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("(.+?)")}$`,
  ),
  japanese,
});

let ownEntries: readonly [string, string][] | undefined;

/** Marks between sentences, and what stands for them in Japanese. */
const JOINTS = [
  ["; ", "。"],
  [". ", "。"],
] as const;

/**
 * The look-up: exact phrases first, then patterns in the order of their file, then the parts of a text
 * between "; " or ". ", all of which must be known.
 * @param more phrases of one notebook, which come first
 */
export function translator(more: Readonly<Record<string, string>> = {}): Translate {
  ownEntries ??= entriesOf(join(__dirname, "words.tsv"));
  const entries = [...Object.entries(more), ...ownEntries];
  const exact = new Map([...entries].reverse().map(([english, japanese]) => [oneLine(english), japanese]));
  const patterns = entries.filter(([english]) => english.includes("{}")).map(patternOf);
  const known = new Map<string, string | undefined>();
  const look = (text: string): string | undefined => {
    const found = exact.get(text);
    if (found !== undefined) return found;
    for (const { english, japanese } of patterns) {
      const match = english.exec(text);
      if (match)
        return japanese.replace(
          /\{(\d)\}/g,
          (_, n: string) => translate(match[Number(n)]) ?? match[Number(n)],
        );
    }
    for (const [joint, mark] of JOINTS) {
      const ends = text.endsWith("."),
        parts = (ends ? text.slice(0, -1) : text).split(joint);
      if (parts.length === 1 && !ends) continue;
      const each = parts.map((part) => translate(part));
      if (each.every((part) => part !== undefined))
        return each.map((part) => part!.replace(/。$/, "")).join(mark) + (ends ? "。" : "");
    }
    return undefined;
  };
  const translate: Translate = (given) => {
    const text = oneLine(given);
    if (!known.has(text)) known.set(text, look(text));
    return known.get(text);
  };
  return translate;
}
