/** The most memory that a million lines and 200,000 predictions take, each in a process of its own. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { randomOf } from "../fuzz/mutate";
import type { Figures } from "./figures";

const MOST_TIMES = 5; // a table's memory beside its file
const MOST_GROWTH = 200; // MB from 10,000 to all lines that are predicted: their answers, not their features

interface Told {
  readonly megabytes: number;
}

const told = (script: string, ...args: readonly string[]): Told =>
  JSON.parse(
    execFileSync(process.execPath, ["--import", "tsx", join(__dirname, script), ...args], {
      cwd: projectRoot,
    })
      .toString()
      .split("\n")
      .at(-1) ?? "",
  ) as Told;

/** Lines of 28 characters in 5,000 stories, six columns. */
function writeLines(path: string, count: number): void {
  const random = randomOf(1),
    file = openSync(path, "w");
  const kana = (): string => String.fromCharCode(0x3042 + Math.floor(80 * random()));
  writeSync(file, "story,touch,line,speaker,text,emotion\n");
  for (let i = 0; i < count; i++) {
    const text = Array.from({ length: 28 }, kana).join(""),
      story = Math.floor(i / 200);
    writeSync(
      file,
      `話${story},${["ギャグ", "少女漫画"][story % 2]},${1 + (i % 200)},人物${i % 7},${text},感情${i % 5}\n`,
    );
  }
  closeSync(file);
}

export async function memory(folder: string, count: number): Promise<Figures> {
  const path = join(folder, "million.csv");
  writeLines(path, 5 * count);
  const file = statSync(path).size / 1e6;
  const [table, manga] = ["table", "manga"].map((how) => told("million.ts", path, how).megabytes);
  const model = join(projectRoot, "data/model");
  const few = told("predicting.ts", model, "10000", "all").megabytes,
    many = told("predicting.ts", model, String(count), "last").megabytes;
  return {
    figures: {
      lines: 5 * count,
      "file MB": Math.round(file),
      "table MB": Math.round(table),
      "lines of manga MB": Math.round(manga),
      "10,000 predicted MB": Math.round(few),
      [`${count} predicted MB`]: Math.round(many),
    },
    ok: Math.max(table, manga) <= MOST_TIMES * file && many <= few + MOST_GROWTH,
  };
}
