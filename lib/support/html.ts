const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `&`, `<`, `>` and both quotes as HTML and SVG write them, in text and in attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => NAMES[letter]!);

const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NAMES).map(([letter, name]) => [name, letter]),
);

/** The text that escapeHtml() made into this; other names of letters stay. */
export const unescapeHtml = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#39);/g, (name) => LETTERS[name]!);
