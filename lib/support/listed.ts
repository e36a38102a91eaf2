import { brief } from "./printable";

/** Names in a message, the first twenty of them. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, 20).map(brief).join(", ") + (names.length > 20 ? ` and ${names.length - 20} more` : "");
