// @ts-check
/**
 * `npm run doctor`: what is there, what is missing, what that means. `--log FILE` explains a TensorFlow log;
 * `--json` is for notebook 00; `--prune-features` deletes what can be computed again.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { explainedLog } from "./explain-log.mjs";
import { pruneFeatures } from "./features.cjs";
import { gigabytes, inspect } from "./inspect.mjs";
import { SetupError } from "./shell.mjs";

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code: 1 if something is at fault that set-up cannot mend
 * @throws {SetupError} on unknown arguments or an absent log
 */
export async function doctor(args) {
  if (args[0] === "--log") {
    const path = args[1] && resolve(process.env.INIT_CWD ?? ".", args[1]); // npm has left the user's folder: INIT_CWD
    if (!path || !existsSync(path))
      throw new SetupError(
        `npm run doctor -- --log FILE: ${path ? `${path} is not there` : "FILE is missing"}`,
      );
    process.stdout.write(`${explainedLog(readFileSync(path, "utf8"))}\n`);
    return 0;
  }
  if (args[0] === "--prune-features") {
    process.stdout.write(`${pruned(args.slice(1))}\n`);
    return 0;
  }
  if (args.length > 0 && args[0] !== "--json")
    throw new SetupError(
      `npm run doctor knows --log FILE, --model NAME, --prune-features [GB] and --json, not ${args[0]}`,
    );
  const findings = await inspect();
  process.stdout.write(args[0] === "--json" ? `${JSON.stringify(findings)}\n` : `${table(findings)}\n`);
  return findings.some(({ state }) => state === "fault") ? 1 : 0;
}

/**
 * Deletes cached features until the given gigabytes are left, all of them by default.
 * @param {readonly string[]} args
 * @returns {string} what was deleted
 */
function pruned([given = "0", ...rest]) {
  const most = Number(given);
  if (given.trim() === "" || !(most >= 0) || rest.length > 0)
    throw new SetupError(
      `npm run doctor -- --prune-features [GB]: ${[given, ...rest].join(" ")} is not a number of gigabytes to leave`,
    );
  const { gone, left } = pruneFeatures(most * 1e9);
  const bytes = gone.reduce((sum, folder) => sum + folder.bytes, 0);
  return `${gone.length} folders of cached features (${gigabytes(bytes)}) deleted, ${gigabytes(left)} left; what is needed again is computed again`;
}

/**
 * A line for each part; what is missing is explained below.
 * @param {readonly import("./inspect.mjs").Finding[]} findings
 */
export function table(findings) {
  const width = Math.max(...findings.map(({ part }) => part.length));
  const mark = { ok: " ", absent: "-", fault: "!" };
  const rows = findings.map(({ part, found, state }) => `${mark[state]} ${part.padEnd(width)}  ${found}`);
  const missing = findings
    .filter(({ state }) => state !== "ok")
    .map(({ part, state, meaning, matters, remedy }) =>
      [
        `${mark[state]} ${part}`,
        `    what it means:   ${meaning}`,
        `    does it matter:  ${matters}`,
        `    what to do:      ${remedy}`,
      ].join("\n"),
    );
  return [rows.join("\n"), ...missing].join("\n\n");
}
