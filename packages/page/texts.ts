/** A text changed, or every text in what holds texts: lists, maps and plain objects; all else as it is. */
export function withTexts<T>(value: T, change: (text: string) => string): T {
  const inner = <U>(one: U): U => withTexts(one, change);
  const changed: unknown =
    typeof value === "string"
      ? change(value)
      : Array.isArray(value)
        ? value.map(inner)
        : value instanceof Map
          ? new Map([...value].map(inner))
          : value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
            ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]))
            : value;
  return changed as T;
}
