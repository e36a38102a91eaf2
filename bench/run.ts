/**
 * `npm run bench -- [--only NAME,NAME] [--against COMMIT] [--repeats N] [--sentences N|all] [--epochs N]
 * [--threads N] [--tiny] [--out FOLDER] [--list]`: measures komalab and its peers side by side, repeat by
 * repeat in turn, prints one table and writes results.md and results.json. Rows asked for by name replace
 * those of the same name in the results.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, writeBeside } from "../lib/support/files";
import { COUNT, numberOf } from "../lib/support/settings";
import { buildOf } from "./build";
import { codeNow, machineNow } from "./machine";
import { peerPython } from "./peers";
import { SideProcess } from "./process";
import { type Row, type RowResult, type Side, summary } from "./row";
import { chosenRows, rows, SETTINGS } from "./rows";
import type { Ready } from "./side";
import { merged, type Results, report } from "./table";

type Options = Readonly<Record<string, unknown>>;

interface Run {
  readonly threads: number;
  readonly versions: Record<string, string>;
}

async function start(
  { program, options, commit }: Side,
  more: Options,
  run: Run,
): Promise<{ process: SideProcess; note?: string }> {
  const root = commit === undefined ? projectRoot : await buildOf(commit),
    path = join(root, "bench", program);
  const argv = program.endsWith(".py")
    ? [await peerPython(), path]
    : [process.execPath, "--import", "tsx", path];
  const variables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"].map((name) => [
    name,
    String(run.threads),
  ]);
  const env = {
    ...process.env,
    ...Object.fromEntries(variables),
    PYTHONDONTWRITEBYTECODE: "1",
    HF_HUB_OFFLINE: "1",
    TOKENIZERS_PARALLELISM: "false",
  };
  const child = spawn(argv[0], [...argv.slice(1), JSON.stringify({ ...options, ...more })], {
    env,
    cwd: root,
  });
  const side = new SideProcess(program, child);
  try {
    const { versions, note } = await side.answer<Ready>();
    Object.assign(run.versions, versions);
    return { process: side, note };
  } catch (error) {
    await side.close();
    throw error;
  }
}

/** Both sides' numbers, one repeat of each in turn. */
async function measure(row: Row, { threads, versions }: Run) {
  const run: Run = { threads: row.threads ?? threads, versions };
  const more = (await row.prepare?.()) ?? {};
  const sides = [row.komalab, row.peer];
  const values: [number[], number[]] = [[], []];
  const notes = new Set<string>();
  const open = async (side: Side) => {
    const { process: made, note } = await start(side, more, run);
    if (note) notes.add(note);
    return made;
  };
  const kept = row.fresh ? [] : [await open(sides[0])];
  try {
    if (!row.fresh) kept.push(await open(sides[1]));
    for (let repeat = 0; repeat < row.repeats; repeat++) {
      for (const i of [0, 1]) {
        const side = kept[i] ?? (await open(sides[i]));
        try {
          values[i].push(await side.measure());
        } finally {
          if (row.fresh) await side.close();
        }
      }
    }
  } finally {
    for (const side of kept) await side.close();
  }
  return { ...summary(row.ratio, ...values), note: [...notes].join("; ") || undefined };
}

async function main(): Promise<void> {
  const { values: given } = parseArgs({
    options: {
      only: { type: "string" },
      against: { type: "string" },
      repeats: { type: "string" },
      sentences: { type: "string" },
      epochs: { type: "string" },
      threads: { type: "string" },
      tiny: { type: "boolean", default: false },
      out: { type: "string" },
      list: { type: "boolean", default: false },
    },
  });
  const sentences =
    given.sentences === "all"
      ? Infinity
      : (numberOf("sentences", given.sentences, COUNT) ?? (given.tiny ? 64 : SETTINGS.sentences));
  const all = rows({
    ...SETTINGS,
    tiny: given.tiny,
    sentences,
    epochs: numberOf("epochs", given.epochs, COUNT) ?? SETTINGS.epochs,
    against: given.against,
    repeats: numberOf("repeats", given.repeats, COUNT),
  });
  if (given.list) return all.forEach(({ name, what }) => console.log(`${name.padEnd(18)} ${what}`));
  const chosen = chosenRows(all, given);

  const folder =
    given.out ?? (given.tiny ? join(projectRoot, "bench", "tiny.tmp") : join(projectRoot, "bench"));
  const [jsonPath, textPath] = [join(folder, "results.json"), join(folder, "results.md")];
  const run: Run = {
    threads: numberOf("threads", given.threads, COUNT) ?? availableParallelism(),
    versions: {},
  };
  const machine = machineNow(run.threads);
  const problems: string[] = [];
  for (const row of chosen) {
    if (row.skip) {
      problems.push(`${row.name} was skipped: ${row.skip}`);
      continue;
    }
    const begin = performance.now();
    process.stderr.write(`${row.name} ... `);
    try {
      const { note, ...numbers } = await measure(row, run);
      const { name, what, unit, ratio: means, peerName: peer = "PyTorch", repeats } = row;
      const result: RowResult = {
        name,
        what,
        unit,
        ...numbers,
        means,
        peer,
        repeats,
        note,
        date: new Date().toISOString().slice(0, 10),
        code: codeNow(),
      };
      const old = existsSync(jsonPath) ? (JSON.parse(readFileSync(jsonPath, "utf8")) as Results) : undefined;
      const results = merged(old, { machine, versions: run.versions, rows: [result] }, all);
      writeBeside(jsonPath, `${JSON.stringify(results, null, 2)}\n`); // at once: an interrupted bench keeps what is done
      writeBeside(textPath, `# Benches\n\n${report(results)}`);
      process.stderr.write(
        `ratio ${result.ratio} (${result.spread.join("–")}), ${((performance.now() - begin) / 1000).toFixed(0)} s\n`,
      );
    } catch (error) {
      process.stderr.write("failed\n");
      problems.push(`${row.name} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  if (existsSync(textPath)) console.log(readFileSync(textPath, "utf8"));
  problems.forEach((problem) => console.log(problem));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
