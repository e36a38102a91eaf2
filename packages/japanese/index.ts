/**
 * What tables, charts and sentences of notebooks and reports say, in Japanese: words.tsv, a phrase a line. In
 * a phrase `{}` stands for any text, `{#}` for one number; in its translation `{1}`, `{2}` … are what stood
 * there, translated itself where it is a phrase too.
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

/** What `{}` and `{#}` stand for. */
const HOLES: Readonly<Record<string, string>> = {
  "{}": "(.+?)",
  "{#}": "([+−-]?[\\d.,]*\\d(?:e[+-]?\\d+)?(?: ?%)?)",
};

const patternOf = ([english, japanese]: readonly [string, string]): Pattern => ({
  english: new RegExp(
    `^${english
      .split(/(\{#?\})/)
      .map((part) => HOLES[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("")}$`,
  ),
  japanese,
});

const JAPANESE = /[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]/;

/** A translation with its texts; between one and the words no space is left where both are Japanese. */
const filled = (japanese: string, texts: readonly string[]): string =>
  japanese.replace(
    /(?<=(.?))( ?)\{(\d)\}( ?)(?=(.?))/gu,
    (_, before: string, left: string, n: string, right: string, after: string) => {
      const text = texts[Number(n) - 1] ?? "";
      const between = (space: string, ...letters: readonly string[]) =>
        letters.every((letter) => JAPANESE.test(letter)) ? "" : space;
      return between(left, before, text.slice(0, 1)) + text + between(right, text.slice(-1), after);
    },
  );

/** Phrases to be looked up: those without a hole by their words, the others in their order. */
interface Phrases {
  readonly exact: ReadonlyMap<string, string>;
  readonly patterns: readonly Pattern[];
}

const phrasesOf = (entries: readonly (readonly [english: string, japanese: string])[]): Phrases => ({
  exact: new Map([...entries].reverse().map(([english, japanese]) => [oneLine(english), japanese])),
  patterns: entries.filter(([english]) => /\{#?\}/.test(english)).map(patternOf),
});

/** Those of words.tsv, read at the first look-up. */
let common: Phrases | undefined;

/** Whether no bracket stands open: a joint in brackets parts no sentences. */
const isClosed = (text: string): boolean => text.split("(").length === text.split(")").length;

/** What stands between the parts of a text. */
const JOINTS = ["; ", ". "] as const;

/** Sentences, and what has commas itself, are ended; other parts of a list stand in one. */
const joined = (parts: readonly string[]): string =>
  parts
    .map((part) => part.replace(/。$/, ""))
    .join(parts.slice(1).some((part) => /[はがを、]/.test(part)) ? "。" : "、");

/**
 * The look-up: exact phrases first, then the parts of a text between "; " or ". " if all of them are known,
 * then patterns in the order of their file, so that none reaches from one sentence into the next.
 * @param more phrases of one notebook, which come first
 */
export function translator(more: Readonly<Record<string, string>> = {}): Translate {
  common ??= phrasesOf(entriesOf(join(__dirname, "words.tsv")));
  const own = phrasesOf(Object.entries(more)),
    patterns = [...own.patterns, ...common.patterns],
    { exact } = common;
  const known = new Map<string, string | undefined>();
  const look = (text: string): string | undefined => {
    const found = own.exact.get(text) ?? exact.get(text);
    if (found !== undefined) return found;
    const ends = text.endsWith("."),
      whole = ends ? text.slice(0, -1) : text;
    for (const joint of JOINTS) {
      const parts = whole.split(joint),
        each = parts.length > 1 && parts.every(isClosed) ? parts.map((part) => translate(part)) : [undefined];
      if (each.every((part): part is string => part !== undefined))
        return `${joint === "; " ? joined(each) : each.join("。")}${ends ? "。" : ""}`.replace(/。。/g, "。");
    }
    for (const { english, japanese } of patterns) {
      const match = english.exec(text);
      if (match)
        return filled(
          japanese,
          match.slice(1).map((one) => translate(one) ?? one),
        );
    }
    const unended = ends ? translate(whole) : undefined;
    return unended && `${unended}。`;
  };
  const translate: Translate = (given) => {
    const text = oneLine(given);
    if (!known.has(text)) known.set(text, look(text));
    return known.get(text);
  };
  return translate;
}
