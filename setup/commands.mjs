// @ts-check
/** What each npm script needs, and what it starts. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { venvFolder } from "./facts.mjs";
import { projectRoot } from "./files.cjs";
import { SetupError } from "./shell.mjs";

/**
 * @typedef {object} Command
 * @property {boolean | ((args: readonly string[]) => boolean)} computes needs TensorFlow and Jupyter besides
 *   the Node packages
 * @property {(args: readonly string[]) => readonly (readonly string[])[]} argvs programs with their
 *   arguments, run one after the other
 * @property {string} what for the list of commands
 */

const node = process.execPath;
const jupyter = join(venvFolder, "bin", "jupyter");

/**
 * A TypeScript program of the project.
 * @param {string} path @returns {Command["argvs"]}
 */
const program = (path) => (args) => [[node, "--import", "tsx", path, ...args]];

/** @type {Readonly<Record<string, Command>>} */
export const commands = {
  report: {
    computes: true,
    argvs: program("packages/report/command.ts"),
    what: "runs the notebooks and writes reports/<date>/index.html",
  },
  lab: { computes: true, argvs: lab, what: "opens JupyterLab on the notebooks" },
  test: {
    computes: true,
    argvs: test,
    what: "runs the tests: all, or those under the paths given; --golden writes test/golden anew",
  },
  check: {
    computes: false,
    argvs: program("packages/notebook/check.ts"),
    what: "checks format, lint and types of all code, the cells of the notebooks",
  },
  bench: {
    computes: true,
    argvs: program("bench/run.ts"),
    what: "measures komalab and PyTorch in turn: all rows, or those after --only",
  },
  fuzz: {
    computes: true,
    argvs: program("test/fuzz/command.ts"),
    what: "reads damaged files with every reader, by hand",
  },
  soak: {
    computes: true,
    argvs: program("test/soak/command.ts"),
    what: "kills runs, fills the disk and fakes hosts, for an hour, by hand",
  },
  runs: {
    computes: (args) => args.includes("verify"),
    argvs: program("packages/cluster/runs-command.ts"),
    what: "lists, compares, packs, verifies and removes stored runs",
  },
  sweep: {
    computes: true,
    argvs: program("packages/cluster/sweep-command.ts"),
    what: "carries out a plan of runs, here or as a Slurm array job",
  },
  doctor: {
    computes: true,
    argvs: program("packages/model-check/command.ts"),
    what: "shows what is installed and what is missing; --model NAME compares a model with Python's transformers",
  },
  pretrain: {
    computes: true,
    argvs: program("packages/pre-training/command.ts"),
    what: "trains the built-in model",
  },
};

/** @param {readonly string[]} args */
function lab(args) {
  const root = process.getuid?.() === 0 ? ["--allow-root"] : []; // containers: Jupyter refuses root otherwise
  return [
    [
      jupyter,
      "lab",
      `--ServerApp.root_dir=${projectRoot}`,
      "--LabApp.default_url=/lab/tree/notebooks",
      "--MultiKernelManager.default_kernel_name=tslab",
      ...root,
      ...args,
    ],
  ];
}

const GOLDEN = "test/golden";

/**
 * Node 20's runner expands no patterns, so the files are listed here.
 * @param {readonly string[]} args paths to choose from, options of the runner, and --golden, which runs
 *   test/golden alone and lets it write its files anew
 */
function test(args) {
  const golden = args.includes("--golden");
  if (golden) process.env.KOMALAB_GOLDEN = "write"; // handed on to the tests
  const options = args.filter((arg) => arg.startsWith("-") && arg !== "--golden");
  const paths = args.filter((arg) => !arg.startsWith("-"));
  if (golden && paths.length > 0)
    throw new SetupError(`--golden writes all of ${GOLDEN}: leave out ${paths.join(" ")}`);
  const chosen = (golden ? [GOLDEN] : paths).map((arg) => relative(projectRoot, join(projectRoot, arg)));
  const isUnder = (/** @type {string} */ file, /** @type {string} */ path) =>
    file === path || file.startsWith(`${path}/`);
  const all = ["test", "packages"].flatMap((folder) => testFiles(join(projectRoot, folder)));
  const missing = chosen.filter((path) => !all.some((file) => isUnder(file, path)));
  if (missing.length > 0)
    throw new SetupError(`there is no file *.test.ts of test or packages under ${missing.join(" ")}`);
  const files = all.filter((file) => chosen.length === 0 || chosen.some((path) => isUnder(file, path)));
  return [
    [
      node,
      "--import",
      "tsx",
      "--test",
      "--test-concurrency=2",
      "--test-timeout=480000",
      "--test-reporter=spec",
      ...options,
      ...files,
    ],
  ];
}

/** @param {string} folder @returns {string[]} relative to the project */
function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith(".test.ts") ? [relative(projectRoot, path)] : [];
  });
}
