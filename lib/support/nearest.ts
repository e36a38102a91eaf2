/** What somebody may have meant by a name or a path that is not there. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { projectRoot } from "./files";

/** How many letters must change to make `a` into `b` (Levenshtein 1966). */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

const LONGEST = 255; // of a file's name

/** The likeliest of `names`: it differs in a few letters, else it holds the name (learningRate for rate). */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const word = name.toLowerCase(),
    most = Math.max(2, word.length / 3);
  const far = (other: string): number => {
    // what differs more in length differs more in letters; a name from a file may be of any length
    const near = Math.abs(word.length - other.length) <= most && word.length <= LONGEST,
      letters = near ? distance(word, other.toLowerCase()) : Infinity;
    return letters <= most
      ? letters
      : word.length > 2 && other.toLowerCase().includes(word)
        ? most + 1
        : Infinity;
  };
  const ranked = names
    .map((other) => ({ other, letters: far(other) }))
    .filter(({ letters }) => letters < Infinity);
  return ranked.sort((a, b) => a.letters - b.letters)[0]?.other;
}

/** Words for the end of a message: the name that was meant, or all that there are. */
export function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** A path that exists and differs in a few letters of its parts; from the project's folder if it is in it. */
export function nearestPath(path: string): string | undefined {
  const found = existsSync(path) ? path : descend(path);
  if (found === undefined) return undefined;
  const way = relative(projectRoot, found);
  return way.startsWith("..") ? found : way;
}

/** A path at which something lies. @throws if nothing does, with a path that may have been meant */
export function existing(path: string): string {
  if (existsSync(path)) return path;
  const near = nearestPath(resolve(path));
  throw new Error(`${path} is not there${near === undefined ? "" : `: did you mean ${near}?`}`);
}

function descend(path: string): string | undefined {
  const parent = dirname(path),
    folder = isFolder(parent) || parent === path ? parent : descend(parent);
  if (folder === undefined || !isFolder(folder)) return undefined;
  const entries = readdirSync(folder),
    near = entries.includes(basename(path)) ? basename(path) : nearest(basename(path), entries);
  return near === undefined ? undefined : join(folder, near);
}
