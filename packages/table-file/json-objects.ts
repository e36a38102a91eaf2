/** JSON lines and JSON arrays → objects with the lines on which they begin. */
import { DataError, type Problem } from "./data-error";
import { breaks } from "./delimited";

interface JsonObject {
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Parts of a text that hold an object each: its lines, or the elements of its one array. */
function partsOf(text: string): { readonly line: number; readonly source: string }[] {
  if (!text.trimStart().startsWith("["))
    return text.split(/\r\n|\r|\n/).map((source, i) => ({ line: i + 1, source }));
  const parts: { line: number; source: string }[] = [];
  let [depth, begin, line] = [0, 0, 1];
  const end = (at: number) => {
    const source = text.slice(begin, at),
      trimmed = source.trimStart();
    line += breaks(source.slice(0, source.length - trimmed.length));
    parts.push({ line, source });
    line += breaks(trimmed);
    begin = at + 1;
  };
  let inText = false;
  for (const { 0: token, index = 0 } of text.matchAll(/\\.|["[\]{},]/g)) {
    if (token === '"') inText = !inText;
    if (inText) continue;
    if (depth === 0) [begin, line] = [index + 1, line + breaks(text.slice(begin, index))];
    if (depth === 1 && (token === "," || token === "]")) end(index);
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
  }
  if (depth !== 0) end(text.length); // broken: the error names the last row
  return parts;
}

/** Python writes a missing number as NaN, which JSON does not know. */
function withoutNaN(source: string): string {
  let inText = false;
  return source.replace(/\\.|"|\bNaN\b/g, (token) => {
    if (token === '"') inText = !inText;
    return token === "NaN" && !inText ? "null" : token;
  });
}

/** @throws DataError with all that is no JSON object */
export function jsonObjects(text: string, path: string): readonly JsonObject[] {
  const problems: Problem[] = [];
  const objects = partsOf(text).flatMap(({ line, source }): JsonObject[] => {
    if (source.trim() === "") return [];
    try {
      const value: unknown = JSON.parse(withoutNaN(source));
      if (value === null || typeof value !== "object" || Array.isArray(value))
        throw new Error("not an object");
      return [{ line, value: value as JsonObject["value"] }];
    } catch (error) {
      const remedy = `not a JSON object (${(error as Error).message})`;
      problems.push({ path, line, value: source.trim(), remedy });
      return [];
    }
  });
  if (problems.length > 0) throw new DataError(problems);
  return objects;
}
