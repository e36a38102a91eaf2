/**
 * The folders of this machine, kept out of what a private report shows: of a path its last name is left.
 * Folders that the command, a setting or this machine itself names are looked for as they are spelled, spaces
 * and all; others by the form of a path, which a space ends.
 */
import { existsSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { cacheFolder, projectRoot } from "../../lib/support/files";
import { escapeHtml } from "../../lib/support/html";
import { type Notebook, type Output, textOf } from "../notebook";
import { withTexts } from "./texts";

/** Pictures in a text, whose letters may look like a path's. */
const PICTURE = /(data:[\w.+-]+\/[\w.+-]+;base64,[\w+/=]+)/;

/** A path from the root, but for its last name: no URL, no closing tag, no name with slashes in it. */
const ROOTED =
  /(?<![\p{L}\p{N}_.:/<+-])(?:…\/|(?:file:\/\/)?~?\/|[A-Za-z]:\\{1,2})(?:[^\s/\\"'`<>|:*?,;()[\]{}]+[/\\]+)+/gu;

/** The text without folders that are told by the form of a path. */
const rooted = (text: string): string => text.replace(ROOTED, "…/");

/** Texts within code: outside of quotes they may be regular expressions. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

/** What may be a path in a word of the command, `name=value`, or in a setting's value, as TypeScript. */
const candidatesIn = (word: string): string[] => [
  ...word.split("=").map((_, i, parts) => parts.slice(i).join("=")),
  ...(word.match(QUOTED) ?? []).map((quoted) => quoted.slice(1, -1)),
];

/** The folder of a path outside of the project, as it is spelled and from the root. */
function foldersOf(path: string): string[] {
  if (!/[/\\]/.test(path)) return [];
  const whole = resolve(projectRoot, path.replace(/^~(?=\/)/, homedir()));
  const outside = /^([/~]|[A-Za-z]:)/.test(path) || relative(projectRoot, whole).startsWith("..");
  return outside && (/^([/~]|\.\.|[A-Za-z]:)/.test(path) || existsSync(whole))
    ? [dirname(path), dirname(whole)]
    : [];
}

/** Of this machine, whatever the command names. */
function ownFolders(): string[] {
  const { KOMALAB_RUNS, KOMALAB_REPORTS } = process.env;
  return [projectRoot, homedir(), tmpdir(), cacheFolder(), KOMALAB_RUNS ?? "", KOMALAB_REPORTS ?? ""];
}

export interface WithoutFolders {
  /** A text, or what holds texts: lists, maps and plain objects. */
  readonly value: <T>(value: T) => T;
  /** A notebook's sources and outputs, its pictures as they are. */
  readonly notebook: (notebook: Notebook) => Notebook;
}

/**
 * What leaves folders out.
 * @param named words of the command and values of settings
 */
export function withoutFolders(named: readonly string[]): WithoutFolders {
  const folders = [...ownFolders(), ...named.flatMap(candidatesIn).flatMap(foldersOf)]
    .filter((folder) => /[^/.~\\]/.test(folder))
    .flatMap((folder) => [folder, escapeHtml(folder)])
    .sort((a, b) => b.length - a.length)
    .map((folder) => folder.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const spelled = new RegExp(
    `(?<![\\p{L}\\p{N}_.~/-])(?:file:\\/\\/)?(?:${[...new Set(folders)].join("|")})(?:([/\\\\]+)|(?![\\p{L}\\p{N}_.-]))`,
    "gu",
  );
  const known = (text: string) => text.replace(spelled, (_, slash?: string) => (slash ? "…/" : "…"));
  const outsidePictures = (text: string, change: (part: string) => string): string =>
    text
      .split(PICTURE)
      .map((part, i) => (i % 2 === 1 ? part : change(part)))
      .join("");
  const text = (words: string) => outsidePictures(words, (part) => rooted(known(part)));
  const code = (words: string) => known(words).replace(QUOTED, (quoted) => outsidePictures(quoted, rooted));

  const value = <T>(one: T): T => withTexts(one, text);
  const output = ({ data, ...rest }: Output): Output => ({
    ...value(rest),
    ...(data && {
      data: Object.fromEntries(
        Object.entries(data).map(([mime, one]) => [mime, mime.startsWith("image/") ? one : value(one)]),
      ),
    }),
  });
  const notebook = ({ cells, metadata, ...rest }: Notebook): Notebook => ({
    ...rest,
    metadata: value(metadata),
    cells: cells.map((cell) => ({
      ...cell,
      source: (cell.cell_type === "code" ? code : text)(textOf(cell.source)),
      ...(cell.outputs && { outputs: cell.outputs.map(output) }),
    })),
  });
  return { value, notebook };
}
