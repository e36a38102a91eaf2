/**
 * A page in two languages, of which one is shown: what is said in both stands in two elements, each with the
 * attribute data-in. What is said in one language alone, and what belongs to the data, is shown in both.
 */
import type MarkdownIt from "markdown-it";
import { unescapeHtml } from "../../lib/support/html";
import { wrap } from "../../lib/support/width";
import type { Translate } from "../japanese";
import { bothTitles } from "../notebook";
import { Html, html } from "./html";

export type Language = "en" | "ja";

const HIRAGANA = /[\u3041-\u309f]/g;
const JAPANESE = /[\u3041-\u30ff\u3400-\u9fff]/g;
const LETTER = /\p{L}/gu;
const count = (pattern: RegExp, text: string) => text.match(pattern)?.length ?? 0;

/** Whether a text is Japanese prose or a Japanese name, not English with Japanese words in it. */
function isJapanese(text: string): boolean {
  const letters = count(LETTER, text);
  return count(HIRAGANA, text) > 0.1 * letters || count(JAPANESE, text) > 0.5 * letters;
}

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

/** Words of an English beginning that may belong to a Japanese sentence: "Mosbach et al. は". */
const SHORT = 4;

/** A paragraph of English sentences, or a line, and after them Japanese ones; undefined if it is none. */
export function parted(text: string): { readonly en: string; readonly ja: string } | undefined {
  const at = /(?<=[.?!][*)]{0,3}) +(?=[^\x00-\xff])|\n/g;
  for (const { 0: gap, index = 0 } of text.matchAll(at)) {
    const [en, ja] = [text.slice(0, index), text.slice(index + gap.length)];
    if (en.split(" ").length > SHORT && !isJapanese(en) && isJapanese(ja)) return { en, ja };
  }
  return undefined;
}

type Markdown = InstanceType<typeof MarkdownIt>;
type Token = ReturnType<Markdown["parse"]>[number];

/** The places of blocks at a level in a list of tokens: [from, behind the last). */
function blocksAt(tokens: readonly Token[], level: number): (readonly [from: number, to: number])[] {
  const starts = tokens.flatMap((token, i) => (token.level === level && token.nesting >= 0 ? [i] : []));
  return starts.map((from, i) => [from, starts[i + 1] ?? tokens.length]);
}

/**
 * Markdown whose blocks between two headings are in both languages: each is marked with its own. So are those
 * of an item of a list that has both, and a heading's two names.
 */
export function markLanguages(markdown: Markdown): void {
  markdown.core.ruler.before("inline", "languages", (state) => {
    const raw = (content: string): Token => Object.assign(new state.Token("html_block", "", 0), { content });
    const saying = (token: Token, content: string): Token =>
      Object.assign(new state.Token(token.type, token.tag, token.nesting), token, {
        content,
        attrs: null,
        children: token.type === "inline" ? [] : null,
      });
    const inlines = (block: readonly Token[]) => block.filter(({ type }) => type === "inline");
    const textOf = (block: readonly Token[]) =>
      inlines(block)
        .map(({ content }) => content.replace(/\]\([^)]*\)/g, "]"))
        .join(" ");
    const languageOf = (block: readonly Token[]): Language => (isJapanese(textOf(block)) ? "ja" : "en");

    const heading = (block: readonly Token[]): readonly Token[] => {
      const [open, only, close] = block,
        words = bothTitles(only.content);
      const span = (language: Language) => [
        raw(`<span lang="${language}" data-in="${language}">`),
        saying(only, words![language]),
        raw("</span>"),
      ];
      return words ? [open, ...span("en"), ...span("ja"), close] : block;
    };
    /** A block with one text that says the same in both, as two. */
    const split = (block: readonly Token[]): (readonly Token[])[] => {
      const [only, ...others] = inlines(block),
        words = only && others.length === 0 ? parted(only.content) : undefined;
      if (!words) return [block];
      return (["en", "ja"] as const).map((language) =>
        block.map((token) => saying(token, token === only ? words[language] : token.content)),
      );
    };
    const ofItems = (block: readonly Token[], level: number): readonly Token[] =>
      /^(bullet|ordered)_list_open$/.test(block[0].type)
        ? blocksAt(block, level + 1).flatMap(([from, to], i, all) => {
            const item = block.slice(from, to),
              before = i === 0 ? block.slice(0, from) : [];
            const inner = blocksAt(item, level + 2)[0]?.[0] ?? item.length;
            const end = all.length - 1 === i ? 2 : 1; // of the item, and of the list
            return [
              ...before,
              ...item.slice(0, inner),
              ...ofLevel(item.slice(inner, -end), level + 2),
              ...item.slice(-end),
            ];
          })
        : block;
    const ofLevel = (tokens: readonly Token[], level: number): readonly Token[] => {
      const sections: (readonly Token[])[][] = [[]];
      for (const [from, to] of blocksAt(tokens, level)) {
        const block = tokens.slice(from, to);
        if (block[0].type === "heading_open") sections.push([]);
        sections.at(-1)!.push(block);
      }
      return sections.flatMap((section) => {
        const blocks = section.flatMap((block) => {
          if (block[0].type === "heading_open") return [{ block: heading(block), prose: false }];
          return split(block).map((one) => {
            const made = ofItems(one, level);
            const marked = made.some((token) => token.attrGet("data-in") !== null);
            return { block: made, prose: textOf(one) !== "" && !marked };
          });
        });
        const prose = blocks.filter((one) => one.prose);
        if (new Set(prose.map(({ block }) => languageOf(block))).size === 2)
          for (const { block } of prose) {
            block[0].attrSet("lang", languageOf(block));
            block[0].attrSet("data-in", languageOf(block));
          }
        return blocks.flatMap(({ block }) => block);
      });
    };
    state.tokens = [...ofLevel(state.tokens, 0)];
  });
}

/** Elements whose text is none of the page's words. */
const CLOSED = /^<(script|style|code)\b/;

/** HTML as tags and the texts between them; what is closed is one piece. In time that grows with the text. */
function* tokensOf(text: string): Generator<string> {
  const open = new Set<string>(); // what nothing closes from here on
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf("<", at + (text[at] === "<" ? 1 : 0));
    let end = next < 0 ? text.length : next;
    if (text[at] === "<") {
      const [, name] = CLOSED.exec(text.slice(at, at + 8)) ?? [],
        mark = name === undefined ? ">" : `</${name}>`,
        close = open.has(mark) ? -1 : text.indexOf(mark, at);
      if (close < 0) open.add(mark);
      else if (name !== undefined || next < 0 || close < next) end = close + mark.length;
    }
    yield text.slice(at, end);
    at = end;
  }
}

/** HTML in pieces, each with whether it stands in an element that a test finds. */
function* piecesOf(
  text: string,
  finds: (tag: string) => boolean,
): Generator<{ piece: string; inside: boolean }> {
  let name: string | undefined,
    depth = 0;
  for (const piece of tokensOf(text)) {
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

/** A text in Japanese: of several lines, such as those of a cell's console.log, each that is known. */
function inLines(text: string, translate: Translate): string | undefined {
  const lines = text.trim().split("\n"),
    each = lines.length > 1 ? lines.map((line) => translate(line)) : [];
  return each.some((line) => line !== undefined)
    ? each.map((line, i) => line ?? lines[i]).join("\n")
    : translate(text);
}

/**
 * HTML in which every text that can be translated stands in both languages; what has translate="no", such as
 * a line of the data, stays as it is.
 */
export function translated({ text }: Html, translate: Translate): Html {
  const pieces = [...piecesOf(text, (tag) => / data-in=| translate="no"/.test(tag))].map(
    ({ piece, inside }) => {
      if (inside || piece.startsWith("<") || !/[A-Za-z]/.test(piece)) return piece;
      const ja = inLines(unescapeHtml(piece), translate);
      if (ja === undefined) return piece;
      const [, before, words, after] = /^(\s*)(.*?)(\s*)$/s.exec(piece)!;
      return before + bilingual({ en: new Html(words), ja }).text + after;
    },
  );
  return new Html(pieces.join(""));
}

/** HTML in one language: what stands in both stands in this one alone. */
function inLanguage(text: string, language: Language): string {
  const other = `data-in="${language === "en" ? "ja" : "en"}"`;
  return [...piecesOf(text, (tag) => tag.includes(other))]
    .flatMap(({ piece, inside }) => (inside ? [] : [piece.replace(` data-in="${language}"`, "")]))
    .join("");
}

/** Where a specification of a chart says something. */
const SAYING = new Set(["title", "subtitle", "text", "description"]);
/** Its numbers and names, which stay as they are. */
const DATA = new Set(["data", "datasets", "usermeta"]);
/** Where the values of a channel are shown: beside an axis, above a panel, otherwise in a legend. */
const LABELLED: Readonly<Record<string, string>> = {
  x: "axis",
  y: "axis",
  row: "header",
  column: "header",
  facet: "header",
};
const LEGENDS = new Set(["color", "fill", "stroke", "shape", "strokeDash", "size", "opacity"]);

/** Letters of full width in a line above a chart. */
const LINE = 40;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names of lines, bars and panels with their Japanese, from a chart's data and the domains of its scales. */
function labelsOf(spec: Fields, translate: Translate): Record<string, string> {
  const names = new Set<string>();
  const add = (values: unknown) => {
    for (const value of Array.isArray(values) ? values : []) if (typeof value === "string") names.add(value);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one);
    else if (isFields(value))
      for (const [key, one] of Object.entries(value)) {
        if (key === "domain") add(one);
        else if (key === "values" && Array.isArray(one))
          for (const row of one) add(isFields(row) ? Object.values(row) : [row]);
        else walk(one);
      }
  };
  walk(spec);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const ja = translate(name);
      return ja === undefined ? [] : [[name, ja]];
    }),
  );
}

/** A chart with its titles, axes, legends, names and headings in Japanese, as far as they are known. */
export function japaneseChart(spec: object, translate: Translate): object {
  const labels = labelsOf(spec as Fields, translate),
    shown = `${JSON.stringify(labels)}[datum.label] || (datum.label)`;
  /** A channel whose values have names in Japanese. */
  const named = (channel: string, definition: Fields): Fields => {
    const place = LABELLED[channel] ?? (LEGENDS.has(channel) ? "legend" : undefined),
      isName = definition.type === "nominal" || definition.type === "ordinal";
    const before = place && definition[place];
    if (!place || !isName || before === null || (isFields(before) && "labelExpr" in before))
      return definition;
    return { ...definition, [place]: { ...(isFields(before) ? before : {}), labelExpr: shown } };
  };
  const walk = (value: unknown, key: string): unknown => {
    const isText = typeof value === "string",
      lines = Array.isArray(value) && value.every((one) => typeof one === "string");
    if (SAYING.has(key) && (isText || lines)) {
      const ja = translate(isText ? value : value.join(" "));
      if (ja === undefined) return value;
      return lines ? wrap(ja, LINE) : ja;
    }
    if (Array.isArray(value)) return value.map((one) => walk(one, key));
    if (!isFields(value)) return value;
    if (key === "tooltip" && typeof value.field === "string" && value.title === undefined)
      return { ...value, title: translate(value.field) ?? value.field };
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        DATA.has(name)
          ? one
          : walk(Object.keys(labels).length > 0 && isFields(one) ? named(name, one) : one, name),
      ]),
    );
  };
  return walk(spec, "") as object;
}

const CHART =
  /(<script type="application\/json">)([^<]*)(<\/script>)\s*<script type="application\/json" class="japanese">([^<]*)<\/script>/g;

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
