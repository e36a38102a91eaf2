/** Text from outside, for a terminal. */

/**
 * The text with a mark in the place of every control character but tab and line end, as those move the
 * cursor, hide text or change colours.
 */
export const printable = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");

/** A text of a file in a message: of a long one its beginning. */
export const brief = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** A value of a file in a message, as JSON. */
export const shown = (value: unknown): string => brief(JSON.stringify(value) ?? typeof value);

/** An error of a command as words, without a trace. */
export const complain = (message: string): void => console.error(printable(message));
