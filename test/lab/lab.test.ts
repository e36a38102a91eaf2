/**
 * Notebook 01, shortened, in JupyterLab in a browser: chart and table are there, in words and in the picture.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { projectRoot } from "../../lib/support/files";
import { inject, readNotebook, resolveSettings } from "../../packages/notebook";
import { openBrowser } from "../browser";
import { writeTinyModel } from "../experiment/tiny-model";
import { freePort } from "../port";

/** What is used of the browser's canvas. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(type: "2d"): {
    getImageData(
      left: number,
      top: number,
      width: number,
      height: number,
    ): { readonly data: readonly number[] };
  };
}

const folder = mkdtempSync(join(tmpdir(), "komalab-lab-"));
const minutes = (count: number) => count * 60_000;

/** Notebook 01 with one touch, short lines, a tiny network with random weights, one seed and one epoch. */
function shortenNotebook(): void {
  const [header, ...rows] = readFileSync(join(projectRoot, "data/manga.tsv"), "utf8")
    .split("\n")
    .map((row) => row.split("\t"));
  const [touch, text] = [header!.indexOf("touch"), header!.indexOf("text")];
  const few = rows.filter((row) => row[touch] === "ギャグ" && row[text]!.length <= 28);
  writeFileSync(join(folder, "manga.tsv"), [header!, ...few].map((row) => row.join("\t")).join("\n"));
  writeTinyModel(
    folder,
    few.map((row) => row[text]!),
  );
  const notebook = readNotebook(join(projectRoot, "notebooks/01-freeze-modes.ipynb"));
  const set = [
    `manga=${folder}/manga.tsv`,
    `model=${folder}`,
    "split=within-touch",
    "seeds=1",
    "epochsAll=1",
    "epochsLast=2",
    "epochsFixed=2",
    "maxLength=32",
  ];
  const [settings] = resolveSettings([{ name: "01", notebook }], { quick: false, set });
  const { cells } = inject(notebook, settings!);
  const empty = cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  writeFileSync(join(folder, "01.ipynb"), JSON.stringify({ ...notebook, cells: empty }));
}

/** Starts JupyterLab on `folder`. @returns its address and the function that ends it and its kernels */
async function startLab(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const port = await freePort();
  const settings = [
    "--no-browser",
    "--allow-root",
    "--IdentityProvider.token=",
    `--ServerApp.port=${port}`,
    `--ServerApp.root_dir=${folder}`,
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  ];
  const home = Object.fromEntries(
    [
      "JUPYTER_CONFIG_DIR",
      "JUPYTER_DATA_DIR",
      "JUPYTER_RUNTIME_DIR",
      "JUPYTERLAB_SETTINGS_DIR",
      "JUPYTERLAB_WORKSPACES_DIR",
    ].map((name) => [name, join(folder, ".jupyter", name)]),
  );
  const lab = spawn(join(projectRoot, ".venv/bin/jupyter"), ["lab", ...settings], {
    env: { ...process.env, ...home, KOMALAB_RUNS: join(folder, "runs") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  lab.stderr.on("data", (piece: Buffer) => (log = (log + piece.toString()).slice(-4000)));
  const ended = new Promise<void>((done) => void lab.on("close", () => done()));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await fetch(`${url}/api/status`).catch(() => undefined))?.ok; tries++) {
    assert.ok(lab.exitCode === null && tries < 240, `JupyterLab does not start: ${log}`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
  return { url, stop: () => (lab.kill("SIGTERM"), ended) };
}

let browser: Browser | string = "";
let page: Page;
let stop = async (): Promise<void> => {};
before(
  async () => {
    browser = await openBrowser();
    if (typeof browser === "string") return;
    shortenNotebook();
    const lab = await startLab();
    stop = lab.stop;
    page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
    await page.goto(`${lab.url}/lab/tree/01.ipynb`);
    await page.locator(".jp-Notebook").waitFor({ timeout: minutes(2) });
    await page
      .getByText("TypeScript (komalab)")
      .first()
      .waitFor({ timeout: minutes(1) });
    await page.locator(".jp-MenuBar-item, .lm-MenuBar-item").filter({ hasText: /^Run$/ }).click();
    await page
      .locator(".lm-Menu-item")
      .filter({ hasText: /^Run All Cells/ })
      .click();
    const end = page
      .locator(".jp-OutputArea")
      .filter({ hasText: /^Answer\./ })
      .or(page.locator('[data-mime-type="application/vnd.jupyter.error"]'));
    await end.first().waitFor({ timeout: minutes(5) });
  },
  { timeout: minutes(7) },
);
after(async () => {
  if (typeof browser !== "string") await browser.close();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const inLab = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (typeof browser === "string" ? context.skip(browser) : work()));

inLab("no cell has failed", async () => {
  assert.deepEqual(
    await page
      .locator(
        '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]',
      )
      .allInnerTexts(),
    [],
  );
});

inLab("the table is there with its caption and numbers", async () => {
  const table = page.locator(".jp-OutputArea table").filter({ hasText: "always negative" }).first();
  // JupyterLab takes cells out of view off the page: the words are there, drawn or not
  assert.match((await table.textContent()) ?? "", /Test results[\s\S]*always negative[\s\S]*0\.\d\d/);
});

inLab("the chart is drawn: its canvas holds many colours that are not the background", async () => {
  const chart = page.locator(".jp-OutputArea canvas").first();
  await chart.scrollIntoViewIfNeeded();
  const pictures = process.env.KOMALAB_SCREENSHOTS ?? folder;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, "lab.png") });
  const share = await chart.evaluate((element) => {
    const { width, height, getContext } = element as unknown as Canvas;
    const { data } = getContext.call(element, "2d").getImageData(0, 0, width, height);
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4)
      drawn += data[i + 3]! > 0 && Math.min(data[i]!, data[i + 1]!, data[i + 2]!) < 200 ? 1 : 0;
    return drawn / (width * height);
  });
  assert.ok(share > 0.005 && share < 0.9, `${(share * 100).toFixed(2)} % of the pixels are drawn`);
});
