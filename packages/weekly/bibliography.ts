/** References from a .bib file, as far as a weekly report prints them: who, what, where, when. */

import { brief } from "../../lib/support/printable";

export interface Reference {
  readonly key: string;
  readonly words: string;
}

/** The balanced text after an opening brace, and where it ends. */
function braced(text: string, from: number): { readonly inner: string; readonly end: number } | undefined {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return { inner: text.slice(from, at), end: at + 1 };
  }
  return undefined;
}

const ACCENTS: Readonly<Record<string, string>> = {
  '"': "\u0308",
  "'": "\u0301",
  "`": "\u0300",
  "^": "\u0302",
  "~": "\u0303",
  c: "\u0327",
  v: "\u030c",
};

/** TeX's spellings as letters: accents, dashes, braces. */
const plain = (text: string): string =>
  text
    .replace(/\{?\\(["'`^~]|[cv](?=\s*\{))\s*\{?(\p{L})\}?\}?/gu, (_, mark: string, letter: string) =>
      `${letter}${ACCENTS[mark]}`.normalize("NFC"),
    )
    .replace(/\\([&%$#_])/g, "$1")
    .replace(/[{}]/g, "")
    .replaceAll("---", "—")
    .replaceAll("--", "–")
    .replace(/\s+/g, " ")
    .trim();

function fieldsOf(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  const start = /\s*,?\s*([A-Za-z][\w-]*)\s*=\s*/y;
  for (let at = 0; ; ) {
    start.lastIndex = at;
    const found = start.exec(body);
    if (!found) return fields;
    const open = start.lastIndex;
    let value: string;
    if (body[open] === "{") {
      const inside = braced(body, open + 1);
      if (!inside) return fields;
      value = inside.inner;
      at = inside.end;
    } else {
      const [whole, quoted] = /^(?:"((?:[^"\\]|\\.)*)"|[^,\s]+)/.exec(body.slice(open)) ?? [""];
      if (whole === "") return fields;
      value = quoted ?? whole;
      at = open + whole.length;
    }
    fields.set(found[1]!.toLowerCase(), plain(value));
  }
}

/** "Devlin, Jacob and Chang, Ming-Wei" as "Jacob Devlin, Ming-Wei Chang"; Japanese names keep their order. */
const authorsOf = (names = ""): string =>
  names
    .split(/\s+and\s+/)
    .map((name) => {
      const [family, given] = name.split(/\s*,\s*/);
      if (given === undefined) return name;
      return /[\u3041-\u30ff\u3400-\u9fff]/.test(name) ? `${family} ${given}` : `${given} ${family}`;
    })
    .join(", ");

/**
 * The entries of a .bib file in their order.
 * @throws naming the file and the line of an entry that is not closed or has no key
 */
export function readBibliography(text: string, path: string): Reference[] {
  const found: Reference[] = [];
  const entry = /@(\w+)\s*\{/g;
  for (let match = entry.exec(text); match; match = entry.exec(text)) {
    const { index } = match;
    const broken = (what: string) => new Error(`${path}:${text.slice(0, index).split("\n").length}: ${what}`);
    const inside = braced(text, entry.lastIndex);
    if (!inside) throw broken(`@${brief(match[1]!)} has no closing brace`);
    entry.lastIndex = inside.end;
    if (/^(comment|string|preamble)$/i.test(match[1]!)) continue;
    const [, key, body] = /^\s*([^\s,={}]+)\s*,(.*)$/s.exec(inside.inner) ?? [];
    if (key === undefined)
      throw broken(`@${brief(match[1]!)} has no key: write @article{devlin2019, author = …}`);
    const fields = fieldsOf(body!);
    const arxiv =
      fields.has("eprint") &&
      /arxiv/i.test(fields.get("archiveprefix") ?? fields.get("eprinttype") ?? "arxiv")
        ? `arXiv:${fields.get("eprint")}`
        : undefined;
    const place = fields.get("journal") ?? fields.get("booktitle") ?? fields.get("publisher") ?? arxiv;
    const pages = fields.get("pages")?.replace(/^/, "pp. ");
    const volume = [fields.get("volume"), pages].filter(Boolean).join(", ");
    const parts = [authorsOf(fields.get("author")), fields.get("title"), place, volume, fields.get("year")];
    const address = fields.get("doi")?.replace(/^/, "doi:") ?? fields.get("url");
    found.push({ key, words: `${[...parts, address].filter(Boolean).join(". ").replaceAll("..", ".")}.` });
  }
  return found;
}
