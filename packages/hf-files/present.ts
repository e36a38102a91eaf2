/** A file of a model's folder, which may lack it. */
import { readFileSync } from "node:fs";

/** Its bytes. @throws naming the file and the remedy if it is missing */
export function readPresent(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${path} is missing: copy the model's folder again, all of its files`);
  }
}
