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

interface Piece {
  readonly file: string;
  readonly range: string;
  readonly spans: readonly (readonly [first: number, last: number])[];
}

/** The pieces as the package's style sheet declares them. */
function readPieces(): readonly Piece[] {
  const css = readFileSync(join(folder, "index.css"), "utf8");
  return [...css.matchAll(/url\(\.\/(files\/[^)]+)\)[^}]*unicode-range:\s*([^;]+);/g)].map(
    ([, file, range]) => ({
      file: file!,
      range: range!,
      spans: range!.split(",").map((part) => {
        const [first, last] = part
          .trim()
          .slice(2)
          .split("-")
          .map((code) => parseInt(code, 16));
        return [first!, last ?? first!] as const;
      }),
    }),
  );
}

/** The `@font-face` rules with their data for the letters of `text`. */
export function fontFaces(text: string): string {
  const codes = [...new Set(text)].map((letter) => letter.codePointAt(0)!);
  return readPieces()
    .filter(({ spans }) => codes.some((code) => spans.some(([first, last]) => code >= first && code <= last)))
    .map(({ file, range }) => {
      const data = readFileSync(join(folder, file)).toString("base64");
      const source = `url(data:font/woff2;base64,${data}) format("woff2")`;
      return `@font-face{font-family:"${FONT}";font-weight:100 900;font-display:swap;src:${source};unicode-range:${range}}`;
    })
    .join("\n");
}
