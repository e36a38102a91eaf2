const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `&`, `<`, `>` and both quotes as HTML and SVG write them, in text and in attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => NAMES[letter]!);
