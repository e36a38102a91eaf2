/**
 * Folders of models named so that plans and runs can be shared: none of this machine's own paths is in them.
 */
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { cacheFolder, projectRoot } from "../support/files";

const places = () => ({ project: projectRoot, cache: cacheFolder() });

function inside(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return way.startsWith("..") || isAbsolute(way) ? undefined : way.split(sep).join("/");
}

/**
 * project:data/model, cache:hub/…; a folder outside both is named from `base`, and without one as
 * elsewhere:NAME, which only says what it was called.
 */
export function portable(folder: string, base?: string): string {
  for (const [name, place] of Object.entries(places())) {
    const way = inside(place, resolve(folder));
    if (way !== undefined) return `${name}:${way}`;
  }
  return base === undefined
    ? `elsewhere:${basename(folder)}`
    : relative(base, resolve(folder)).split(sep).join("/");
}

/** The folder that `portable` named; undefined for one that was elsewhere. */
export function located(name: string, base = projectRoot): string | undefined {
  const [, place, way] = /^(project|cache|elsewhere):(.*)$/.exec(name) ?? [];
  if (place === "elsewhere") return undefined;
  return place === undefined ? resolve(base, name) : join(places()[place as "project" | "cache"], way);
}
