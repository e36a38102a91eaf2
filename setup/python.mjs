// @ts-check
/** The Python side: .venv with what requirements.txt pins, and komalab's kernel registered in it. */
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPython, oldestPython, venvFolder, venvPython } from "./facts.mjs";
import { projectRoot, writeBeside } from "./files.cjs";
import { fingerprint, makeBeside, readJson } from "./files.mjs";
import { findProgram, must, SetupError, timed } from "./shell.mjs";

/**
 * The user's own Python settings must not leak into the project's environment; and where the locale is not
 * UTF-8 (ja_JP.eucJP) Python must still read the names of folders as they are.
 */
export function pythonEnvironment() {
  const { PYTHONHOME, PYTHONPATH, PIP_USER, PIP_TARGET, PIP_REQUIRE_VIRTUALENV, VIRTUAL_ENV, ...rest } =
    process.env;
  return {
    ...rest,
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
  };
}

const stampName = "komalab.json"; // written before the folder gets its name: a .venv without it was not finished

const requirements = join(projectRoot, "requirements.txt");

/** Scripts in .venv hold the project's path, so a moved project needs a new one. */
function venvKey() {
  return fingerprint(readFileSync(requirements), projectRoot);
}

/** @returns {boolean} */
export function venvIsCurrent() {
  return readJson(join(venvFolder, stampName))?.key === venvKey() && existsSync(venvPython);
}

/**
 * Makes .venv if it is absent or of other requirements; the finished folder is put in place in one step.
 * @returns {Promise<void>}
 */
export async function ensureVenv() {
  if (venvIsCurrent()) return;
  const python = await findPython();
  if (!python) {
    throw new SetupError(
      `Jupyter needs Python 3.${oldestPython} or newer, and none was found in PATH.\n` +
        "  Debian, Ubuntu: apt-get install python3 python3-venv; or name one in KOMALAB_PYTHON",
    );
  }
  const uv = findProgram("uv");
  const what = `JupyterLab into .venv (Python ${python.version}, ${uv ? "uv" : "pip"})`;
  await timed(what, () =>
    makeBeside(venvFolder, async (made) => {
      await (uv ? installWithUv(uv, python.path, made) : installWithPip(python.path, made));
      renameInside(made, venvFolder);
      writeFileSync(join(made, stampName), JSON.stringify({ key: venvKey(), python: python.version }));
    }),
  );
}

/** @param {string} uv @param {string} python @param {string} made */
async function installWithUv(uv, python, made) {
  const env = pythonEnvironment();
  await must(uv, ["venv", "--seed", "--no-python-downloads", "--python", python, made], { env });
  const target = ["--python", join(made, "bin", "python")];
  await must(uv, ["pip", "install", "--require-hashes", ...target, "-r", requirements], { env });
}

/** @param {string} python @param {string} made */
async function installWithPip(python, made) {
  const env = pythonEnvironment();
  await must(python, ["-m", "venv", made], { env }).catch((error) => {
    throw new SetupError(`${error.message}\n  On Debian and Ubuntu: apt-get install python3-venv`);
  });
  const pip = ["-m", "pip", "install", "-q", "--require-hashes", "-r", requirements];
  await must(join(made, "bin", "python"), pip, { env });
}

/**
 * Scripts of a virtual environment name its folder: gives them the name that the folder will have.
 * @param {string} made @param {string} final
 */
function renameInside(made, final) {
  const scripts = readdirSync(join(made, "bin")).map((name) => join(made, "bin", name));
  for (const path of [...scripts, join(made, "pyvenv.cfg")]) {
    if (!lstatSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    if (bytes.includes(made) && !bytes.includes(0))
      writeFileSync(path, bytes.toString("utf8").replaceAll(made, final));
  }
}

/** JupyterLab asks at its first start whether it may fetch news: not in this project. */
const labSettings = JSON.stringify({
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
});

/**
 * Registers the kernel `tslab` in .venv, for every way of starting Jupyter from it, and the project's
 * settings of JupyterLab.
 * @returns {Promise<void>}
 */
export async function ensureKernel() {
  const installer = join(projectRoot, "packages", "kernel", "install.cjs");
  const stamp = join(venvFolder, "komalab-kernel.json");
  if (!existsSync(installer)) return;
  const translator = readFileSync(join(installer, "..", "papermill.py"));
  const key = fingerprint(readFileSync(installer), translator, projectRoot, process.execPath, labSettings);
  if (readJson(stamp)?.key === key) return;
  await must(process.execPath, [installer, venvFolder], { cwd: projectRoot });
  writeBeside(join(venvFolder, "share", "jupyter", "lab", "settings", "overrides.json"), labSettings);
  writeBeside(stamp, JSON.stringify({ key }));
}
