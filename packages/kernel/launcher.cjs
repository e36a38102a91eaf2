// @ts-check
"use strict";
/**
 * The kernel: node --no-force-async-hooks-checks packages/kernel/launcher.cjs CONNECTION_FILE (kernel.json is
 * written by install.cjs). It runs tslab, unmodified, with its faults repaired from outside. (The option:
 * terminating user code in a timer leaves Node's bookkeeping of asynchronous ids uneven, which Node would
 * answer with its own end.)
 *
 * Environment: KOMALAB_KERNEL_ERRORS names a file that gets what failed after the last cell had answered (the
 * exit status is then 1); KOMALAB_NOTEBOOK_FOLDER is set to the folder in which Jupyter started the kernel.
 */
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const TSLAB = "1.0.22";
const root = path.resolve(__dirname, "../..");
const connection = path.resolve(process.argv[2] ?? "");
const exit = process.exit.bind(process);

process.env.KOMALAB_NOTEBOOK_FOLDER = process.cwd();
process.chdir(root); // "./lib/..." in every notebook

const load = createRequire(path.join(root, "package.json"));
const { version } = load("tslab/package.json");
if (version !== TSLAB || !fs.statSync(connection, { throwIfNoEntry: false })?.isFile()) {
  console.error(
    version === TSLAB
      ? `${connection}: no such connection file. Usage: node packages/kernel/launcher.cjs CONNECTION_FILE`
      : `node_modules/tslab is version ${version}; the kernel repairs the internals of ${TSLAB} only. Run: npm install --save-exact tslab@${TSLAB}`,
  );
  exit(1);
}

const { createCells } = require("./cells.cjs");
const { createCompiler } = require("./compile.cjs");
const interrupt = require("./interrupt.cjs");
const { loadLazily } = require("./lazy.cjs");
const { createModules } = require("./modules.cjs");
const { createOutput } = require("./output.cjs");
const { serverClass } = require("./protocol.cjs");
const traces = require("./traces.cjs");

const compiler = createCompiler(root, load, interrupt.checkpoint);
const modules = createModules(root, compiler, load);
const jupyter = load("tslab/dist/jupyter.js");
const cells = createCells(compiler, modules, load("tslab/dist/metadata.js").getCodeMetadata);
const output = createOutput();
const handler = new jupyter.JupyterHandlerImpl(cells, false);
/** @type {any} */
const Server = serverClass(jupyter.ZmqServer, cells, output, exit);

traces.install(root);
loadLazily();
output.start();
interrupt.listen();
interrupt.publish();
jupyter.lastWriteDisplayData = output.display; // tslab.display
Object.defineProperty(globalThis, Symbol.for("komalab.display"), {
  value: Object.assign(output.display, { clear: output.clear }),
  configurable: true,
});
process.exit = (code) => {
  throw new Error(
    `process.exit(${code ?? ""}) would end the kernel and lose every variable: throw an error instead, or restart the kernel`,
  );
};

const parent = process.ppid;
setInterval(() => process.ppid === parent || exit(0), 2000).unref(); // Jupyter has died
new Server(handler, connection).init().then(compiler.warm, (error) => {
  console.error(`${connection}: the kernel cannot listen where it says (${error.message}). Start it again.`);
  exit(1);
});
