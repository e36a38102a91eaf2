// @ts-check
"use strict";
/** Where imports have moved, as docs/moving.md says, for the errors of cells that name old ones. */
const fs = require("node:fs");
const path = require("node:path");

/** @param {string} root @returns {string[][]} the cells of all rows that hold names */
function rows(root) {
  const file = path.join(root, "docs", "moving.md");
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}

/**
 * What to write instead of an import that is not found, or "" if nothing is known of it.
 * @param {string} root the project's folder
 * @param {string} message TypeScript's, of a module or an exported member that is missing
 */
function moved(root, message) {
  const place = message.match(/^Cannot find module '\.\/([^']+)'/)?.[1];
  if (place) {
    for (const [before, now, ...more] of rows(root)) {
      if (more.length > 0) continue;
      const start = before.endsWith("*") ? before.slice(0, -1) : undefined;
      if (start === undefined ? place !== before : !place.startsWith(start)) continue;
      return ` It has moved: write './${now.replace("*", place.slice(start?.length))}' (docs/moving.md).`;
    }
  }
  const name = message.match(/has no exported member (?:named )?'([^']+)'/)?.[1];
  for (const [before, now, file] of name ? rows(root) : [])
    if (file && before === name) return ` It is called ${now} now, in './${file}' (docs/moving.md).`;
  return "";
}

module.exports = { moved };
