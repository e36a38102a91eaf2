// @ts-check
/** Running other programs, and speaking to the user while they run. */
import { spawn } from "node:child_process";
import { accessSync, appendFileSync, constants, mkdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stateFolder } from "./files.mjs";

/** A fault that the user can mend: shown without a stack. */
export class SetupError extends Error {}

const logPath = join(stateFolder, "log.txt");

/**
 * One line to the terminal; never on standard output, which belongs to the command that runs.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/**
 * For withLock: says once what this set-up waits for.
 * @param {string} text @returns {(tries: number) => void}
 */
export const sayOnce = (text) => (tries) => {
  if (tries === 0) say(text);
};

/**
 * Says what begins, does it, and says how long it took.
 * @template T @param {string} what @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function timed(what, work) {
  const start = Date.now();
  say(`${what} ...`);
  const result = await work();
  say(`${what}: done in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  return result;
}

/**
 * The first of `names` that is an executable file in PATH, as a path; null if none is.
 * @param {...string} names
 */
export function findProgram(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (folder && statSync(path).isFile()) return path;
      } catch {}
    }
  }
  return null;
}

/**
 * Process groups that are running: ended with us, so that an interrupted set-up leaves nothing at work behind
 * it.
 * @type {Set<number>}
 */
const groups = new Set();
const signals = /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]);
const handlers = signals.map(
  ([signal, code]) =>
    /** @type {const} */ ([
      signal,
      () => {
        for (const group of groups) process.kill(-group, "SIGTERM");
        process.exit(code);
      },
    ]),
);
for (const [signal, handler] of handlers) process.on(signal, handler);

/** Set-up is done: from here on the command itself decides what a signal means. */
export function handOverSignals() {
  for (const [signal, handler] of handlers) process.off(signal, handler);
}

/**
 * What a program wrote, and how it ended. Never rejects: a program that cannot be started has code 127.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutSeconds?: number }} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, out: string, all: string }>}
 */
export function capture(program, args, { env = process.env, cwd, timeoutSeconds } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const group = child.pid ?? 0;
    let out = "";
    let all = "";
    if (group) groups.add(group);
    const alarm = timeoutSeconds && setTimeout(() => process.kill(-group, "SIGKILL"), timeoutSeconds * 1000);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      all += text;
    });
    child.on("error", (error) => done({ code: 127, signal: null, out, all: `${all}${error.message}` }));
    child.on("close", (code, signal) => {
      groups.delete(group);
      clearTimeout(alarm || undefined);
      done({ code, signal, out, all });
    });
  });
}

/**
 * Runs a step's program; its output goes to .setup/log.txt.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<string>} its standard output
 * @throws {SetupError} with the last lines of the output if it fails
 */
export async function must(program, args, options) {
  const { code, signal, out, all } = await capture(program, args, options);
  mkdirSync(stateFolder, { recursive: true });
  appendFileSync(logPath, `\n$ ${[program, ...args].join(" ")}\n${all}`);
  if (code === 0) return out;
  const last = all
    .trim()
    .split("\n")
    .slice(-12)
    .map((line) => `    ${line}`)
    .join("\n");
  throw new SetupError(`${program} ended with ${signal ?? code}\n${last}\n  everything it wrote: ${logPath}`);
}

/**
 * `env` with `variables`, those that are paths put in front.
 * @param {NodeJS.ProcessEnv} env
 * @param {Readonly<Record<string, string>>} variables
 * @returns {NodeJS.ProcessEnv}
 */
export function withVariables(env, variables) {
  const result = { ...env };
  for (const [name, value] of Object.entries(variables)) {
    const present = env[name];
    result[name] = !present ? value : name.endsWith("PATH") ? `${value}:${present}` : `${value} ${present}`;
  }
  return result;
}
