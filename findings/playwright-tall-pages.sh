#!/bin/sh
# A picture of a whole page repeats the top of the page from 8,192 device pixels on.
#
# One would guess: page.screenshot({ fullPage: true }) shows the page, or fails where a page is too tall for the renderer.
# What happens: with playwright-core 1.65.1 on the Chromium 147 of @sparticuz/chromium (drawn without a GPU) the picture has the
#   page's full height, and its lower part is the upper part once more: at scale 1 from 8,192 pixels on, at scale 2 from 4,096.
#   Nothing fails and nothing warns. Scrolled to, the same places are drawn right.
# Why it matters: a report looked at or sent as one picture lacks its end, conclusions included, and looks whole.
# Until then: take pictures of at most 8,192 device pixels, page by page, or print to PDF.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund playwright-core@1.65.1 @sparticuz/chromium@147.0.0 pngjs@7.0.0
cat > show.mjs <<'JS'
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";
import { PNG } from "pngjs";

process.env.TMPDIR = process.cwd(); // where the package unpacks its browser
const executablePath = await chromium.executablePath();
const ROW = 64; // a band of one colour
const colourOf = (i) => `${(i * 37) % 256},${(i * 11) % 256},${Math.floor(i / 2)}`;

for (const [scale, rows] of [[1, 128], [1, 129], [1, 200], [2, 64], [2, 65]]) {
  const browser = await playwright.launch({ executablePath, args: chromium.args, headless: true });
  const page = await browser.newPage({ viewport: { width: 390, height: 800 }, deviceScaleFactor: scale });
  const bands = Array.from({ length: rows }, (_, i) => `<div style="height:${ROW}px;background:rgb(${colourOf(i)})"></div>`);
  await page.setContent(`<body style="margin:0">${bands.join("")}`);
  const whole = PNG.sync.read(await page.screenshot({ fullPage: true }));
  const at = (image, y) => [...image.data.subarray((y * scale * image.width + 5) * 4).subarray(0, 3)].join();
  const wrong = bands.findIndex((_, i) => at(whole, i * ROW + ROW / 2) !== colourOf(i));
  await page.evaluate((y) => window.scrollTo(0, y), rows * ROW);
  const end = PNG.sync.read(await page.screenshot());
  console.log(
    `scale ${scale}, ${rows * ROW} pixels:`, `the picture has ${whole.height / scale},`,
    wrong < 0 ? "right," : `wrong from ${wrong * ROW},`,
    at(end, 800 - ROW / 2) === colourOf(rows - 1) ? "its end scrolled to is right" : "its end scrolled to is wrong",
  );
  await browser.close();
}
JS
node show.mjs | tee seen.txt
cat > expected.txt <<'TEXT'
scale 1, 8192 pixels: the picture has 8192, right, its end scrolled to is right
scale 1, 8256 pixels: the picture has 8256, wrong from 8192, its end scrolled to is right
scale 1, 12800 pixels: the picture has 12800, wrong from 8192, its end scrolled to is right
scale 2, 4096 pixels: the picture has 4096, right, its end scrolled to is right
scale 2, 4160 pixels: the picture has 4160, wrong from 4096, its end scrolled to is right
TEXT
cmp -s seen.txt expected.txt || { echo 'this has changed'; exit 1; }
