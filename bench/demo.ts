/**
 * How soon a demo answers: `node --import tsx bench/demo.ts FILE` opens it five times from the disk, each in
 * a browser of its own, and prints the seconds until its first example has an answer, and until its words are
 * marked. Exit code 1 if the median of the first is above 3 s, or the file has more than 30 MB.
 */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openBrowser } from "../packages/print";

const [TIMES, MOST_SECONDS, MOST_BYTES] = [5, 3, 30e6];

/** Seconds from the beginning of the navigation on. */
async function secondsOf(file: string): Promise<readonly [answered: number, marked: number]> {
  const browser = await openBrowser({ japaneseFont: true });
  try {
    const page = await browser.newPage();
    const start = performance.now(),
      seconds = () => (performance.now() - start) / 1000;
    const opened = page.goto(pathToFileURL(file).href);
    const state = (name: string) => `#demo-result[data-state="${name}"]`;
    await page.waitForSelector(`${state("answered")}, ${state("marked")}`, { timeout: 120_000 });
    const answered = seconds();
    await page.waitForSelector(state("marked"));
    const marked = seconds();
    await opened;
    return [answered, marked];
  } finally {
    await browser.close();
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function main(): Promise<void> {
  const [file] = process.argv.slice(2).map((path) => resolve(path));
  if (file === undefined || !existsSync(file))
    throw new Error(
      "name a demo: npm run report -- --demo --only 02 writes one, reports/DATE/02-review-sentiment-demo.html",
    );
  const times: (readonly [number, number])[] = [];
  for (let i = 0; i < TIMES; i++) times.push(await secondsOf(file));
  const [answered, marked] = [0, 1].map((which) => times.map((one) => one[which]));
  const { size } = statSync(file);
  const shown = (values: readonly number[]) =>
    `median ${median(values).toFixed(2)} s of ${values.map((value) => value.toFixed(2)).join(", ")}`;
  console.log(
    `${(size / 1e6).toFixed(1)} MB; first answer: ${shown(answered)}; words marked: ${shown(marked)}`,
  );
  if (median(answered) > MOST_SECONDS || size > MOST_BYTES) process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
