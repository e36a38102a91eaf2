// @ts-check
"use strict";
/**
 * tslab's converter (cell → JavaScript, completion, inspection) with the faults of its TypeScript host repaired from outside:
 * strict options, imports resolved and watched without timers or directory watchers, and source maps.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { createRequire, isBuiltin } = Module;
const { createStore } = require("./store.cjs");
const { TypeScriptError } = require("./traces.cjs");
const { guardAwaits, expandShorthand, rewriteCell } = require("./rewrite.cjs");

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*base64,([\w+/=]+)\s*$/;
const OUT = "outDir"; // the name that tslab's converter gives to its output folder
const MODULE_PREFIX = "export {};\n"; // what tslab puts before the text of a cell

/**
 * The compiler of the kernel's cells.
 * @param {string} root the project's folder: every "./lib/..." starts there
 * @param {NodeRequire} load `require` of the project
 */
function createCompiler(root, load) {
  const store = createStore(root);
  const ts = writableCompiler(load, store);
  const cell = path.join(root, "__tslab__.ts");
  /** @type {Map<string, {fileName: string, text: string}>} sources that cells import, by the path of their output */
  const sources = new Map();
  /** @type {Map<string, object[]>} source maps of a cell's output, the last compilation step first */
  const maps = new Map();
  const watched = watchByTime(ts, root);
  const imports = resolver(ts, root);
  const checked = checker(ts, cell, store);

  const createHost = ts.createWatchCompilerHost;
  /** @type {(...args: any[]) => unknown} */
  ts.createWatchCompilerHost = (files, options, sys, ...rest) => {
    const project = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config?.compilerOptions ?? {};
    for (const name of ["strict", "noImplicitReturns", "noFallthroughCasesInSwitch"]) options[name] = project[name] ?? true;
    Object.assign(options, { types: ["node"], inlineSourceMap: true });
    const later = sys.setTimeout; // runs TypeScript's update when tslab asks; an exception must not leave it waiting
    sys.setTimeout = (/** @type {() => void} */ update) => later(() => checked.attempt(update));
    const { readFile } = sys;
    sys.readFile = (/** @type {string} */ file, /** @type {string} */ encoding) => withoutDocumentation(file, readFile(file, encoding));
    const host = createHost(files, options, sys, ...rest);
    host.createProgram = (/** @type {any[]} */ ...args) => {
      const builder = ts.createAbstractBuilder(...args); // the one that tslab asks for resolves every import of every package
      const program = builder.getProgram();
      ts.bindSourceFile(program.getSourceFile(cell), options); // tslab reads the cell's names before anything is checked
      const emit = builder.emit;
      builder.getAllDependencies = (/** @type {any} */ file) => sourcesOf(program, file).map(({ fileName }) => fileName);
      builder.emit = (/** @type {any} */ file, /** @type {any} */ write, /** @type {any[]} */ ...others) => {
        if (file.fileName === cell) {
          const expand = expandShorthand(ts, program.getTypeChecker(), path.join(root, "__prev__.d.ts"));
          return emit(file, write, undefined, undefined, { ...others[2], before: [expand] });
        }
        const output = file.fileName.replace(/\.[cm]?[jt]sx?$/, ".js");
        const text = fs.existsSync(file.fileName) ? file.text : file.text.slice(MODULE_PREFIX.length);
        sources.set(output, { fileName: file.fileName, text });
        write(path.join(OUT, path.relative(root, output)), ""); // transpiled when it is required
      };
      return builder;
    };
    return Object.assign(host, imports.hooks(sys, options, () => watched.takeDeleted()));
  };
  ts.getPreEmitDiagnosticsOfFiles = (/** @type {any} */ program, /** @type {any[]} */ files) => checked.diagnostics(program, files);

  const transpile = ts.transpileModule;
  /** @type {(text: string, options: any) => {outputText: string}} */
  ts.transpileModule = (text, options) => {
    const inline = INLINE_MAP.exec(text);
    if (text === "") return { outputText: "" };
    const result = transpile(inline ? text.slice(0, inline.index) : text, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: [guardAwaits(ts)] },
    });
    const outputText = result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
    const first = inline ? [JSON.parse(Buffer.from(inline[1], "base64").toString())] : [];
    maps.set(outputText, [JSON.parse(result.sourceMapText), ...first]);
    return { outputText };
  };

  /** @type {any} */
  let made;
  const converter = () => (made ??= load("tslab/dist/converter.js").createConverter({ isJS: false, isBrowser: false }));

  return {
    /** Makes TypeScript's program of an empty cell, which takes half a second. */
    warm: () => void converter(),

    /** @param {string} name @param {string} code @param {object} meta */
    addModule(name, code, meta) {
      const found = converter().addModule(name, code, meta);
      if (found.length > 0) throw new TypeScriptError(found.map((/** @type {any} */ d) => describe(d, `[module ${name}]`, 0)));
    },

    /**
     * Type-checks and compiles a cell.
     * @param {string} declarations of the cells before
     * @param {string} code of the cell
     * @param {string} name of the cell in messages
     * @throws TypeScriptError with every diagnostic
     */
    compile(declarations, code, name) {
      watched.poll();
      imports.forget();
      if (/\bdeclare\s+global\b/.test(code)) {
        throw new TypeScriptError([`${name}:1:1 - A cell cannot hold "declare global": put it into a file under lib/ and import that file.`]);
      }
      const { text, shift } = rewriteCell(ts, code);
      const result = checked.settle(() => converter().convert(declarations, text));
      if (result.diagnostics.length > 0) {
        const lines = text.split("\n").length; // what tslab adds after them is none of the user's business
        const own = result.diagnostics.filter((/** @type {any} */ d) => d.fileName || d.start.line < lines);
        throw new TypeScriptError((own.length > 0 ? own : result.diagnostics).map((/** @type {any} */ d) => describe(d, name, shift)));
      }
      const output = /** @type {string} */ (result.output ?? "");
      const cellMaps = maps.get(output) ?? [];
      maps.clear();
      imports.settled();
      return {
        output,
        maps: cellMaps,
        shift: shift + 1, // and tslab's own line
        declarations: /** @type {string} */ (result.declOutput ?? ""),
        isAsync: Boolean(result.hasToplevelAwait),
        last: /** @type {string | undefined} */ (result.lastExpressionVar),
        changed: /** @type {string[]} */ ((result.sideOutputs ?? []).map((/** @type {any} */ side) => side.path)),
      };
    },

    /**
     * A TypeScript source as a CommonJS module.
     * @param {string} fileName @param {string} text
     * @returns {{output: string, map: object}}
     */
    transpile: (fileName, text) =>
      store.recall(`${fileName}\n${text}`, () => {
        const { target, module } = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
        const compilerOptions = { target, module, esModuleInterop: true, experimentalDecorators: true, jsx: ts.JsxEmit.React };
        const { outputText } = ts.transpileModule(text, { fileName, compilerOptions });
        return { output: outputText, map: /** @type {object[]} */ (maps.get(outputText))[0] };
      }),

    sources,
    complete: (/** @type {string} */ before, /** @type {string} */ code, /** @type {number} */ at) => checked.settle(() => converter().complete(before, code, at)),
    inspect: (/** @type {string} */ before, /** @type {string} */ code, /** @type {number} */ at) => checked.settle(() => converter().inspect(before, code, at)),
    close() {
      made?.close();
      store.close();
    },
  };
}

/**
 * Loads the compiler. tslab is given a flat copy of its exports, which are getters that cannot be replaced.
 * @param {NodeRequire} load
 * @param {ReturnType<typeof createStore>} store
 */
function writableCompiler(load, store) {
  const file = load.resolve("@tslab/typescript-for-tslab");
  const module = new Module(file);
  const run = store.script(file, Module.wrap(fs.readFileSync(file, "utf8")));
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  module.exports = Object.fromEntries(Object.entries(module.exports));
  load.cache[file] = module;
  return /** @type {any} */ (module.exports);
}

/**
 * One line for a diagnostic, in the user's lines.
 * @param {any} diagnostic
 * @param {string} name of the cell
 * @param {number} shift lines put before it
 */
function describe({ fileName, start, messageText }, name, shift) {
  const place = fileName ? `${fileName}:${start.line + 1}` : `${name}:${start.line + 1 - shift}`;
  const above = /^Cannot find module '\.\.\//.test(messageText);
  const hint = above ? " Imports start at the project's folder, wherever the notebook is: write './lib/...'." : "";
  return `${place}:${start.character + 1} - ${messageText}${hint}`;
}

/**
 * File watching by comparing times when a cell runs: no timers, no descriptors, and an edit is seen by the very next cell.
 * @param {any} ts @param {string} root
 */
function watchByTime(ts, root) {
  /** @type {Map<string, {time: number, changed: (fileName: string, kind: number) => void}>} */
  const files = new Map();
  let deleted = false;
  const timeOf = (/** @type {string} */ file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  ts.sys.watchDirectory = () => ({ close() {} });
  ts.sys.watchFile = (/** @type {string} */ file, /** @type {any} */ changed) => {
    const isOurs = file.startsWith(root + path.sep) && !file.includes("node_modules");
    if (isOurs) files.set(file, { time: timeOf(file), changed });
    return { close: () => void files.delete(file) };
  };
  return {
    poll() {
      for (const [file, watch] of [...files]) {
        const time = timeOf(file);
        if (time === watch.time) continue;
        deleted ||= time === 0;
        const { Created, Changed, Deleted } = ts.FileWatcherEventKind;
        const kind = time === 0 ? Deleted : watch.time === 0 ? Created : Changed;
        watch.time = time;
        watch.changed(file, kind);
      }
    },
    takeDeleted() {
      const was = deleted;
      deleted = false;
      return was;
    },
  };
}

/**
 * Imports that are looked up anew as long as they fail, so that a missing file or package can be added while the kernel lives.
 * @param {any} ts @param {string} root
 */
function resolver(ts, root) {
  /** @type {Set<string>} */
  const failed = new Set();
  /** @type {Map<string, object>} resolved `types` of packages */
  const types = new Map();
  /** @type {any} */
  let cache;
  let lost = false;
  return {
    forget() {
      if (failed.size > 0) cache = undefined;
    },
    hooks: (/** @type {any} */ sys, /** @type {any} */ options, /** @type {() => boolean} */ takeDeleted) => ({
      hasInvalidatedResolutions: (/** @type {string} */ file) => {
        lost = takeDeleted() || lost;
        return failed.has(file) || (lost && !file.includes("node_modules"));
      },
      resolveModuleNameLiterals: (/** @type {any[]} */ literals, /** @type {string} */ file) => {
        cache ??= ts.createModuleResolutionCache(root, (/** @type {string} */ name) => name, options);
        // Node's own modules are declared, not found: looking for them would take longer than all others
        const found = literals.map(({ text }) => (isBuiltin(text) ? {} : ts.resolveModuleName(text, file, options, sys, cache)));
        if (!file.includes("node_modules")) {
          if (found.every((one, i) => one.resolvedModule || isBuiltin(literals[i].text))) failed.delete(file);
          else failed.add(file);
        }
        return found;
      },
      resolveTypeReferenceDirectiveReferences: (/** @type {any[]} */ references, /** @type {string} */ file) =>
        references.map((one) => {
          const name = one.fileName ?? one;
          const key = `${name} ${path.dirname(file)}`;
          const found = types.get(key) ?? ts.resolveTypeReferenceDirective(name, file, options, sys);
          types.set(key, found);
          return found;
        }),
    }),
    settled: () => {
      lost = false;
    },
  };
}

/**
 * Type checks of what is new only: the cell, and imported sources that were not yet found free of errors with just these imports.
 * @param {any} ts @param {string} cell @param {ReturnType<typeof createStore>} store
 */
function checker(ts, cell, store) {
  /** @type {unknown} */
  let crash;
  /** @param {any} program @param {any} file */
  const identity = (program, file) =>
    createHash("sha256").update(sourcesOf(program, file).map(({ fileName, version }) => `${fileName} ${version}`).sort().join("\n")).digest("hex");
  return {
    attempt(/** @type {() => void} */ update) {
      try {
        update();
      } catch (error) {
        crash = error;
      }
    },
    /** @template T @param {() => T} work @returns {T} */
    settle(work) {
      crash = undefined;
      const result = work();
      if (crash) throw crash;
      return result;
    },
    diagnostics(/** @type {any} */ program, /** @type {any[]} */ files) {
      const found = files.flatMap((file) => {
        const id = file.fileName === cell ? "" : identity(program, file);
        if (id && store.isClean(id)) return [];
        const syntax = program.getSyntacticDiagnostics(file);
        const own = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
        if (id && own.length === 0) store.addClean(id);
        return own.length > 0 || id ? own : program.getDeclarationDiagnostics(file);
      });
      return found.map((/** @type {any} */ d) => ({ ...d, messageText: ts.flattenDiagnosticMessageText(d.messageText, "\n  ") }));
    },
  };
}

/**
 * A project's source and all that it imports from the project.
 * @param {any} program
 * @param {any} first
 * @returns {any[]}
 */
function sourcesOf(program, first) {
  const found = new Set([first]);
  for (const file of found) {
    file.resolvedModules?.forEach((/** @type {any} */ module) => {
      const name = (module?.resolvedModule ?? module)?.resolvedFileName;
      const imported = name && !name.includes("/node_modules/") && program.getSourceFile(name);
      if (imported) found.add(imported);
    });
  }
  return [...found];
}

/**
 * Comments of the huge packages of types that every program has (Node, ECMAScript) are not parsed as documentation, which takes half
 * of the time of parsing them. Positions stay.
 * @param {string} file @param {string | undefined} text
 */
function withoutDocumentation(file, text) {
  return /node_modules\/(@types|@tslab|@webgpu|undici-types)\//.test(file) ? text?.replaceAll("/**", "/*-") : text;
}

module.exports = { createCompiler };
