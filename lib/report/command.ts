/** npm run report: runs notebooks and writes what they found as pages for a browser. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, writeBeside } from "../files";
import { execute, pythonPath } from "./execute";
import { formatMinutes, formatSize, renderIndex } from "./index-page";
import type { Entry } from "./index-page";
import { readNotebook, summarise } from "./notebook";
import { inject, resolveSettings } from "./parameters";
import { renderNotebook } from "./render";

const USAGE = `npm run report -- [options]

  --only 01,02        these notebooks, by number or name; otherwise all
  --set name=value    a setting for every selected notebook that knows it; may be repeated
  --full              the notebooks' own settings; otherwise their quick ones (metadata "komalab": {"quick": ...})
  --notebooks FOLDER  where the notebooks are (notebooks)
  --into FOLDER       where reports go (reports); each gets a folder named by its day
`;

/** The notebooks of a folder, `NN-name`, in order, that --only asks for. @throws Error naming what there is if one is not there */
export function selectNotebooks(folder: string, only: readonly string[]): string[] {
  const all = existsSync(folder) ? readdirSync(folder).filter((file) => /^\d.*\.ipynb$/.test(file)).map((file) => file.slice(0, -6)).sort() : [];
  const matches = (name: string, word: string): boolean => name === word.replace(/\.ipynb$/, "") || name.split("-")[0] === word;
  const missing = only.filter((word) => !all.some((name) => matches(name, word)));
  if (missing.length > 0 || all.length === 0)
    throw new Error([
      missing.length > 0 ? `--only ${missing.join(",")}: no such notebook` : "No notebook",
      ` in ${folder}. There are: ${all.join(", ") || "none"}`,
    ].join(""));
  return only.length === 0 ? all : all.filter((name) => only.some((word) => matches(name, word)));
}

/** Makes `folder/date`, or `folder/date-2` … if a report of this day exists: none is overwritten. */
function makeFolder(folder: string, date: string): string {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? date : `${date}-${number}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The day here, as 2026-11-22. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((number) => String(number).padStart(2, "0")).join("-");
}

/** The commit of the code, with a mark if files have been changed since; "" without git. */
function commit(): string {
  const { status, stdout } = spawnSync("git", ["describe", "--always", "--dirty= (changed)"], { cwd: projectRoot, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

/** Shows how a notebook goes: in a terminal one line that replaces itself, elsewhere a line for each cell. */
function progressLine(name: string): { readonly show: (line: string) => void; readonly end: (line: string) => void } {
  const { isTTY, columns = 80 } = process.stdout;
  let last = "";
  return {
    show(line) {
      const [cell] = line.split(" · ");
      if (isTTY) process.stdout.write(`\r\u001b[K${`${name}  ${line}`.slice(0, columns - 1)}`);
      else if (cell !== last) console.log(`${name}  ${line}`);
      last = cell!;
    },
    end: (line) => console.log(`${isTTY ? "\r\u001b[K" : ""}${name}  ${line}`),
  };
}

/**
 * Runs a report.
 * @param args the words of the command line
 * @param signal an abort stops the notebook that runs; what is finished is kept
 * @returns the exit code: 0 if every notebook ran to its end, 1 if one did not, 130 after an abort
 * @throws Error before anything runs if a notebook, a name or a value is wrong
 */
export async function report(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      set: { type: "string", multiple: true, default: [] },
      full: { type: "boolean", default: false },
      notebooks: { type: "string", default: join(projectRoot, "notebooks") },
      into: { type: "string", default: join(projectRoot, "reports") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const source = resolve(values.notebooks!);
  const names = selectNotebooks(source, values.only!.flatMap((words) => words.split(",")).map((word) => word.trim()).filter(Boolean));
  const requests = names.map((name) => ({ name, notebook: readNotebook(join(source, `${name}.ipynb`)) }));
  const settings = resolveSettings(requests, { quick: !values.full, set: values.set! });

  pythonPath();
  const date = today();
  const folder = makeFolder(resolve(values.into!), date);
  const about = { date, command: ["npm run report", ...(args.length > 0 ? ["--", ...args] : [])].join(" "), commit: commit() };
  let entries: readonly Entry[] = requests.map(({ name, notebook }, index) => ({
    name,
    state: "waiting",
    summary: { ...summarise(notebook, name), answer: undefined, figure: undefined }, // those of an earlier run are not this one's
    settings: settings[index]!,
  }));
  const update = (index: number, change: Partial<Entry>): void => {
    entries = entries.map((entry, other) => (other === index ? { ...entry, ...change } : entry));
    writeBeside(join(folder, "index.html"), renderIndex({ ...about, entries }));
  };

  for (const [index, { name, notebook }] of requests.entries()) {
    if (signal.aborted) {
      update(index, { state: "interrupted" });
      continue;
    }
    update(index, { state: "running" });
    const start = performance.now();
    const minutes = (): number => (performance.now() - start) / 60_000;
    const line = progressLine(name);
    const result = join(folder, `${name}.ipynb`);
    const prepared = join(folder, `.${name}.ipynb`);
    writeBeside(prepared, JSON.stringify(inject(notebook, settings[index]!)));
    const failure = await execute({
      notebook: prepared,
      result,
      folder: source,
      signal,
      onCell: ({ cell, cells, note }) => {
        const place = cell === 0 ? "starting" : `cell ${cell} of ${cells}`;
        line.show([place, formatMinutes(minutes()), ...(note ? [note] : [])].join(" · "));
      },
    });
    rmSync(prepared);
    const state = signal.aborted ? "interrupted" : failure ? "failed" : "ok";
    const executed = existsSync(result) ? readNotebook(result) : notebook;
    const facts = `${date} · ${formatMinutes(minutes())} · ${state}`;
    const html = renderNotebook(executed, { name, folder: source, settings: settings[index]!, failure, facts });
    writeBeside(join(folder, `${name}.html`), html);
    update(index, { state, minutes: minutes(), failure, size: Buffer.byteLength(html), summary: summarise(executed, name) });
    line.end(`${state}, ${formatMinutes(minutes())}${failure ? `: ${failure.ename}: ${failure.evalue}` : ""}`);
  }

  const files = ["index.html", ...names.flatMap((name) => [`${name}.html`, `${name}.ipynb`])].filter((file) => existsSync(join(folder, file)));
  console.log(files.map((file) => `  ${file}  ${formatSize(statSync(join(folder, file)).size)}`).join("\n"));
  console.log(`The report: ${relative(process.cwd(), join(folder, "index.html"))}`);
  return signal.aborted ? 130 : entries.some(({ state }) => state !== "ok") ? 1 : 0;
}

/** The command: errors of the settings are words, not a trace; Ctrl-C stops the notebook that runs. */
async function main(): Promise<void> {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => abort.abort());
  try {
    process.exitCode = await report(process.argv.slice(2), abort.signal);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}

if (require.main === module) void main();
