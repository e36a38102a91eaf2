/** Texts as regular expressions, with the flag u or without. */

/** What finds the text itself. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** What finds any of some texts; of those that begin at one place the longest. */
export const anyOf = (texts: Iterable<string>): string =>
  [...texts]
    .sort((a, b) => b.length - a.length)
    .map(literally)
    .join("|");
