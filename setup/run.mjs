// @ts-check
/**
 * `node setup/run.mjs <command> [arguments]`: what every npm script calls. Makes what the command needs, then
 * runs it. Plain Node without packages, so that it works in a fresh clone.
 */
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { commands } from "./commands.mjs";
import { doctor } from "./doctor.mjs";
import { venvFolder } from "./facts.mjs";
import { cacheFolder, projectRoot, withLock } from "./files.cjs";
import { stateFolder } from "./files.mjs";
import { checkNode, ensurePackages } from "./node.mjs";
import { ensureKernel, ensureVenv, pythonEnvironment } from "./python.mjs";
import { handOverSignals, SetupError, say, sayOnce, withVariables } from "./shell.mjs";
import { ensureTensorflow } from "./tensorflow.mjs";

/** @typedef {import("./plan.mjs").Wish} Wish */

/**
 * Makes what is missing. A second call finds everything made, and only looks.
 * @param {boolean} computes whether TensorFlow and Jupyter are needed besides the Node packages
 * @param {{ wish?: Wish, again?: boolean }} [options]
 * @returns {Promise<Readonly<Record<string, string>>>} variables for the processes that compute
 */
async function ensure(computes, options = {}) {
  return withLock(
    join(stateFolder, "lock"),
    async () => {
      // Side by side, as both mostly wait for the network; both are awaited, so that neither is cut off by a
      // fault of the other.
      const [packages, venv] = await Promise.allSettled([ensurePackages(), computes && ensureVenv()]);
      if (packages.status === "rejected") throw packages.reason;
      if (venv.status === "rejected") throw venv.reason;
      if (!computes) return {};
      await ensureKernel();
      return process.env.KOMALAB_BACKEND === "wasm" ? {} : (await ensureTensorflow(options)).variables;
    },
    sayOnce("another set-up of this folder is running; waiting for it"),
  );
}

/**
 * `npm run setup -- [--cpu | --gpu | --wasm | --auto]`.
 * @param {readonly string[]} args @returns {Promise<number>}
 */
async function setup(args) {
  const wishes = /** @type {const} */ (["auto", "cpu", "gpu", "wasm"]);
  const wish = wishes.find((name) => args.includes(`--${name}`));
  const unknown = args.find((arg) => !wishes.some((name) => arg === `--${name}`));
  if (unknown) throw new SetupError(`npm run setup knows --auto, --cpu, --gpu and --wasm, not ${unknown}`);
  await ensure(true, { wish, again: true });
  say("ready. npm run doctor shows what is there");
  return 0;
}

/** @param {string} name @param {readonly string[]} args @returns {Promise<number>} the exit code */
async function run(name, args) {
  if (name === "doctor" && !args.includes("--model")) return doctor(args); // shows what is missing instead of making it
  checkNode();
  if (name === "setup") return setup(args);
  const command = commands[name];
  if (!command) {
    const known = Object.entries(commands).map(([key, { what }]) => `  npm run ${key.padEnd(9)} ${what}`);
    throw new SetupError(
      [
        `there is no command ${name ?? ""}`,
        ...known,
        "  npm run setup     makes everything now; --cpu, --gpu or --wasm choose",
      ].join("\n"),
    );
  }
  const argvs = command.argvs(args);
  const { computes } = command;
  const variables = await ensure(typeof computes === "function" ? computes(args) : computes);
  const paths = {
    ...variables,
    PATH: [variables.PATH, join(venvFolder, "bin")].filter(Boolean).join(delimiter),
  };
  const env = withVariables({ ...pythonEnvironment(), VIRTUAL_ENV: venvFolder }, paths);
  handOverSignals();
  for (const argv of argvs) {
    const code = await start(argv, env);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * Runs a program in the place of this one: its terminal, its signals, its exit code.
 * @param {readonly string[]} argv @param {NodeJS.ProcessEnv} env @returns {Promise<number>}
 */
function start([program, ...args], env) {
  const child = spawn(program, args, { cwd: projectRoot, env, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => {}); // the terminal sends it to the child as well, which decides
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code, signal) =>
      done(code ?? 128 + (signal === "SIGKILL" ? 9 : signal === "SIGINT" ? 2 : 15)),
    );
  });
}

/**
 * What to do about a file that cannot be made.
 * @param {NodeJS.ErrnoException} error
 */
function remedyFor({ code = "", path = "" }) {
  if (path.startsWith(cacheFolder()))
    return "\n  Name a folder of your own for what is fetched in KOMALAB_CACHE.";
  if (!["EACCES", "EPERM", "EROFS"].includes(code)) return "";
  return "\n  komalab is set up in its own folder: clone it into one that you may write.";
}

const [name, ...args] = process.argv.slice(2);
run(name, args).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(
      `${error instanceof SetupError || error.path ? `\nset-up: ${error.message}${remedyFor(error)}` : error.stack}\n`,
    );
    process.exitCode = 1;
  },
);
