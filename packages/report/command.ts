/** npm run report: runs notebooks and writes what they found as pages for a browser. */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { git } from "../../lib/experiment/environment";
import type { StoredAnswer } from "../../lib/show/answer";
import { plural } from "../../lib/show/numbers";
import { projectRoot, writeBeside } from "../../lib/support/files";
import { listed } from "../../lib/support/listed";
import { complain, printable } from "../../lib/support/printable";
import { madeWithNow } from "../../lib/versions";
import {
  cellsHash,
  type Notebook,
  pythonPath,
  type Request,
  type Resolved,
  readNotebook,
  summarise,
} from "../notebook";
import { namesItsLines, notebookPart, renderPage, withoutFolders, withoutLines, withoutWords } from "../page";
import { type Ran, recordOf, withWords } from "../weekly";
import { committedAs } from "./committed";
import { writeDemo } from "./demo";
import { withOutputs } from "./executed";
import { formatOptions, type Shown, writeFormats } from "./formats";
import type { Entry } from "./index-page";
import { demoFile, formatMinutes, formatSize, indexPart, renderIndex } from "./index-page";
import { decideSettings } from "./look";
import { beside, type Done, run } from "./run";
import { ReportClock } from "./time-left";
import { prepareWeekly } from "./weekly";

const USAGE = `npm run report -- [options]

  --only 01,02        these notebooks, by number or name; otherwise all
  --set name=value    a setting for every selected notebook that knows it; may be repeated
  --full              executes the notebooks with their own settings
  --quick             executes them with their quick ones (metadata "komalab": {"quick": ...}), as --set does
                      without --full; by default a notebook is shown as it is committed, if it still holds
  --fresh             executes every notebook and trains every run again; otherwise what is unchanged is re-used
  --weekly            adds weekly.html (進捗報告): what changed since the last weekly report, your comments, plans, references
  --since DATE        compares with the report of that day, or with the one that is named so, instead
  --english           pages open in English, of whose two buttons one leads to Japanese; what is printed is in English
  --comments FILE     your own words for it, as Markdown (weekly/weekly.md, begun where there is none); references.bib beside it
  --mail              report-mail.html: index, pages and live charts in one file that opens alone
  --pdf               report.pdf: A4, with bookmarks; --docx, --pptx (one slide an answer), --latex: through pandoc
  --demo              NN-name-demo.html: the fine-tuned model as one page to be tried, offline; of the notebooks that --only
                      names, else of those whose metadata say "komalab": {"demo": true} (01, 02)
  --private           leaves all lines of the data out of pages and notebooks (of one notebook: metadata "komalab": {"private": true});
                      --demo beside it makes demos with komalab's own examples, whole dictionary and vocabulary
  --notebooks FOLDER  where the notebooks are (notebooks)
  --into FOLDER       where reports go (reports); each gets a folder named by its day
`;

/**
 * The notebooks of a folder, `NN-name`, in order, that --only asks for.
 * @throws Error naming what there is if one is not there
 */
export function selectNotebooks(folder: string, only: readonly string[]): string[] {
  const all = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => /^\d.*\.ipynb$/.test(file))
        .map((file) => file.slice(0, -6))
        .sort()
    : [];
  const matches = (name: string, word: string): boolean =>
    name === word.replace(/\.ipynb$/, "") || name.split("-")[0] === word;
  const missing = only.filter((word) => !all.some((name) => matches(name, word)));
  if (missing.length > 0 || all.length === 0)
    throw new Error(
      [
        missing.length > 0 ? `--only ${missing.join(",")}: no such notebook` : "No notebook",
        ` in ${folder}. There are: ${all.join(", ") || "none"}`,
      ].join(""),
    );
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

const padded = (numbers: readonly number[], mark: string): string =>
  numbers.map((number) => String(number).padStart(2, "0")).join(mark);

/** The day here, as 2026-11-22. */
const dayOf = (time: Date): string => padded([time.getFullYear(), time.getMonth() + 1, time.getDate()], "-");

/** A word of a command, as it may be typed again. */
const quoted = (word: string): string =>
  /^[\p{L}\p{N}_./:=,+@%-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The minute here, as 2026-11-22 12:03. */
const minuteOf = (time: Date): string =>
  `${dayOf(time)} ${padded([time.getHours(), time.getMinutes()], ":")}`;

const SILENCE_MS = 30_000;

/**
 * Shows how a notebook goes: in a terminal one line that replaces itself, elsewhere a line for each cell, and
 * at least every half a minute.
 */
function progressLine(
  name: string,
  left: () => string,
): {
  readonly show: (line: string) => void;
  readonly end: (line: string) => void;
} {
  const { isTTY, columns = 80 } = process.stdout;
  let last = "",
    said = 0;
  return {
    show(told) {
      const line = printable(told) + left(),
        [cell] = line.split(" · ");
      if (isTTY) process.stdout.write(`\r\u001b[K${`${name}  ${line}`.slice(0, columns - 1)}`);
      else if (cell !== last || performance.now() - said > SILENCE_MS) {
        console.log(`${name}  ${line}`);
        said = performance.now();
      }
      last = cell!;
    },
    end: (line) => console.log(`${isTTY ? "\r\u001b[K" : ""}${name}  ${printable(line)}`),
  };
}

/** A notebook of a report; `committed`, when it was executed so, if it is shown as it is. */
interface Task extends Request {
  readonly settings: readonly Resolved[];
  readonly always: boolean;
  readonly isPrivate: boolean;
  /** Whether its model is wanted as a page. */
  readonly demo: boolean;
  readonly committed?: Date;
}

/** What a notebook may take beside others, so that fourteen of them take six minutes. */
const SHARE_MINUTES = 25 / 60;

/** How long all took, and which of them took more than their share. */
function minutesInWords(ran: readonly Ran[]): string {
  const total = ran.reduce((sum, { minutes, reused }) => sum + (reused ? 0 : minutes), 0),
    long = ran.filter(({ minutes, reused }) => !reused && minutes > SHARE_MINUTES);
  const named = long.map(({ name, minutes }) => `${name} ${formatMinutes(minutes)}`);
  return `${formatMinutes(total)} in all${named.length > 0 ? `; more than 25 s: ${named.join(", ")}` : ""}`;
}

interface Way {
  readonly way: string;
  readonly supposed?: number;
  readonly runs?: number;
}

/** How a notebook is made, and with its own settings how long that took in all where it is committed. */
function wayOf({ name, notebook, settings, committed }: Task, full: boolean): Way {
  if (committed) return { way: `${name}, as committed` };
  if (!full || settings.length > 0) return { way: `${name}, with other settings` };
  const { minutes, runs } = (summarise(notebook, name).answer as StoredAnswer | undefined)?.origin ?? {};
  const supposed = typeof minutes === "number" ? minutes / 2 : undefined; // two runs side by side
  return { way: `${name}, with its own settings`, supposed, runs };
}

/**
 * Runs a report.
 * @param args the words of the command line
 * @param signal an abort stops the notebook that runs; what is finished is kept
 * @returns the exit code: 0 if every notebook ran to its end, 1 if one did not, 130 after an abort
 * @throws Error before anything runs if a notebook, a name or a value is wrong
 */
async function report(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      set: { type: "string", multiple: true, default: [] },
      full: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      private: { type: "boolean", default: false },
      weekly: { type: "boolean", default: false },
      since: { type: "string" },
      english: { type: "boolean", default: false },
      demo: { type: "boolean", default: false },
      ...formatOptions,
      comments: { type: "string", default: join(projectRoot, "weekly", "weekly.md") },
      notebooks: { type: "string", default: join(projectRoot, "notebooks") },
      into: { type: "string", default: join(projectRoot, "reports") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const language = values.english ? "en" : "ja";
  const [source, into] = [resolve(values.notebooks!), resolve(values.into!)];
  const only = values.only!.flatMap((words) => words.split(",")).map((word) => word.trim());
  const requests = selectNotebooks(source, only.filter(Boolean)).map((name) => ({
    name,
    notebook: readNotebook(join(source, `${name}.ipynb`)),
  }));
  const isWeekly = values.weekly! || values.since !== undefined;
  const week = isWeekly
    ? prepareWeekly({ into, since: values.since, comments: resolve(values.comments!) })
    : undefined;
  const decided = await decideSettings(requests, { quick: !values.full, set: values.set! });
  const asCommitted = !values.full && !values.quick && !values.fresh;
  const tasks = requests.map((request, i): Task => {
    const { quick, always = false } = request.notebook.metadata.komalab ?? {};
    const settings = decided[i]!.map((one) =>
      values.fresh && one.name === "fresh" ? { ...one, value: "true", from: "--set" as const } : one,
    );
    const chosen = settings.some(({ from }) => from === "--set");
    const committed = asCommitted && quick && !always && !chosen ? committedAs(request.notebook) : undefined;
    if (typeof committed === "string")
      console.log(`${request.name}: with its quick settings, since ${committed} (--full: its own)`);
    const about = request.notebook.metadata.komalab,
      isPrivate = values.private! || (about?.private ?? false),
      demo = values.demo! && (only.length > 0 || (about?.demo ?? false));
    if (!(committed instanceof Date)) return { ...request, settings, always, isPrivate, demo };
    const own = settings.map((one) => ({ ...one, value: one.own, from: "notebook" as const }));
    return { ...request, settings: own, always, isPrivate, demo, committed };
  });
  if (values.demo && !tasks.some(({ demo }) => demo))
    throw new Error(
      `--demo: no notebook of ${source} says "komalab": {"demo": true} in its metadata: name those that are wanted, as with --only 02`,
    );
  const hidden = withoutFolders([...args, ...decided.flat().flatMap(({ value, own }) => [value, own])]);
  const anyPrivate = tasks.some(({ isPrivate }) => isPrivate); // so is what speaks of all notebooks

  const began = new Date();
  pythonPath();
  process.env.KOMALAB_REPORTS = into; // a notebook that shows answers looks there
  const date = dayOf(began);
  const folder = makeFolder(into, date);
  const command = ["npm run report", ...(args.length > 0 ? ["--", ...args.map(quoted)] : [])].join(" ");
  const about = {
    date,
    command: anyPrivate ? hidden.value(command) : command,
    commit: git("describe", "--always", "--dirty= (changed)") ?? "",
  };
  let entries: readonly Entry[] = tasks.map(({ name, notebook, settings, isPrivate }) => {
    const entry: Entry = {
      name,
      state: "waiting",
      summary: { ...summarise(notebook, name), answer: undefined, figure: undefined }, // those of an earlier run are not this one's
      settings,
    };
    return isPrivate ? hidden.value(entry) : entry;
  });
  const update = (name: string, change: Partial<Entry>): void => {
    entries = entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry));
    const weekly = existsSync(join(folder, "weekly.html"));
    writeBeside(join(folder, "index.html"), renderIndex({ ...about, entries, weekly }, language));
  };

  const ran: Ran[] = [],
    shown: Shown[] = [],
    faults: string[] = [];
  // the second ones show what the first ones answer
  const inTurn = [...tasks.filter(({ always }) => !always), ...tasks.filter(({ always }) => always)];
  const kept = join(into, ".executed"),
    ways = inTurn.map((task) => wayOf(task, values.full!)),
    clock = new ReportClock(kept, ways);
  for (const [i, { supposed = 0, runs }] of ways.entries())
    if (supposed > 1)
      console.log(
        `${inTurn[i]!.name}: ${runs} runs, ${formatMinutes(supposed)} where it was committed, less what is stored here`,
      );
  for (const [i, task] of inTurn.entries()) {
    const { name, notebook, settings, isPrivate } = task;
    const said = isPrivate ? hidden.value(settings) : settings;
    if (signal.aborted) {
      update(name, { state: "interrupted" });
      const none = isPrivate ? hidden.notebook(withOutputs(notebook)) : withOutputs(notebook);
      const never = { state: "interrupted", at: began, minutes: 0, reused: false } as const;
      ran.push({ name, notebook: none, shown: none, settings: said, ...never });
      continue;
    }
    update(name, { state: "running" });
    const several = inTurn.length > 1,
      line = progressLine(several ? `${i + 1} of ${inTurn.length}  ${name}` : name, () => {
        const left = several ? clock.left() : undefined;
        return left === undefined ? "" : ` · about ${formatMinutes(left)} left in all`;
      });
    clock.start();
    const options = { name, notebook, settings, folder: source, signal, onProgress: line.show };
    const done = await (task.committed
      ? beside({ ...options, ownModel: !isWeekly }, task.committed)
      : run({ ...options, kept, fresh: values.fresh! })
    ).catch((error: Error) => notRun(notebook, error));
    clock.end(done.reused ? undefined : done.minutes);
    const { title, remark, japanese } = summarise(notebook, name),
      words = { title, remark, japanese },
      about = isPrivate ? hidden.value(words) : words;
    const demo =
      task.demo && !done.failure && !signal.aborted
        ? await writeDemo(folder, { ...options, isPrivate, language, about }).catch((error: Error) => error)
        : undefined;
    if (demo instanceof Error)
      faults.push(`--demo: ${isPrivate ? hidden.value(demo.message) : demo.message}`);
    const demoSize = demo instanceof Error ? undefined : demo?.size;
    const write = (done: Done): void => {
      const { minutes, reused } = done;
      const executed = isPrivate ? hidden.notebook(withoutLines(done.notebook)) : done.notebook;
      const failure = isPrivate ? withoutWords(done.failure) : done.failure;
      const state = signal.aborted && !reused ? "interrupted" : failure ? "failed" : "ok";
      const facts =
        done.anew === undefined
          ? `executed ${minuteOf(done.at)} in ${formatMinutes(minutes)}${reused ? "; unchanged since" : ""}`
          : `as committed: executed ${minuteOf(done.at)} with its own settings${ofRuns(done.notebook)}; ${done.anew}`;
      const how = isPrivate ? hidden.value(facts) : facts;
      const page = {
        ...{ name, folder: source, settings: said, failure, facts: `${how} · ${state}` },
        ...(demoSize !== undefined && { demo: demoFile(name) }),
      };
      const html = renderPage({ ...notebookPart(executed, page), language }),
        summary = summarise(executed, name),
        size = Buffer.byteLength(html);
      writeBeside(join(folder, `${name}.ipynb`), `${JSON.stringify(stamped(executed, state), null, 1)}\n`);
      writeBeside(join(folder, `${name}.html`), html);
      const committed = done.committed !== undefined;
      update(name, { state, minutes, how, reused, committed, failure, size, demoSize, summary });
      ran.push({ ...done, name, shown: executed, settings: said, state, failure });
      shown.push({ notebook: executed, page });
      const fault = done.failure ? `: ${done.failure.ename}: ${done.failure.evalue}` : "";
      line.end(`${state}, ${reused ? how : formatMinutes(minutes)}${fault}`);
      if (demo && !(demo instanceof Error)) line.end(`${demoFile(name)}: ${demo.words}`);
      if (demoSize !== undefined && isPrivate)
        line.end(
          "its demo holds no line of the data, and dictionary and vocabulary are whole, as cut ones tell which words the lines have; its weights were learnt from the lines",
        );
      if (isPrivate && !namesItsLines(done.notebook))
        line.end('no cell says which lines it shows (tag "lines"): read the page before you share it');
    };
    try {
      write(done);
    } catch (error) {
      write(notShown(done, error as Error));
    }
  }

  ran.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (inTurn.length > 1) console.log(minutesInWords(ran));
  const privacy = {
    isPrivate: anyPrivate,
    hide: hidden.value,
    ran: ran.filter(({ name }) => tasks.some((task) => task.name === name && task.isPrivate)),
  };
  const whole = recordOf(
    {
      report: basename(folder),
      made: new Date().toISOString(),
      command: about.command,
      commit: about.commit,
      weekly: isWeekly,
      versions: madeWithNow(),
      plans: week?.plans(privacy) ?? [],
    },
    ran,
  );
  const record = anyPrivate ? { ...withWords(whole, hidden.value), private: true } : whole;
  writeBeside(join(folder, "report.json"), `${JSON.stringify(record)}\n`);
  const weekly = week && (await week.part(record, { english: values.english!, privacy }));
  if (weekly) {
    writeBeside(join(folder, "weekly.html"), renderPage(weekly));
    update("", {});
  }
  shown.sort((a, b) => (a.page.name < b.page.name ? -1 : 1));
  // who stops a report does not wait for files to send
  const made = await writeFormats(signal.aborted ? {} : values, {
    folder,
    title: weekly?.title ?? `komalab report, ${date}`,
    index: (look) => indexPart({ ...about, entries, weekly: weekly !== undefined }, look),
    weekly,
    shown,
    language,
    onProgress: (words) => console.log(words),
  });

  const files = [
    "index.html",
    ...(week ? ["weekly.html"] : []),
    ...made.files,
    "report.json",
    ...tasks.flatMap(({ name }) => [`${name}.html`, `${name}.ipynb`, demoFile(name)]),
  ].filter((file) => existsSync(join(folder, file)));
  console.log(files.map((file) => `  ${file}  ${formatSize(statSync(join(folder, file)).size)}`).join("\n"));
  if (week?.begun) console.log(`Write your comments into ${relative(process.cwd(), week.path)}`);
  if (anyPrivate) console.log(besides(into, folder));
  console.log(
    `The report: ${relative(process.cwd(), join(folder, made.files[0] ?? (week ? "weekly.html" : "index.html")))}`,
  );
  faults.push(...made.faults);
  for (const fault of faults) complain(fault);
  return signal.aborted ? 130 : faults.length > 0 || entries.some(({ state }) => state !== "ok") ? 1 : 0;
}

/** ", 18 runs" behind a notebook's answer; nothing where it trains none. */
function ofRuns(notebook: Notebook): string {
  const { runs = 0 } = (summarise(notebook, "").answer as StoredAnswer | undefined)?.origin ?? {};
  return runs === 0 ? "" : `, ${plural(runs, "run")}`;
}

/** What the folder of reports holds besides a private one. */
function besides(into: string, folder: string): string {
  const others = readdirSync(into).filter((name) => !name.startsWith(".") && join(into, name) !== folder),
    place = relative(process.cwd(), into);
  return (
    `Send these files alone: ${join(place, ".executed")} keeps the notebooks with all their lines` +
    (others.length > 0 ? `, and ${place} other reports, which may show lines: ${listed(others)}` : "")
  );
}

/** With the hash of the cells that its outputs are of, if it ran to its end. */
const stamped = ({ metadata, ...notebook }: Notebook, state: Entry["state"]): Notebook => ({
  ...notebook,
  metadata: {
    ...metadata,
    ...(state === "ok" && {
      komalab: { ...metadata.komalab, executed: cellsHash({ metadata, ...notebook }) },
    }),
  },
});

/** A notebook that could not even be tried fails by itself; the others go on. */
const notRun = (notebook: Notebook, { name, message }: Error): Done => ({
  notebook: withOutputs(notebook),
  failure: { cell: 0, ename: name, evalue: message, traceback: [] },
  at: new Date(),
  minutes: 0,
  reused: false,
});

/** A notebook of which no page can be made fails by itself as well; the page says so, and shows no cell. */
const notShown = (done: Done, { name, message }: Error): Done => ({
  ...done,
  notebook: { ...done.notebook, cells: [] },
  failure: { cell: null, ename: name, evalue: `its page cannot be made: ${message}`, traceback: [] },
});

/** The command: errors of the settings are words, not a trace; Ctrl-C stops the notebook that runs. */
async function main(): Promise<void> {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => abort.abort());
  try {
    process.exitCode = await report(process.argv.slice(2), abort.signal);
  } catch (error) {
    complain((error as Error).message);
    process.exitCode = 2;
  }
}

if (require.main === module) void main();
