// @ts-check
/** The Node side: the right Node.js, and the packages of package-lock.json. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeRange, satisfies } from "./facts.mjs";
import { projectRoot } from "./files.cjs";
import { readJson } from "./files.mjs";
import { findProgram, must, SetupError, timed } from "./shell.mjs";

/** @throws {SetupError} if this Node.js is not one that package.json names */
export function checkNode(version = process.versions.node, range = nodeRange()) {
  if (satisfies(version, range)) return;
  throw new SetupError(
    `komalab needs Node.js ${range}; this is ${version}.\n` +
      '  Install Node.js 22 or 24 (nodejs.org, "nvm install 22", or your system\'s packages) and run the command again.',
  );
}

/**
 * True if node_modules holds what the lock file says. npm writes node_modules/.package-lock.json as the last
 * act of an install, so an interrupted one differs.
 * @param {string} root
 */
export function packagesAreInstalled(root) {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const found = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  if (!found) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || !path.startsWith("node_modules/")) return true;
    if (!found[path]) return entry.optional === true; // built for another system
    return found[path].version === entry.version && found[path].integrity === entry.integrity;
  });
}

/**
 * Runs `npm ci` if node_modules is absent, half installed, or of another lock file.
 * @returns {Promise<void>}
 */
export async function ensurePackages() {
  if (packagesAreInstalled(projectRoot)) return;
  const npmScript = process.env.npm_execpath;
  const npm = findProgram("npm");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  await timed("npm ci (Node packages, 1 GB)", async () => {
    if (npmScript && existsSync(npmScript) && /npm-cli\.[cm]?js$/.test(npmScript))
      await must(process.execPath, [npmScript, ...args], { cwd: projectRoot });
    else if (npm) await must(npm, args, { cwd: projectRoot });
    else throw new SetupError("npm was not found: it comes with Node.js (Debian: apt-get install npm)");
  });
  if (!packagesAreInstalled(projectRoot))
    throw new SetupError("npm ci ended well, yet node_modules does not hold what package-lock.json says");
}
