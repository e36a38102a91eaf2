/**
 * A page in two languages, of which one is shown: what is said in both stands in two elements, each with the
 * attribute data-in. What is said in one language alone, and what belongs to the data, is shown in both.
 */
import type MarkdownIt from "markdown-it";
import { wrap } from "../../lib/support/width";
import type { Translate } from "../japanese";
import { Html, html } from "./html";

export type Language = "en" | "ja";

const HIRAGANA = /[\u3041-\u309f]/g;
const LETTER = /[\p{L}]/gu;
const count = (pattern: RegExp, text: string) => text.match(pattern)?.length ?? 0;

/** Whether a text is Japanese prose, not English with Japanese words in it. */
export const isJapanese = (text: string): boolean => count(HIRAGANA, text) > 0.1 * count(LETTER, text);

/** The words in English and Japanese, for whichever of the two is there; of both, one is shown. */
export function bilingual(
  words: { readonly en?: string | Html; readonly ja?: string | Html },
  tag: "p" | "span" = "span",
): Html {
  const both = words.en !== undefined && words.ja !== undefined;
  const one = (lang: Language): Html => {
    const text = words[lang];
    const shown = both ? ` data-in="${lang}"` : "";
    return text
      ? html`${new Html(`<${tag} lang="${lang}"${shown}>`)}${text}${new Html(`</${tag}>`)}`
      : html``;
  };
  return html`${one("en")}${one("ja")}`;
}

/** A paragraph of English sentences and, after them, Japanese ones; undefined if it is none. */
export function parted(text: string): { readonly en: string; readonly ja: string } | undefined {
  const at = /(?<=[.?!:)*]) +(?=[^\x00-\xff])/g;
  for (const { 0: gap, index = 0 } of text.matchAll(at)) {
    const [en, ja] = [text.slice(0, index), text.slice(index + gap.length)];
    if (!isJapanese(en) && isJapanese(ja)) return { en, ja };
  }
  return undefined;
}

/** The two languages of a heading, "Data / データ"; undefined if it has one. */
export function headings(text: string): { readonly en: string; readonly ja: string } | undefined {
  const [, number = "", words = text] = /^(\d+\s*[·:.]\s*)?(.*)$/s.exec(text) ?? [];
  const [en, ja, ...more] = words.split(" / ");
  const isOther = ja !== undefined && /[\u3041-\u30ff\u3400-\u9fff]/.test(ja);
  return isOther && more.length === 0 && !/[\u3041-\u30ff\u3400-\u9fff]/.test(en)
    ? { en: number + en, ja: number + ja }
    : undefined;
}

type Markdown = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Markdown["parse"]>[number];

/** Markdown whose blocks between two headings are in both languages: each is marked with its own. */
export function markLanguages(markdown: Markdown): void {
  markdown.core.ruler.before("inline", "languages", (state) => {
    const raw = (content: string): Token => Object.assign(new state.Token("html_block", "", 0), { content });
    const inlineOf = (token: Token, content: string): Token =>
      Object.assign(new state.Token("inline", "", 0), { ...token, content, children: [] });
    const blocks: Token[][] = [];
    for (const token of state.tokens) {
      if (token.level === 0 && token.nesting >= 0) blocks.push([token]);
      else blocks.at(-1)?.push(token);
    }
    const inner = (block: readonly Token[]) => block.filter(({ type }) => type === "inline");
    const textOf = (block: readonly Token[]) =>
      inner(block)
        .map(({ content }) => content)
        .join(" ");
    const isHeading = ([{ type }]: readonly Token[]) => type === "heading_open";
    const sections: Token[][][] = [[]];
    for (const block of blocks) {
      if (isHeading(block)) sections.push([]);
      sections.at(-1)!.push(block);
    }
    const mark = (block: Token[], language: Language): Token[] => {
      for (const [name, value] of [
        ["lang", language],
        ["data-in", language],
      ])
        block[0].attrSet(name, value);
      return block;
    };
    /** One of a block that says the same in both, with the words of one. */
    const split = (block: Token[]): Token[][] => {
      const [only, ...others] = inner(block),
        words = only && others.length === 0 ? parted(only.content) : undefined;
      if (!words) return [block];
      return (["en", "ja"] as const).map((language) =>
        block.map((token) =>
          token === only
            ? inlineOf(token, words[language])
            : Object.assign(new state.Token(token.type, token.tag, token.nesting), token, { attrs: null }),
        ),
      );
    };
    const heading = (block: Token[]): Token[] => {
      const [only] = inner(block),
        words = only && headings(only.content);
      if (!words) return block;
      const [open, , close] = block;
      const span = (language: Language) => [
        raw(`<span lang="${language}" data-in="${language}">`),
        inlineOf(only, words[language]),
        raw("</span>"),
      ];
      return [open, ...span("en"), ...span("ja"), close];
    };
    state.tokens = sections.flatMap((section) => {
      const own = section.flatMap((block) => (isHeading(block) ? [block] : split(block)));
      const prose = own.filter((block) => !isHeading(block) && textOf(block) !== "");
      const several = new Set(prose.map((block) => isJapanese(textOf(block)))).size === 2;
      return own.flatMap((block) =>
        isHeading(block)
          ? heading(block)
          : several && prose.includes(block)
            ? mark(block, isJapanese(textOf(block)) ? "ja" : "en")
            : block,
      );
    });
  });
}

const TOKENS = /<(script|style|code)\b.*?<\/\1>|<[^>]*>|[^<]+/gs;

/** HTML in pieces, each with whether it stands in an element that a test finds. */
function* piecesOf(
  text: string,
  finds: (tag: string) => boolean,
): Generator<{ piece: string; inside: boolean }> {
  let name: string | undefined,
    depth = 0;
  for (const [piece] of text.matchAll(TOKENS)) {
    const [, close, tag] = /^<(\/?)(\w+)/.exec(piece) ?? [];
    if (name === undefined && tag !== undefined && close === "" && finds(piece)) {
      [name, depth] = [tag, 1];
      yield { piece, inside: true };
      continue;
    }
    yield { piece, inside: name !== undefined };
    if (tag !== name || name === undefined) continue;
    depth += close === "" ? 1 : -1;
    if (depth === 0) name = undefined;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decoded = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]);

/** HTML in which every text that can be translated stands in both languages. */
export function translated({ text }: Html, translate: Translate): Html {
  const isJapaneseAlready = (tag: string) => /\s(?:data-in=|lang="ja")/.test(tag);
  const pieces = [...piecesOf(text, isJapaneseAlready)].map(({ piece, inside }) => {
    if (inside || piece.startsWith("<") || !/[A-Za-z]{2}/.test(piece)) return piece;
    const ja = translate(decoded(piece));
    if (ja === undefined) return piece;
    const [, before, words, after] = /^(\s*)(.*?)(\s*)$/s.exec(piece)!;
    return before + bilingual({ en: new Html(words), ja }).text + after;
  });
  return new Html(pieces.join(""));
}

/** HTML in one language: what stands in both stands in this one alone. */
export function inLanguage(text: string, language: Language): string {
  const other = `data-in="${language === "en" ? "ja" : "en"}"`;
  return [...piecesOf(text, (tag) => tag.includes(other))]
    .flatMap(({ piece, inside }) => (inside ? [] : [piece.replace(` data-in="${language}"`, "")]))
    .join("");
}

/** Where a specification of a chart says something. */
const SAYING = new Set(["title", "subtitle", "text", "description"]);
/** Its numbers and names, which stay as they are. */
const DATA = new Set(["data", "datasets", "usermeta"]);

/** Letters of full width in a line above a chart. */
const LINE = 40;

/** A chart with its titles, axes, legends and headings in Japanese, as far as they are known. */
export function japaneseChart(spec: object, translate: Translate): object {
  const walk = (value: unknown, key: string): unknown => {
    const isText = typeof value === "string",
      lines = Array.isArray(value) && value.every((one) => typeof one === "string");
    if (SAYING.has(key) && (isText || lines)) {
      const ja = translate(isText ? value : value.join(" "));
      if (ja === undefined) return value;
      return lines ? wrap(ja, LINE) : ja;
    }
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, DATA.has(name) ? one : walk(one, name)]),
    );
  };
  return walk(spec, "") as object;
}

const CHART =
  /(<script type="application\/json">)(.*?)(<\/script>)\s*<script type="application\/json" class="japanese">(.*?)<\/script>/gs;

/** A part of a page in one language: its charts, too. */
export function partIn<P extends { readonly body: Html }>(
  part: P,
  language: Language,
): P & { language: Language } {
  const charts = part.body.text.replace(
    CHART,
    (_, open: string, english: string, close: string, japanese: string) =>
      language === "en"
        ? open + english + close
        : `${open}${JSON.stringify({ ...JSON.parse(english), ...JSON.parse(japanese) }).replaceAll("<", "\\u003c")}${close}`,
  );
  return { ...part, body: new Html(inLanguage(charts, language)), language };
}
