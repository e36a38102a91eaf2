// @ts-check
"use strict";
/**
 * Registers the kernel as `tslab` in a Python environment: node packages/kernel/install.cjs [.venv]. nbconvert,
 * JupyterLab and VS Code of that environment then find it in whatever folder they run. Paths are absolute,
 * because the environment is not committed. papermill.py goes in as a Python package of its own.
 */
const fs = require("node:fs");
const path = require("node:path");
const { writeBeside } = require("../../setup/files.cjs");

/**
 * @param {string} environment folder of the virtual environment
 * @returns {string} the path of kernel.json
 */
function installKernel(environment) {
  const folder = path.join(path.resolve(environment), "share/jupyter/kernels/tslab");
  const options = ["--no-force-async-hooks-checks", "--max-semi-space-size=64"]; // the second: TypeScript's garbage is short-lived
  const argv = [process.execPath, ...options, path.join(__dirname, "launcher.cjs"), "{connection_file}"];
  const spec = {
    argv,
    display_name: "TypeScript (komalab)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: {},
  };
  const file = path.join(folder, "kernel.json");
  writeBeside(file, `${JSON.stringify(spec, undefined, 2)}\n`);
  installTranslator(environment);
  return file;
}

/** @param {string} environment */
function installTranslator(environment) {
  const library = path.join(environment, "lib");
  if (!fs.existsSync(library)) return;
  const module = "komalab_papermill";
  const made = {
    [`${module}.py`]: fs.readFileSync(path.join(__dirname, "papermill.py"), "utf8"),
    [`${module}-1.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${module}\nVersion: 1\n`,
    [`${module}-1.dist-info/entry_points.txt`]: `[papermill.engine]\nkomalab = ${module}:Engine\n`,
  };
  for (const python of fs.readdirSync(library).filter((name) => name.startsWith("python3"))) {
    for (const [name, text] of Object.entries(made))
      writeBeside(path.join(library, python, "site-packages", name), text);
  }
}

module.exports = { installKernel };
if (require.main === module)
  console.log(installKernel(process.argv[2] ?? path.resolve(__dirname, "../../.venv")));
