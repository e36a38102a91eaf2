import assert from "node:assert/strict";
import { test } from "node:test";
import { drawPng, drawSvg } from "../../lib/show/draw";
import { chart } from "../../lib/show/style";

/** A chart that is nothing but a word. */
const word = (text: string) =>
  chart({ title: "題名 <1>", description: "一語 & more" }, { data: { values: [{}] }, mark: { type: "text", fontSize: 40 }, encoding: { text: { value: text } }, width: 120, height: 60 });

test("a PNG has two pixels for each pixel of the SVG", async () => {
  const svg = await drawSvg(word("漫画")), png = await drawPng(word("漫画"));
  const [width, height] = ["width", "height"].map((name) => Number(new RegExp(` ${name}="([0-9.]+)"`).exec(svg)?.[1]));
  assert.deepEqual([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join(""), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
});

test("Japanese letters are drawn, not boxes: pictures of two words of one length differ", async () => {
  const [first, second, again] = [await drawPng(word("漫画")), await drawPng(word("萌系")), await drawPng(word("漫画"))];
  assert.ok(!first.equals(second));
  assert.ok(first.equals(again), "the same chart gives the same bytes");
});

test("the SVG tells readers who cannot see it what it is", async () => {
  assert.match(await drawSvg(word("漫画")), /^<svg role="img" [^>]*><title>題名 &lt;1&gt;<\/title><desc>一語 &amp; more<\/desc>/);
});

test("long Japanese labels lie within the picture", async () => {
  const label = "ニュートラルな少年漫画の台詞";
  const bars = chart({ title: "幅" }, { data: { values: [{ label, value: 1 }] }, mark: "bar", encoding: { y: { field: "label", type: "nominal", axis: { labelLimit: 0 } }, x: { field: "value", type: "quantitative" } }, width: 100 });
  const width = Number(/ width="([0-9.]+)"/.exec(await drawSvg(bars))?.[1]);
  assert.ok(width > 100 + 14 * 11, `${width} pixels are too few for 14 letters of 11 pixels beside a plot of 100`);
});
