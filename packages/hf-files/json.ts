/** JSON files of a model's folder: config.json, the tokenizer's, indices of weights. */
import { readPresent } from "./present";

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A JSON object in a file. @throws if the file is missing, damaged, or holds something else */
export function readObject(path: string): Json {
  const bytes = readPresent(path);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new Error(
      `${path}: cannot be read as JSON (${(error as Error).message}); a Hugging Face folder has this file: copy it again`,
    );
  }
  if (!isObject(json)) throw new Error(`${path}: holds no JSON object; copy it again`);
  return json;
}
