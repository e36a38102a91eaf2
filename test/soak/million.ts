/** Reads a file of a million lines in a process of its own: the peak above its start, in MB. */
import { readManga } from "../../lib/data/manga";
import { readTable } from "../../packages/table-file";

const [, , path, how] = process.argv,
  peak = () => (1024 * process.resourceUsage().maxRSS) / 1e6;
const before = peak();
const { length } = how === "manga" ? readManga(path) : readTable(path).rows;
process.stdout.write(JSON.stringify({ lines: length, megabytes: peak() - before }));
