/**
 * Letters for a page that has to look the same on every computer, whatever fonts it has: of the 124 pieces of
 * Noto Sans JP (SIL Open Font License) those that hold a letter of the page, each with its unicode-range,
 * inline.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The family name of the inline pieces; pages name it before the reader's own Japanese fonts. */
export const FONT = "Noto Sans JP Variable";

const folder = dirname(require.resolve("@fontsource-variable/noto-sans-jp/package.json"));

/** The first and last letters of the spans of a unicode-range, such as "U+25ee8,U+4e00-4e09", as codes. */
const spansOf = (range: string): readonly (readonly number[])[] =>
  range.split(",").map((span) => {
    const ends = span.replace("U+", "").split("-");
    return [ends[0]!, ends.at(-1)!].map((digits) => parseInt(digits, 16));
  });

/** The `@font-face` rules for the letters of `text`, as in the package's style sheet, with their data. */
export function fontFaces(text: string): string {
  const codes = [...new Set(text)].map((letter) => letter.codePointAt(0)!);
  const css = readFileSync(join(folder, "index.css"), "utf8");
  return [...css.matchAll(/url\(\.\/(files\/[^)]+)\)[^}]*unicode-range:\s*([^;]+);/g)]
    .filter(([, , range]) => {
      const spans = spansOf(range!);
      return codes.some((code) => spans.some(([first, last]) => code >= first! && code <= last!));
    })
    .map(([, file, range]) => {
      const data = readFileSync(join(folder, file!)).toString("base64");
      const source = `url(data:font/woff2;base64,${data}) format("woff2")`;
      return `@font-face{font-family:"${FONT}";font-weight:100 900;font-display:swap;src:${source};unicode-range:${range}}`;
    })
    .join("\n");
}
