/**
 * `node --import tsx bench/tips.ts [--only NAME,NAME] [--repeats N] [--tiny] [--list]`: each tip of the
 * tuning guide off and on, repeat by repeat in turn, and a way from the slowest configuration to the fastest;
 * all numbers go to tips.json. Nothing else should run meanwhile. Rows asked for by name replace those of the
 * same name; `waterfall` is the way.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, readJson, writeBeside } from "../lib/support/files";
import { meant } from "../lib/support/nearest";
import { COUNT, numberOf } from "../lib/support/settings";
import { codeNow, machineNow } from "./machine";
import { SideProcess } from "./process";
import type { Measured, Ready } from "./side";
import type { TipOptions } from "./tip";
import { stages, type TipRow, type TipSide, tipRows } from "./tip-rows";

/** tips.json; packages/training-speed reads it. */
interface Tips {
  readonly machine: ReturnType<typeof machineNow>;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  readonly commit: string;
  readonly rows: readonly Row[];
  /** Each stage adds to the one before. */
  readonly waterfall: readonly { readonly stage: string; readonly seconds: readonly number[] }[];
}
interface Row {
  readonly tip: string;
  /** Seconds, one a repeat; the i-th of both were measured one after the other. */
  readonly off: readonly number[];
  readonly on: readonly number[];
  /** The most that the process has held, in GB, where that is the point. */
  readonly memory?: { readonly off: number; readonly on: number };
}

const WATERFALL = "waterfall";
const TINY: TipOptions = { layers: 2, hidden: 32, heads: 2, tokens: 16, vocabulary: 200 };
const THREADS = ["TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"];

const digits = (value: number) => Number(value.toPrecision(4));
const versions: Record<string, string> = {};

/** The processes of one configuration. */
class Configuration {
  private constructor(private readonly processes: readonly SideProcess[]) {}

  static async open({ options, variables, command = [], threads, processes = 1 }: TipSide, tiny: boolean) {
    const count = String(threads ?? availableParallelism());
    const env = {
      ...process.env,
      ...Object.fromEntries(THREADS.map((name) => [name, count])),
      ...variables,
    };
    const [program, ...rest] = [...command, process.execPath, "--import", "tsx", join(__dirname, "tip.ts")];
    const given = JSON.stringify({ ...options, ...(tiny && small(options)) });
    const made = Array.from(
      { length: processes },
      () => new SideProcess("tip.ts", spawn(program, [...rest, given], { env, cwd: projectRoot })),
    );
    const opened = new Configuration(made);
    try {
      for (const one of made) Object.assign(versions, (await one.answer<Ready>()).versions);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** The slowest of the processes, which begin together. */
  async measured(): Promise<Measured> {
    const all = await Promise.all(this.processes.map((one) => one.measured()));
    return all.reduce((a, b) => (b.value > a.value ? b : a));
  }

  async close(): Promise<void> {
    for (const one of this.processes) await one.close();
  }
}

/** The sizes of a trial, in proportion. */
function small({ tokens, padded }: TipOptions = {}): TipOptions {
  const shorter = (given?: number) => given && Math.max(4, Math.round(given / 4));
  return {
    ...TINY,
    tokens: shorter(tokens) ?? TINY.tokens,
    ...(padded !== undefined && { padded: shorter(padded) }),
  };
}

interface How {
  readonly repeats: number;
  readonly tiny: boolean;
}

/** The step as it is, one side of most rows, in a process that stays. */
let base: Promise<Configuration> | undefined;
const isBase = (side: TipSide) => Object.keys(side).length === 0;

/** Seconds of all configurations, one repeat of each in turn. */
async function inTurn(sides: readonly TipSide[], { repeats, tiny }: How) {
  const opened: Configuration[] = [];
  try {
    for (const side of sides) {
      if (isBase(side)) base ??= Configuration.open(side, tiny);
      opened.push(await (isBase(side) ? base! : Configuration.open(side, tiny)));
    }
    const found: Measured[][] = sides.map(() => []);
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const [i, one] of opened.entries()) found[i].push(await one.measured());
    return found.map((some) => ({
      seconds: some.map(({ value }) => digits(value)),
      memory: digits(some[some.length - 1].memory ?? Number.NaN),
    }));
  } finally {
    for (const [i, one] of opened.entries()) if (!isBase(sides[i])) await one.close();
  }
}

async function measured({ tip, off: without, on: with_ }: TipRow, how: How): Promise<Row> {
  const [off, on] = await inTurn([without, with_], how);
  const alone = without.alone && with_.alone;
  return {
    ...{ tip, off: off.seconds, on: on.seconds },
    ...(alone && { memory: { off: off.memory, on: on.memory } }),
  };
}

async function main(): Promise<void> {
  const { values: given } = parseArgs({
    options: {
      only: { type: "string" },
      repeats: { type: "string" },
      tiny: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  const rows = tipRows(availableParallelism()),
    known = [...rows.map(({ tip }) => tip), WATERFALL];
  if (given.list) return known.forEach((name) => console.log(name));
  const names = given.only?.split(",").map((name) => name.trim());
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}: ${meant(unknown, known)}`);
  const path = join(projectRoot, "bench", given.tiny ? "tips.tmp" : "tips.json");
  const how = { repeats: numberOf("repeats", given.repeats, COUNT) ?? 5, tiny: given.tiny };
  let found = readJson<Tips>(path);
  const keep = (some: Partial<Pick<Tips, "rows" | "waterfall">>) => {
    const all = [...(found?.rows ?? []).filter(({ tip }) => !some.rows?.some((row) => row.tip === tip))];
    const order = [...all, ...(some.rows ?? [])].sort((a, b) => known.indexOf(a.tip) - known.indexOf(b.tip));
    found = {
      machine: machineNow(availableParallelism()),
      versions,
      date: new Date().toISOString().slice(0, 10),
      commit: codeNow(),
      rows: order,
      waterfall: some.waterfall ?? found?.waterfall ?? [],
    };
    writeBeside(path, `${JSON.stringify(found, null, 1)}\n`); // at once: an interrupted bench keeps what is done
  };
  const work: Readonly<Record<string, () => Promise<string>>> = {
    ...Object.fromEntries(
      rows.map((row) => [
        row.tip,
        async () => {
          if (row.skip) return `skipped: ${row.skip}`;
          const one = await measured(row, how);
          keep({ rows: [one] });
          return `off ${one.off.join(" ")}, on ${one.on.join(" ")}${one.memory ? `, GB ${one.memory.off}, ${one.memory.on}` : ""}`;
        },
      ]),
    ),
    [WATERFALL]: async () => {
      const all = stages();
      const seconds = await inTurn(
        all.map(({ side }) => side),
        how,
      );
      const waterfall = all.map(({ stage }, i) => ({ stage, seconds: seconds[i].seconds }));
      keep({ waterfall });
      return waterfall.map((one) => `${one.stage} ${one.seconds.join(" ")}`).join("; ");
    },
  };
  for (const name of names ?? known) {
    const begin = performance.now();
    try {
      console.log(`${name}: ${await work[name]()} (${((performance.now() - begin) / 1000).toFixed(0)} s)`);
    } catch (error) {
      console.log(`${name} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  await (await base)?.close();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
