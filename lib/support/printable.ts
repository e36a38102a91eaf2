/** Text from outside, for a terminal. */

/**
 * The text with a mark in the place of every control character but tab and line end, as those move the
 * cursor, hide text or change colours.
 */
export const printable = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");

/** A value of a file in a message, as JSON, and the beginning alone of a long one. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** An error of a command as words, without a trace. */
export const complain = (message: string): void => console.error(printable(message));
