// @ts-check
"use strict";
/**
 * tslab's converter (cell → JavaScript, completion, inspection) with the faults of its TypeScript host
 * repaired from outside: strict options, imports resolved and watched without timers or directory watchers,
 * and source maps.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { moved } = require("./moved.cjs");
const { pathCandidates } = require("./paths.cjs");
const { projectFiles, sourcesOf, withoutDocumentation } = require("./imports.cjs");
const { createStore } = require("./store.cjs");
const { guardAwaits, keepNames, rewriteCell, shareNames } = require("./rewrite.cjs");
const { TypeScriptError } = require("./traces.cjs");

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,]*base64,([\w+/=]+)\s*$/;
const OUT = "outDir"; // the name that tslab's converter gives to its output folder
const MODULE_PREFIX = "export {};\n"; // what tslab puts before the text of a cell

/** What is told of a name, with the names of its tags, of which tslab shows @param alone. */
const named = (info) =>
  info && {
    ...info,
    tags: info.tags?.map((tag) =>
      tag.name === "param"
        ? tag
        : { ...tag, text: [{ kind: "text", text: `@${tag.name} ` }, ...(tag.text ?? [])] },
    ),
  };

/**
 * The compiler of the kernel's cells.
 * @param {string} root the project's folder: every "./lib/..." starts there
 * @param {NodeRequire} load `require` of the project
 * @param {() => void} checkpoint called again and again while types are read and checked; what it throws ends that
 */
function createCompiler(root, load, checkpoint = () => {}) {
  const store = createStore(root);
  const ts = writableCompiler(load, store);
  const cell = path.join(root, "__tslab__.ts");
  /**
   * @type {Map<string, {fileName: string, text: string}>} sources that cells import, by the path of their
   *   output
   */
  const sources = new Map();
  /** @type {Map<string, object[]>} source maps of a cell's output, the last compilation step first */
  const maps = new Map();
  const files = projectFiles(ts, root);
  const checked = checker(ts, cell, store, checkpoint);

  const createHost = ts.createWatchCompilerHost;
  /** @type {(...args: any[]) => unknown} */
  ts.createWatchCompilerHost = (roots, options, sys, ...rest) => {
    const project =
      ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config?.compilerOptions ?? {};
    for (const name of ["strict", "noImplicitReturns", "noFallthroughCasesInSwitch"])
      options[name] = project[name] ?? true;
    Object.assign(options, { types: ["node"], lib: ["lib.es2023.d.ts"], inlineSourceMap: true });
    const later = sys.setTimeout; // runs TypeScript's update when tslab asks; an exception must not leave it waiting
    sys.setTimeout = (update) => {
      const timer = later(() => checked.attempt(update));
      const { callback } = timer;
      return Object.assign(timer, { callback: () => checked.settle(callback) });
    };
    const { readFile } = sys;
    sys.readFile = (file, encoding) => withoutDocumentation(file, readFile(file, encoding));
    const host = createHost([...roots, path.join(__dirname, "es2023.d.ts")], options, sys, ...rest);
    /** A function of its own: nothing of a builder refers to the one before. */
    const adapt = (builder) => {
      const program = builder.getProgram();
      ts.bindSourceFile(program.getSourceFile(cell), options); // tslab reads the cell's names before anything is checked
      const emit = builder.emit;
      builder.getAllDependencies = (file) => sourcesOf(program, file).map(({ fileName }) => fileName);
      builder.emit = (file, write, ...others) => {
        if (file.fileName === cell) {
          const earlier = path.join(root, "__prev__.d.ts");
          const share = shareNames(ts, program.getTypeChecker(), earlier, MODULE_PREFIX.length);
          return emit(file, write, undefined, undefined, { ...others[2], before: [share] });
        }
        const output = file.fileName.replace(/\.[cm]?[jt]sx?$/, ".js");
        const text = fs.existsSync(file.fileName) ? file.text : file.text.slice(MODULE_PREFIX.length);
        sources.set(output, { fileName: file.fileName, text });
        write(path.join(OUT, path.relative(root, output)), ""); // transpiled when it is required
      };
      return builder;
    };
    host.createProgram = (...args) => {
      const [, , compilerHost, old] = args;
      // the builder that tslab asks for resolves every import of every package
      const builder = checked.create(compilerHost, old, () => ts.createAbstractBuilder(...args));
      return builder === old ? old : adapt(builder);
    };
    return Object.assign(host, files.resolution(sys, options));
  };
  ts.getPreEmitDiagnosticsOfFiles = checked.diagnostics;

  const transpile = ts.transpileModule;
  /** @type {(text: string, options: any) => {outputText: string}} */
  ts.transpileModule = (text, options) => {
    const inline = INLINE_MAP.exec(text);
    if (text === "") return { outputText: "" };
    const result = transpile(inline ? text.slice(0, inline.index) : text, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: [guardAwaits(ts)], after: inline ? [keepNames(ts)] : [] },
    });
    const outputText = result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
    const first = inline ? [JSON.parse(Buffer.from(inline[1], "base64").toString())] : [];
    maps.set(outputText, [JSON.parse(result.sourceMapText), ...first]);
    return { outputText };
  };

  /** @type {any} */
  let made;
  const converter = () =>
    (made ??= load("tslab/dist/converter.js").createConverter({ isJS: false, isBrowser: false }));

  return {
    /** Makes TypeScript's program of an empty cell, which takes half a second. */
    warm: () => void converter(),

    addModule(name, code, meta) {
      const found = converter().addModule(name, code, meta);
      if (found.length > 0)
        throw new TypeScriptError(found.map((d) => describe(root, d, `[module ${name}]`, 0)));
    },

    /**
     * Type-checks and compiles a cell.
     * @param {string} declarations of the cells before
     * @param {string} code of the cell
     * @param {string} name of the cell in messages
     * @throws TypeScriptError with every diagnostic
     */
    compile(declarations, code, name) {
      if (/\bdeclare\s+global\b/.test(code)) {
        throw new TypeScriptError([
          `${name}:1:1 - A cell cannot hold "declare global": put it into a file under lib/ and import that file.`,
        ]);
      }
      files.poll();
      const { text, shift } = rewriteCell(ts, code);
      const result = checked.settle(() => converter().convert(declarations, text));
      if (result.diagnostics.length > 0) {
        const lines = text.split("\n").length; // what tslab adds after them is none of the user's business
        const own = result.diagnostics.filter((d) => d.fileName || d.start.line < lines);
        throw new TypeScriptError(
          (own.length > 0 ? own : result.diagnostics).map((d) => describe(root, d, name, shift)),
        );
      }
      const output = /** @type {string} */ (result.output ?? "");
      const cellMaps = maps.get(output) ?? [];
      maps.clear();
      return {
        text,
        output,
        maps: cellMaps,
        shift: shift + 1, // and tslab's own line
        declarations: /** @type {string} */ (result.declOutput ?? ""),
        isAsync: Boolean(result.hasToplevelAwait),
        last: /** @type {string | undefined} */ (result.lastExpressionVar),
        changed: /** @type {string[]} */ ((result.sideOutputs ?? []).map((side) => side.path)),
      };
    },

    /** Whether code is a whole cell, wants more lines, or never becomes one. */
    completeness(code) {
      const file = ts.createSourceFile("cell.ts", MODULE_PREFIX + code, ts.ScriptTarget.ES2022);
      if (file.parseDiagnostics.length === 0) return "complete";
      const { Unterminated_template_literal, Asterisk_Slash_expected } = ts.Diagnostics;
      const open = [Unterminated_template_literal.code, Asterisk_Slash_expected.code];
      return file.parseDiagnostics.some((found) => open.includes(found.code)) ? "incomplete" : "invalid";
    },

    /**
     * The parts of a cell, the best first, that declare what it has declared after `done` of its characters.
     * @param {string} text @param {number} done
     */
    declaring(text, done) {
      const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ES2022, true);
      const begun = text.slice(0, done);
      const later = file.statements
        .filter(
          (s) =>
            s.pos >= done &&
            (ts.isFunctionDeclaration(s) || ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)),
        )
        .map((s) => s.getText(file));
      return [[begun, ...later].join("\n"), begun].filter((part) => part.trim() !== "");
    },

    /**
     * A TypeScript source as a CommonJS module.
     * @param {string} fileName @param {string} text
     * @returns {{output: string, map: object}}
     */
    transpile: (fileName, text) =>
      store.recall(`${fileName}\n${text}`, () => {
        const { target, module } = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
        const compilerOptions = {
          target,
          module,
          esModuleInterop: true,
          experimentalDecorators: true,
          jsx: ts.JsxEmit.React,
        };
        const { outputText } = ts.transpileModule(text, { fileName, compilerOptions });
        return { output: outputText, map: /** @type {object[]} */ (maps.get(outputText))[0] };
      }),

    sources,
    complete: (before, code, at) =>
      pathCandidates(code, at, root) ?? checked.settle(() => converter().complete(before, code, at)),
    inspect: (before, code, at) => named(checked.settle(() => converter().inspect(before, code, at))),
    close() {
      made?.close();
      store.close();
    },
  };
}

/**
 * Loads the compiler. tslab is given a flat copy of its exports, which are getters that cannot be replaced.
 * @param {ReturnType<typeof createStore>} store
 */
function writableCompiler(load, store) {
  const file = load.resolve("@tslab/typescript-for-tslab");
  const module = new Module(file);
  const run = store.script(file, Module.wrap(fs.readFileSync(file, "utf8")));
  run(module.exports, Module.createRequire(file), module, file, path.dirname(file));
  module.exports = Object.fromEntries(Object.entries(module.exports));
  module.loaded = true;
  load.cache[file] = module;
  return /** @type {any} */ (module.exports);
}

/**
 * One line for a diagnostic, in the user's lines.
 * @param {string} root the project's folder
 * @param {string} name of the cell
 * @param {number} shift lines put before it
 */
function describe(root, /** @type {any} */ { fileName, start, messageText }, name, shift) {
  const place = fileName ? `${fileName}:${start.line + 1}` : `${name}:${start.line + 1 - shift}`;
  const above = /^Cannot find module '\.\.\//.test(messageText);
  const hint = above
    ? " Imports start at the project's folder, wherever the notebook is: write './lib/...'."
    : moved(root, messageText);
  return `${place}:${start.character + 1} - ${messageText}${hint}`;
}

/**
 * Type checks of what is new only: the cell, and imported sources that were not yet found free of errors with
 * just these imports.
 * @param {any} ts @param {string} cell @param {ReturnType<typeof createStore>} store
 * @param {() => void} checkpoint called for each file that is read and again and again during a check; may throw
 */
function checker(ts, cell, store, checkpoint) {
  /** @type {unknown} */
  let crash;
  const cancellation = {
    isCancellationRequested: () => false,
    throwIfCancellationRequested() {
      try {
        checkpoint();
      } catch (error) {
        crash = error;
        throw new ts.OperationCanceledException(); // the only one after which TypeScript forgets half a check
      }
    },
  };
  const identity = (program, file) =>
    createHash("sha256")
      .update(
        sourcesOf(program, file)
          .map(({ fileName, version }) => `${fileName} ${version}`)
          .sort()
          .join("\n"),
      )
      .digest("hex");
  return {
    /**
     * Makes a program in place of the old one. After an interrupt no more files are read: what was read stays
     * read, but the program is whole no longer, and TypeScript keeps the old one.
     */
    create(host, old, make) {
      if (!old) return make();
      const { getSourceFile } = host;
      host.getSourceFile = (name, ...rest) => {
        try {
          if (!crash) checkpoint();
        } catch (error) {
          crash = error;
        }
        return crash && !old.getSourceFile(name) ? undefined : getSourceFile(name, ...rest);
      };
      try {
        const made = make();
        return crash ? old : made;
      } finally {
        host.getSourceFile = getSourceFile;
      }
    },
    attempt(update) {
      try {
        update();
      } catch (error) {
        crash = error;
      }
    },
    /** @template T @param {() => T} work @returns {T} */
    settle(work) {
      crash = undefined;
      try {
        const result = work();
        if (!crash) return result;
      } catch (error) {
        crash ??= error;
      }
      throw crash;
    },
    diagnostics(program, files) {
      const found = files.flatMap((file) => {
        const id = file.fileName === cell ? "" : identity(program, file);
        if (id && store.isClean(id)) return [];
        const syntax = program.getSyntacticDiagnostics(file, cancellation);
        const own = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file, cancellation);
        if (id && own.length === 0) store.addClean(id);
        return own.length > 0 || id ? own : program.getDeclarationDiagnostics(file);
      });
      return found.map((d) => ({
        ...d,
        messageText: ts.flattenDiagnosticMessageText(d.messageText, "\n  "),
      }));
    },
  };
}

module.exports = { createCompiler };
