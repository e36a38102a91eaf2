/** TeX's spellings in a .bib file as letters; what is not known stays as it is written. */

const ACCENTS: Readonly<Record<string, string>> = {
  '"': "\u0308",
  "'": "\u0301",
  "`": "\u0300",
  "^": "\u0302",
  "~": "\u0303",
  "=": "\u0304",
  ".": "\u0307",
  c: "\u0327",
  v: "\u030c",
  u: "\u0306",
  H: "\u030b",
  k: "\u0328",
  r: "\u030a",
  d: "\u0323",
  b: "\u0331",
};

const LETTERS: Readonly<Record<string, string>> = {
  ...{ o: "ø", O: "Ø", l: "ł", L: "Ł", ss: "ß", ae: "æ", AE: "Æ", oe: "œ", OE: "Œ", aa: "å", AA: "Å" },
  ...{ i: "ı", j: "ȷ", textendash: "–", textemdash: "—", textquoteright: "’", ldots: "…", dots: "…" },
  ...{ LaTeX: "LaTeX", TeX: "TeX", BibTeX: "BibTeX", copyright: "©", textregistered: "®" },
};

/** Commands whose text is left as it is. */
const SHAPES =
  /\\(?:emph|url|text(?:it|bf|sc|tt|rm|sf|sl|up|normal)|mbox|noopsort|path|uppercase)\s*(?=\{)|\{\\(?:em|it|bf|sc|tt|rm|sl)\s+/g;

/** "G{\"o}del" as "Gödel", "{BERT} -- a \emph{model}" as "BERT – a model". */
export const fromTex = (text: string): string =>
  text
    .replace(
      /\\(?:(["'`^~=.])|([cvuHkrdb])(?=\s*\{|\s+\p{L}))\s*\{?\s*(?:\\([ij])(?![A-Za-z])|(\p{L}))\s*\}?/gu,
      (_, sign: string | undefined, name: string, dotless: string | undefined, letter: string) =>
        `${dotless ?? letter}${ACCENTS[sign ?? name]}`.normalize("NFC"),
    )
    .replace(SHAPES, "{")
    .replace(/\\([A-Za-z]+)(?:\s*\{\}|\s+|(?![A-Za-z]))/g, (whole, name: string) => LETTERS[name] ?? whole)
    .replace(/\\([&%$#_ ])/g, "$1")
    .replace(/\\([{}])/g, (_, brace: string) => (brace === "{" ? "\u0001" : "\u0002"))
    .replace(/[{}]/g, "")
    .replaceAll("\u0001", "{")
    .replaceAll("\u0002", "}")
    .replaceAll("---", "—")
    .replaceAll("--", "–")
    .replaceAll("``", "“")
    .replaceAll("''", "”")
    .replace(/\s|~/g, " ")
    .replace(/ {2,}/g, " ")
    .trim();

/** An address as it is written, without \url and the strokes before its signs. */
export const addressFromTex = (text: string): string =>
  text
    .replace(/\\url\s*/g, "")
    .replace(/\\([&%$#_~])/g, "$1")
    .replace(/[{}\s]/g, "");
