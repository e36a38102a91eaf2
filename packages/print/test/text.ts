/** The text of a PDF as a reader copies it: by the fonts' own tables, from what Chromium writes. */
import { inflateSync } from "node:zlib";

/** Objects by number: their dictionary and, if they have one, their stream. */
function objectsOf(pdf: Buffer): Map<number, { readonly head: string; readonly stream: string }> {
  const text = pdf.toString("latin1");
  const found = new Map<number, { readonly head: string; readonly stream: string }>();
  for (const { 1: number, index } of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const from = index! + text.slice(index).indexOf(" obj\n") + 5;
    const end = text.indexOf("endobj", from),
      at = text.indexOf("stream\n", from);
    const head = text.slice(from, at > 0 && at < end ? at : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const bytes = at > 0 && at < end ? pdf.subarray(at + 7, at + 7 + length) : Buffer.alloc(0);
    found.set(Number(number), {
      head,
      stream:
        bytes.length === 0
          ? ""
          : (head.includes("/FlateDecode") ? inflateSync(bytes) : bytes).toString("latin1"),
    });
  }
  return found;
}

const fromHex = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(parseInt(unit, 16))).join("");

/** Glyph → letters, as a ToUnicode table says. */
function lettersOf(table: string): Map<number, string> {
  const letters = new Map<number, string>();
  for (const [, block] of table.matchAll(/beginbfchar(.*?)endbfchar/gs))
    for (const [, glyph, word] of block!.matchAll(/<(\w+)>\s*<(\w+)>/g))
      letters.set(parseInt(glyph!, 16), fromHex(word!));
  for (const [, block] of table.matchAll(/beginbfrange(.*?)endbfrange/gs))
    for (const [, first, last, word] of block!.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g))
      for (let glyph = parseInt(first!, 16), i = 0; glyph <= parseInt(last!, 16); glyph++, i++)
        letters.set(glyph, String.fromCharCode(parseInt(word!, 16) + i));
  return letters;
}

interface Font {
  readonly letters: ReadonlyMap<number, string>;
  /** The digits of a glyph: one byte in a font that is drawn, two in one that is embedded. */
  readonly glyph: RegExp;
}

/** All letters of a PDF in the order in which they are drawn, without spaces. */
export function textOfPdf(pdf: Buffer): string {
  const objects = objectsOf(pdf);
  const fonts = new Map<string, Font>();
  for (const { head } of objects.values())
    for (const [, name, number] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const font = objects.get(Number(number))?.head ?? "",
        table = /\/ToUnicode (\d+) 0 R/.exec(font)?.[1];
      if (table)
        fonts.set(name!, {
          letters: lettersOf(objects.get(Number(table))!.stream),
          glyph: /\/Subtype \/Type3/.test(font) ? /../g : /.{4}/g,
        });
    }
  const streams = [...objects.values()].map(({ stream }) => stream).filter((stream) => /\bBT\b/.test(stream));
  return streams
    .flatMap((stream) => {
      let font: Font = { letters: new Map(), glyph: /../g };
      return [...stream.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)].map(([, name, hex]) => {
        if (name !== undefined) font = fonts.get(name) ?? { letters: new Map(), glyph: /../g };
        return (hex?.match(font.glyph) ?? [])
          .map((glyph) => font.letters.get(parseInt(glyph, 16)) ?? "�")
          .join("");
      });
    })
    .join("")
    .replace(/\s/g, "");
}
