/** Text from outside, for a terminal. */

/**
 * The text with a mark in the place of every control character but tab and line end, as those move the
 * cursor, hide text or change colours, and of those that turn the direction of writing.
 */
export const printable = (text: string): string =>
  text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

/** A text of a file in a message: of a long one its beginning. */
export const brief = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** A value of a file in a message, as JSON. */
export function shown(value: unknown): string {
  try {
    return brief(JSON.stringify(value) ?? typeof value);
  } catch {
    return "nested too deeply to be shown"; // a file may hold 100,000 lists in each other
  }
}

/** What is worth knowing of data that were read. */
export const remark = (message: string): void => console.log(printable(message));

/** An error of a command as words, without a trace. */
export const complain = (message: string): void => console.error(printable(message));
