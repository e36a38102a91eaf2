/** Reads damaged files and judges the refusals; the same files for the same seed. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runTrial } from "../../lib/experiment/classification";
import { doc2vecModel } from "../../lib/experiment/doc2vec";
import { listRuns, writePlan } from "../../packages/cluster";
import { archiveOf, writeArchive } from "../../packages/cluster/archive";
import { threadCount } from "../../packages/tfjs-graph";
import { tinyTrials } from "../experiment/tiny-trials";
import { randomOf, withRun } from "./mutate";
import { emptied, type Reader, useSamples } from "./reader";
import { READERS } from "./readers";

export interface Counts {
  /** Read whole; refused after the first check; refused by it. */
  accepted: number;
  later: number;
  first: number;
  /** The most that one input took. */
  seconds: number;
  letters: number;
}

/** What no input may bring about. */
export interface Fault {
  readonly reader: string;
  readonly input: number;
  readonly what: string;
}

/** One input in so many has a letter 50,000 times: reading may not take the square of that. */
const RUN = 20;
const SECONDS = 5;
const MEGABYTES = 500;
const RAW = new Set(["TypeError", "RangeError", "SyntaxError", "ReferenceError"]);

function judge(
  error: unknown,
  { place = /lines\.|manga\.|model\.|plan\.|one\.|config\.json/ }: Reader,
): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (RAW.has(error.name)) return error.stack?.split("\n").slice(0, 4).join(" ");
  if (!place.test(error.message)) return `names no place: ${error.message.slice(0, 200)}`;
  return error.message.length > 20_000 ? `says ${error.message.length} characters` : undefined;
}

/** Makes a valid plan, run, model and archive in a folder, for the readers of those. */
export async function prepareSamples(folder: string): Promise<void> {
  process.env.KOMALAB_RUNS = join(folder, "runs");
  process.env.KOMALAB_CACHE = join(folder, "cache");
  const trials = await tinyTrials(folder, 2, { threads: threadCount, epochs: 1 });
  writePlan(trials, join(folder, "plan", "plan.jsonl"));
  const { folder: run } = await runTrial(trials[0]);
  const [model, archive] = [join(folder, "model"), join(folder, "one.runs")];
  writeArchive(archive, archiveOf(listRuns()));
  const options = { dimensions: 8, minCount: 1, epochs: 2 };
  const { folder: doc2vec } = await doc2vecModel(["良い店", "悪い店だ", "笑う店は良い"], options);
  useSamples({ plan: join(folder, "plan"), run, model, doc2vec, archive });
}

interface FuzzOptions {
  readonly from: number;
  readonly count: number;
  /** For the files, emptied before each. */
  readonly folder: string;
  readonly onInput?: (input: number) => void;
}

/** Reads inputs `from` to `from + count - 1` of a reader. */
export async function fuzz(reader: Reader, { from, count, folder, onInput }: FuzzOptions) {
  const counts: Counts = { accepted: 0, later: 0, first: 0, seconds: 0, letters: 0 },
    faults: Fault[] = [],
    sample = reader.sample(),
    place = join(folder, "input");
  mkdirSync(folder, { recursive: true });
  for (let input = from; input < from + count; input++) {
    onInput?.(input);
    const changed = reader.mutate(sample, randomOf(input)),
      damaged = input % RUN === RUN - 1 ? withRun(changed, randomOf(input + 2 ** 31)) : changed,
      started = performance.now(),
      worked = process.cpuUsage(),
      before = process.memoryUsage.rss();
    const fault = (what: string | undefined) => what && faults.push({ reader: reader.name, input, what });
    try {
      await reader.read(emptied(place), damaged);
      counts.accepted++;
    } catch (error) {
      const { message } = error as Error;
      counts[reader.first.test(message) ? "first" : "later"]++;
      counts.letters = Math.max(counts.letters, message.length);
      fault(judge(error, reader));
    }
    const seconds = (performance.now() - started) / 1000,
      { user, system } = process.cpuUsage(worked),
      megabytes = (process.memoryUsage.rss() - before) / 1e6;
    counts.seconds = Math.max(counts.seconds, seconds);
    if (seconds > SECONDS)
      fault(`took ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of them computing`);
    if (megabytes > MEGABYTES) fault(`took ${megabytes.toFixed(0)} MB`);
  }
  return { counts, faults };
}

export { READERS };
