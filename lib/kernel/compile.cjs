// @ts-check
"use strict";
/**
 * tslab's converter (cell → JavaScript, completion, inspection) with the faults of its TypeScript host repaired from outside:
 * strict options, imports resolved and watched without timers or directory watchers, and source maps.
 */
const fs = require("node:fs");
const path = require("node:path");
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
  const ts = writableCompiler(load);
  const cell = path.join(root, "__tslab__.ts");
  /** @type {Map<string, {fileName: string, text: string}>} sources that cells import, by the path of their output */
  const sources = new Map();
  /** @type {Map<string, object[]>} source maps of a cell's output, the last compilation step first */
  const maps = new Map();
  const watched = watchByTime(ts, root);
  const imports = resolver(ts, root);
  const checked = checker(ts, cell, imports);

  const createHost = ts.createWatchCompilerHost;
  /** @type {(...args: any[]) => unknown} */
  ts.createWatchCompilerHost = (files, options, sys, ...rest) => {
    const project = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config?.compilerOptions ?? {};
    for (const name of ["strict", "noImplicitReturns", "noFallthroughCasesInSwitch"]) options[name] = project[name] ?? true;
    Object.assign(options, { types: ["node"], inlineSourceMap: true });
    const later = sys.setTimeout; // runs TypeScript's update when tslab asks; an exception must not leave it waiting
    sys.setTimeout = (/** @type {() => void} */ update) => later(() => checked.attempt(update));
    const host = createHost(files, options, sys, ...rest);
    const createProgram = host.createProgram;
    host.createProgram = (/** @type {any[]} */ ...args) => {
      const builder = createProgram(...args);
      checked.builder = builder;
      const emit = builder.emit;
      builder.emit = (/** @type {any} */ file, /** @type {any} */ write, /** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c) => {
        if (file.fileName === cell) {
          return emit(file, write, a, b, { ...c, before: [expandShorthand(ts, builder.getProgram().getTypeChecker(), path.join(root, "__prev__.d.ts"))] });
        }
        const output = path.join(root, path.relative(root, file.fileName)).replace(/\.[cm]?[jt]sx?$/, ".js");
        const onDisk = fs.existsSync(file.fileName);
        sources.set(output, { fileName: file.fileName, text: onDisk ? file.text : file.text.slice(MODULE_PREFIX.length) });
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
      if (found.length > 0) throw new TypeScriptError(found.map((/** @type {any} */ d) => describe(d, 0)));
    },

    /**
     * Type-checks and compiles a cell.
     * @param {string} declarations of the cells before
     * @param {string} code of the cell
     * @throws TypeScriptError with every diagnostic
     */
    compile(declarations, code) {
      watched.poll();
      imports.forget();
      const { text, shift } = rewriteCell(ts, code);
      const result = checked.settle(() => converter().convert(declarations, text));
      if (result.diagnostics.length > 0) {
        throw new TypeScriptError(result.diagnostics.map((/** @type {any} */ d) => describe(d, shift)));
      }
      const output = /** @type {string} */ (result.output ?? "");
      const cellMaps = maps.get(output) ?? [];
      maps.clear();
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
     */
    transpile(fileName, text) {
      const { target, module } = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
      const compilerOptions = { target, module, esModuleInterop: true, experimentalDecorators: true, jsx: ts.JsxEmit.React };
      const { outputText } = ts.transpileModule(text, { fileName, compilerOptions });
      const [map] = /** @type {object[]} */ (maps.get(outputText));
      return { output: outputText, map };
    },

    sources,
    complete: (/** @type {string} */ before, /** @type {string} */ code, /** @type {number} */ at) => checked.settle(() => converter().complete(before, code, at)),
    inspect: (/** @type {string} */ before, /** @type {string} */ code, /** @type {number} */ at) => checked.settle(() => converter().inspect(before, code, at)),
    close: () => made?.close(),
  };
}

/** The exports of the compiler bundle are getters that cannot be replaced: tslab is given a flat copy. @param {NodeRequire} load */
function writableCompiler(load) {
  const file = load.resolve("@tslab/typescript-for-tslab");
  /** @type {any} */
  const copy = Object.fromEntries(Object.entries(load(file)));
  /** @type {NodeModule} */ (load.cache[file]).exports = copy;
  return copy;
}

/** One line for a diagnostic, in the user's lines. @param {any} diagnostic @param {number} shift lines put before the cell */
function describe({ fileName, start, messageText }, shift) {
  const place = fileName ? `${fileName} ${start.line + 1}` : `${start.line + 1 - shift}`;
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
  /** @type {any} */
  let cache;
  let lost = false;
  return {
    forget() {
      if (failed.size > 0) cache = undefined;
    },
    lost: () => lost,
    hooks: (/** @type {any} */ sys, /** @type {any} */ options, /** @type {() => boolean} */ takeDeleted) => ({
      hasInvalidatedResolutions: (/** @type {string} */ file) => {
        lost = takeDeleted() || lost;
        return failed.has(file) || (lost && !file.includes("node_modules"));
      },
      resolveModuleNameLiterals: (/** @type {any[]} */ literals, /** @type {string} */ file) => {
        cache ??= ts.createModuleResolutionCache(root, (/** @type {string} */ name) => name, options);
        const found = literals.map(({ text }) => ts.resolveModuleName(text, file, options, sys, cache));
        if (!file.includes("node_modules")) {
          if (found.every((one) => one.resolvedModule)) failed.delete(file);
          else failed.add(file);
        }
        return found;
      },
    }),
    settled: () => {
      lost = false;
    },
  };
}

/**
 * Type checks of what is new only: the cell, and imported sources that changed or whose imports changed.
 * @param {any} ts @param {string} cell @param {{settled: () => void, lost: () => boolean}} imports
 */
function checker(ts, cell, imports) {
  /** @type {Map<string, string>} versions of the sources that are free of errors */
  const clean = new Map();
  /** @type {unknown} */
  let crash;
  const self = {
    /** @type {any} */
    builder: undefined,
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
      imports.settled();
      if (crash) throw crash;
      return result;
    },
    diagnostics(/** @type {any} */ program, /** @type {any[]} */ files) {
      const others = files.filter(({ fileName }) => fileName !== cell);
      if (imports.lost() || others.some((file) => (clean.get(file.fileName) ?? file.version) !== file.version)) clean.clear();
      const found = files.flatMap((file) => {
        if (clean.has(file.fileName)) return [];
        const syntax = program.getSyntacticDiagnostics(file);
        const own = syntax.length > 0 ? syntax : [...program.getSemanticDiagnostics(file)];
        if (file.fileName !== cell) {
          if (own.length === 0) clean.set(file.fileName, file.version);
          return own;
        }
        return own.length > 0 ? own : program.getDeclarationDiagnostics(file);
      });
      const seen = new Set();
      return found
        .filter((/** @type {any} */ d) => d.file && !seen.has(`${d.file.fileName} ${d.start} ${d.code}`) && seen.add(`${d.file.fileName} ${d.start} ${d.code}`))
        .map((/** @type {any} */ d) => ({ ...d, messageText: ts.flattenDiagnosticMessageText(d.messageText, "\n  ") }));
    },
  };
  return self;
}

module.exports = { createCompiler };
