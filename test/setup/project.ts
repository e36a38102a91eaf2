/**
 * A small project with set-up's real code and faked npm, Python and compiler, in a folder whose name has a
 * space and kanji: set-up can be interrupted and doubled without a network.
 */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { projectRoot } from "../../lib/support/files";

/** `npm ci` as npm does it: everything away, slowly everything anew, its own record last. */
const npm = `
const { mkdirSync, rmSync, copyFileSync, appendFileSync } = require("node:fs");
if (process.argv[2] === "--version") {
  console.log("10.0.0");
  process.exit();
}
appendFileSync("calls.txt", "npm\\n");
rmSync("node_modules", { recursive: true, force: true });
mkdirSync("node_modules/a", { recursive: true });
const finish = () => copyFileSync("package-lock.json", "node_modules/.package-lock.json");
setTimeout(finish, Number(process.env.FAKE_DELAY ?? 0));
`;

/** A Python that makes an environment slowly and fetches a wheel of a wrong hash. */
const python = `
const { mkdirSync, copyFileSync, appendFileSync, writeFileSync, chmodSync } = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "-c") console.log("3.11.2");
else if (args[1] === "venv") {
  appendFileSync(process.env.FAKE_CALLS, "venv\\n");
  mkdirSync(args[2] + "/bin", { recursive: true });
  copyFileSync(process.argv[1], args[2] + "/bin/python");
  chmodSync(args[2] + "/bin/python", 0o755);
  writeFileSync(args[2] + "/bin/jupyter", "#!" + args[2] + "/bin/python\\n");
  writeFileSync(args[2] + "/pyvenv.cfg", "command = python3 -m venv " + args[2] + "\\n");
} else if (args[2] === "install") setTimeout(() => {}, Number(process.env.FAKE_DELAY ?? 0));
else if (args[2] === "download") {
  appendFileSync(process.env.FAKE_CALLS, "download\\n");
  writeFileSync(args[args.indexOf("-d") + 1] + "/tensorflow.whl", "damaged");
}
`;

export interface Ending {
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
  readonly seconds: number;
}

export interface Project {
  readonly root: string;
  /** Starts an npm script's command; `delay` (ms) is how long each faked download takes. */
  start(args: readonly string[], delay?: number): { readonly pid: number; readonly ending: Promise<Ending> };
  /** The faked programs that were called, in order. */
  calls(): readonly string[];
  /** Everything with a temporary name or a lock, wherever it lies. */
  leftovers(): readonly string[];
}

/** @param programs faked programs besides npm and python3, by name: their JavaScript */
export function fakeProject(t: TestContext, programs: Readonly<Record<string, string>> = {}): Project {
  const root = mkdtempSync(join(tmpdir(), "研究 室-"));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  cpSync(join(projectRoot, "setup"), join(root, "setup"), { recursive: true });
  writeFileSync(join(root, "package.json"), readFileSync(join(projectRoot, "package.json")));
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({ packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } }),
  );
  writeFileSync(join(root, "requirements.txt"), "jupyterlab==4.6.6\n");
  mkdirSync(join(root, "bin"));
  for (const [name, script] of Object.entries({ npm, python3: python, ...programs })) {
    writeFileSync(join(root, "bin", name), `#!${process.execPath}\n${script}`, { mode: 0o755 });
  }
  const callsPath = join(root, "calls.txt");
  const env = {
    HOME: root,
    PATH: join(root, "bin"),
    KOMALAB_CACHE: join(root, "cache"),
    FAKE_CALLS: callsPath,
  };
  return {
    root,
    start(args, delay = 0) {
      const begin = Date.now();
      const child = spawn(process.execPath, [join(root, "setup", "run.mjs"), ...args], {
        cwd: root,
        env: { ...env, FAKE_DELAY: String(delay) },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text) => (output += String(text)));
      const ending = new Promise<Ending>((done) =>
        child.on("close", (code) => done({ code, output, seconds: (Date.now() - begin) / 1000 })),
      );
      return { pid: Number(child.pid), ending };
    },
    calls: () => (existsSync(callsPath) ? readFileSync(callsPath, "utf8").trim().split("\n") : []),
    leftovers: () =>
      readdirSync(root, { recursive: true })
        .map(String)
        .filter((path) => /\.tmp$|\.tmp\/|lock$|\.breaker$/.test(path) && !path.startsWith("setup")),
  };
}
