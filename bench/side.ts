/**
 * One side of a row, a program of its own: it gets its options as JSON in its first argument, makes itself
 * ready, says so, and then measures once for every line on its standard input. Each answer is one line of
 * JSON; other lines are ignored. side.py is the same for Python.
 */
import { createInterface } from "node:readline";
import { version as tfjs } from "@tensorflow/tfjs/package.json";

/** What a side says first, and what it says of each measurement. */
export interface Ready {
  readonly ready: true;
  readonly versions: Readonly<Record<string, string>>;
  /** What a reader of the row should know, for instance the number of lines. */
  readonly note?: string;
}
export interface Measured {
  readonly value: number;
  /** The most memory so far, in GB; of sides in TypeScript. */
  readonly memory?: number;
}

export interface Opened {
  /** In the row's unit. */
  readonly measure: () => number | Promise<number>;
  readonly note?: string;
}

const say = (answer: Ready | Measured) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Opens the side with the row's options and serves measurements until the input ends. */
export async function serve<O>(open: (options: O) => Opened | Promise<Opened>): Promise<void> {
  const { measure, note } = await open(JSON.parse(process.argv[2] ?? "{}") as O);
  say({ ready: true, versions: { "Node.js": process.version, "TensorFlow.js": tfjs }, note });
  for await (const _ of createInterface({ input: process.stdin }))
    say({ value: await measure(), memory: peakMemory() });
  process.exit(0);
}

/** Seconds that one call of `step` takes, over as many calls as fill `seconds`, at least one. */
export function secondsOf(step: () => unknown, seconds: number): number {
  const start = performance.now();
  let calls = 0;
  do {
    step();
    calls++;
  } while (performance.now() - start < 1000 * seconds);
  return (performance.now() - start) / 1000 / calls;
}

/** The most memory that this process has held so far, in GB. */
export const peakMemory = (): number => (process.resourceUsage().maxRSS * 1024) / 1e9;
