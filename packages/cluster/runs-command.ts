/** npm run runs: lists, compares, exports, packs, verifies and removes stored runs. */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { duration } from "../../lib/show/numbers";
import { showProgress } from "../../lib/show/progress";
import { tableText } from "../../lib/show/tables";
import { writeBeside } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { complain, printable } from "../../lib/support/printable";
import { stopOn } from "../../lib/support/stop";
import { describeChanges } from "../../lib/versions";
import { csv } from "../danfojs-frame";
import { readMetrics } from "../run-log";
import { archiveOf, joined, type Moved, readArchive, unpack, writeArchive } from "./archive";
import { compareRuns, filterRuns, findRun, type ListedRun, listRuns, removeRuns, runRows } from "./list";

const USAGE = `npm run runs                          lists the stored runs
npm run runs -- show RUN              settings, metrics and state of one run
npm run runs -- compare RUN RUN …     what differs in their settings, and their metrics side by side
npm run runs -- export FILE           all settings and metrics, as .csv (for Excel too) or .md
npm run runs -- remove RUN …          removes runs; asks first
npm run runs -- pack FILE             finished runs in one file to send: settings, versions, scores, predictions;
                                      neither weights nor texts, but names of items, classes and systems.
                                      --add adds to a file that is there
npm run runs -- unpack FILE           puts the runs of such a file among those here. One that has another result here
                                      stays and is named; --replace takes the file's, and removes its weights
npm run runs -- verify                trains the cheapest run of each experiment and freeze mode again and compares;
                                      exit code 1 if one differs. --sample N takes N of each, --model FOLDER says
                                      where their model lies

RUN is the beginning of a run's name. Instead of runs, or to choose among them:
  --experiment NAME   of this experiment
  --where name=value  a setting, system, testSet or state (done, running, stopped, crashed, lost)
                      or ending (successful, failed, diverged); may be repeated
  --yes               does not ask
`;

const SHORT = 8;
const short = ({ id }: ListedRun) => id.slice(0, SHORT);

/** A learning rate of 0.00005 is not to be rounded to 0.000. */
const exact = (value: unknown) => (typeof value === "number" ? String(Number(value.toPrecision(6))) : value);
const exactRow = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, exact(value)]));

function stateOf({ state, status, ending, changes }: ListedRun): string {
  if (state === "done")
    return [
      "done",
      ...(ending === undefined || ending === "successful" ? [] : [ending]),
      ...(changes.length > 0 ? [describeChanges(changes)] : []),
    ].join(", ");
  const { step, steps, secondsLeft, error } = status ?? {};
  const far = step === undefined ? "" : `, step ${step}/${steps}`;
  return `${state}${far}${state === "running" && secondsLeft !== undefined ? `, ${duration(secondsLeft * 1000)} left` : ""}${error ? `: ${error.slice(0, 60)}` : ""}`;
}

function list(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return "no run is stored here";
  const rows = runs.map((run) => ({
    run: short(run),
    experiment: run.experiment,
    system: run.about.system,
    "tested on": run.about.testSet,
    seed: run.settings.initSeed,
    accuracy: run.metrics.accuracy,
    F1: run.metrics.f1,
    "macro F1": run.metrics.macroF1,
    minutes: typeof run.metrics.seconds === "number" ? (run.metrics.seconds / 60).toFixed(1) : undefined,
    finished: run.finished?.slice(0, 16).replace("T", " "),
    state: stateOf(run),
  }));
  const counted = (words: readonly (string | undefined)[]) =>
    [...grouped(words, (word) => word)].map(([word, same]) => `${same.length} ${word}`).join(", ");
  const bad = runs.map(({ ending }) => ending).filter((ending) => ending && ending !== "successful");
  const told = `${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${counted(runs.map(({ state }) => state))}`;
  return `${tableText(rows)}\n\n${told}${bad.length > 0 ? `; of those done ${counted(bad)}` : ""}`;
}

function show(run: ListedRun): string {
  const facts = Object.entries(runRows([run])[0]).map(([name, value]) => ({ name, value: exact(value) }));
  const epochs = readMetrics(run.folder)
    .filter((line) => "eval/accuracy" in line)
    .map((line) => ({
      epoch: line.epoch,
      step: line.step,
      "training accuracy": line["train/accuracy"],
      "validation loss": line["eval/loss"],
      "validation accuracy": line["eval/accuracy"],
    }));
  return [
    relative(process.cwd(), run.folder),
    stateOf(run),
    "",
    tableText([...facts, { name: "attempts", value: run.status?.attempts }]),
    ...(epochs.length > 0 ? ["", tableText(epochs)] : []),
  ].join("\n");
}

function compare(runs: readonly ListedRun[]): string {
  if (runs.length < 2)
    throw new Error("compare needs two runs or more: name them, or choose them with --where");
  const names = new Map<string, number>(); // of equal short names none hides another
  const headings = runs.map((run) => {
    names.set(short(run), (names.get(short(run)) ?? 0) + 1);
    return names.get(short(run))! > 1 ? run.id : short(run);
  });
  const rows = compareRuns(runs).map(({ name, kind, values }) => ({
    [kind]: name,
    ...Object.fromEntries(values.map((value, i) => [headings[i], kind === "setting" ? exact(value) : value])),
  }));
  const settings = rows.filter((row) => "setting" in row),
    metrics = rows.filter((row) => "metric" in row);
  return [
    settings.length === 0 ? "The settings are the same." : tableText(settings),
    "",
    metrics.length === 0 ? "No run has a result." : tableText(metrics),
  ].join("\n");
}

const plural = (count: number) => `${count} ${count === 1 ? "run" : "runs"}`;

/** What became of the runs, those that need a word by name. */
function told({ added, equal, replaced, kept, busy }: Moved): string {
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${plural(names.length)} ${what}: ${names.join(", ")}`];
  return [
    `${plural(added.length)} added, ${equal.length} were there already`,
    ...named("replaced", replaced),
    ...named("left as there, where the result is another one (--replace takes it from here)", kept),
    ...named("left out, being trained there", busy),
  ].join("\n");
}

async function pack(runs: readonly ListedRun[], file: string, add: boolean, replace: boolean) {
  if (existsSync(file) && !add) throw new Error(`${file} is there: --add adds to it, or choose another name`);
  const before = add ? readArchive(file) : { runs: [], splits: [] };
  const onProgress = showProgress({ times: true });
  const now = archiveOf(runs, onProgress),
    names = new Set(now.runs.map(({ id }) => id));
  const left = grouped(
    runs.filter(({ id }) => !names.has(id)),
    ({ state }) => (state === "done" ? "damaged" : state),
  );
  const without = [...left].map(([state, some]) => `${some.length} ${state}`).join(", ");
  const archive = await joined(before, now, { replace, onProgress });
  if (archive.runs.length === 0)
    throw new Error(`${file} is not written: no run is done${without && ` (${without})`}`);
  const size = writeArchive(file, archive);
  return [
    ...(add ? [told(archive.moved)] : []),
    `${plural(archive.runs.length)}: ${file}, ${(size / 1e6).toFixed(2)} MB${without && `; left out: ${without}`}`,
  ].join("\n");
}

async function verified(runs: readonly ListedRun[], sample: number, model?: string): Promise<string> {
  const { verify } = await import("./verify"); // loads TensorFlow
  const { signal } = stopOn();
  const results = await verify(runs, { sample, model, signal, onProgress: showProgress({ times: true }) });
  if (results.length === 0) throw new Error("no finished run is stored here: nothing can be verified");
  const rows = results.map(({ run, verdict, words }) => ({
    run: short(run),
    experiment: run.experiment,
    freeze: run.settings.freeze,
    system: run.about.system,
    verdict,
    "": words,
  }));
  const all = (verdict: string) => results.every((one) => one.verdict === verdict);
  if (results.some(({ verdict }) => verdict === "differs") || all("skipped")) process.exitCode = 1;
  const counts = [...grouped(results, ({ verdict }) => verdict)].map(
    ([name, some]) => `${some.length} ${name}`,
  );
  return `${tableText(rows)}\n\n${plural(results.length)}: ${counts.join(", ")}`;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error(`${question} Say --yes, as nobody can be asked here.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/**
 * Does what the words of a command line say and gives back what it prints.
 * @throws if they are wrong, with the remedy
 */
export async function runs(args: readonly string[]): Promise<string> {
  const {
    values,
    positionals: [action = "list", ...words],
  } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      experiment: { type: "string" },
      where: { type: "string", multiple: true, default: [] },
      yes: { type: "boolean", default: false },
      add: { type: "boolean", default: false },
      replace: { type: "boolean", default: false },
      sample: { type: "string", default: "1" },
      model: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return USAGE;
  const { experiment, where } = values,
    all = listRuns();
  const filtered = filterRuns(all, { experiment, where });
  const named = () => (words.length > 0 ? words.map((word) => findRun(filtered, word)) : filtered);
  switch (action) {
    case "list":
      return list(filtered);
    case "show":
      if (words.length !== 1) throw new Error("show needs the name of one run");
      return show(findRun(filtered, words[0]));
    case "compare":
      return compare(named());
    case "export": {
      const [file] = words;
      if (words.length !== 1 || !/\.(csv|md)$/.test(file))
        throw new Error("export needs one file that ends with .csv or .md");
      writeBeside(
        file,
        file.endsWith(".csv") ? csv(runRows(filtered)) : `${tableText(runRows(filtered).map(exactRow))}\n`,
      );
      return `${filtered.length} runs: ${file}`;
    }
    case "remove": {
      if (words.length === 0 && experiment === undefined && where!.length === 0)
        throw new Error("remove needs names of runs, --experiment or --where");
      const chosen = named();
      if (chosen.length === 0) return "nothing to remove";
      if (
        !values.yes &&
        !(await agreed(
          `${list(chosen)}\nRemove ${chosen.length === 1 ? "this run" : `these ${chosen.length} runs`} for good?`,
        ))
      )
        return "nothing was removed";
      removeRuns(chosen);
      return `removed ${chosen.length} ${chosen.length === 1 ? "run" : "runs"}`;
    }
    case "pack":
      if (words.length !== 1) throw new Error("pack needs the name of one file");
      return pack(filtered, words[0], values.add!, values.replace!);
    case "unpack":
      if (words.length !== 1) throw new Error("unpack needs the name of one file");
      return told(
        await unpack(readArchive(words[0]), {
          replace: values.replace,
          onProgress: showProgress({ times: true }),
        }),
      );
    case "verify": {
      const sample = Number(values.sample);
      if (!Number.isInteger(sample) || sample < 1)
        throw new Error(`--sample ${values.sample} is not a whole number from 1 on`);
      return verified(filtered, sample, values.model);
    }
    default:
      throw new Error(`there is no "${action}".\n\n${USAGE}`);
  }
}

if (require.main === module) {
  const say = (text: string) => console.log(printable(text));
  runs(process.argv.slice(2)).then(say, (error: Error) => {
    complain(error.message);
    process.exitCode = 1;
  });
}
