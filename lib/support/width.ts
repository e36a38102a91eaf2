/**
 * How wide text is, without a screen: Japanese letters take twice the room of Latin ones (Unicode Standard
 * Annex 11).
 */

const WIDE =
  /[\u1100-\u115f\u2460-\u24ff\u25a0-\u25ff\u2605\u2606\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** True for text that holds Japanese, for `lang` attributes. */
export const isJapanese = (text: string) => /[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f]/.test(text);

/** Columns of a terminal that the text takes: 2 for a wide letter, 1 for any other. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
}

/** Width in units of the font size, an upper estimate for BIZ UDPGothic's proportional Latin letters. */
export function emsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 1.02 : 0.58), 0);
}

/** Fills the text up with spaces to a number of columns, in front of it for numbers. */
export function pad(text: string, columns: number, side: "start" | "end" = "end"): string {
  const spaces = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return side === "end" ? text + spaces : spaces + text;
}

/** Breaks text into lines of at most `ems`, at spaces and between Japanese letters. */
export function wrap(text: string, ems: number): string[] {
  const lines = [""];
  for (const piece of text.match(
    /[^\s\u3000-\u9fff\uff00-\uffef]+|\s+|[\u3000-\u9fff\uff00-\uffef][、。」）！？ー]*/g,
  ) ?? []) {
    const line = lines[lines.length - 1] + piece;
    if (line.trim() !== piece && emsOf(line.trimEnd()) > ems) lines.push(piece.trimStart());
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}
