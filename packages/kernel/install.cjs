// @ts-check
"use strict";
/**
 * Registers the kernel as `tslab` in a Python environment: node packages/kernel/install.cjs [.venv]. nbconvert,
 * JupyterLab and VS Code of that environment then find it in whatever folder they run. Paths are absolute,
 * because the environment is not committed.
 */
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
  return file;
}

module.exports = { installKernel };
if (require.main === module)
  console.log(installKernel(process.argv[2] ?? path.resolve(__dirname, "../../.venv")));
