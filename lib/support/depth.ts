const MOST = 100; // more than any chart has; thousands end JSON.stringify, and whatever else walks a value

/** Whether a value of a file is nested so that it can be walked and written again. */
export const isShallow = (value: unknown, most = MOST): boolean =>
  typeof value !== "object" ||
  value === null ||
  (most > 0 && Object.values(value).every((inner) => isShallow(inner, most - 1)));
