import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { drawPng, drawSvg } from "../index";

/** A chart that is nothing but a word. */
const word = (text: string) => ({
  title: "題名 <1>",
  description: "一語 & more",
  data: { values: [{}] },
  mark: { type: "text", fontSize: 40 },
  encoding: { text: { value: text } },
  width: 120,
  height: 60,
});

test("a PNG has two pixels for each pixel of the SVG", async () => {
  const svg = await drawSvg(word("漫画")),
    png = await drawPng(word("漫画"));
  const [width, height] = ["width", "height"].map((name) =>
    Number(new RegExp(` ${name}="([0-9.]+)"`).exec(svg)?.[1]),
  );
  assert.deepEqual([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join(""), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
});

test("Japanese letters are drawn, not boxes: pictures of two words of one length differ", async () => {
  const [first, second, again] = [
    await drawPng(word("漫画")),
    await drawPng(word("萌系")),
    await drawPng(word("漫画")),
  ];
  assert.ok(!first.equals(second));
  assert.ok(first.equals(again), "the same chart gives the same bytes");
});

test("the SVG tells readers who cannot see it what it is", async () => {
  assert.match(
    await drawSvg(word("漫画")),
    /^<svg role="img" [^>]*><title>題名 &lt;1&gt;<\/title><desc>一語 &amp; more<\/desc>/,
  );
});

test("a chart that names a file, a page or a picture elsewhere is refused, and one with its own picture drawn", async () => {
  const encoding = { text: { field: "name" } };
  const of = (data: object) => drawSvg({ description: "", data, mark: "text", encoding });
  for (const url of [join(projectRoot, "package.json"), "file:///etc/hostname", "https://example.invalid/a"])
    await assert.rejects(of({ url }), /a chart names .*, which is not fetched: write its data into it/);
  const picture = (url: string) =>
    drawSvg({
      description: "",
      data: { values: [{ url }] },
      mark: "image",
      encoding: { url: { field: "url" } },
    });
  await assert.rejects(picture("docs/report.png"), /a chart names docs\/report\.png/);
  assert.match(await picture("data:image/png;base64,iVBORw0KGgo="), /<image[^>]* xlink:href="data:image/);
});

test("a Japanese letter of 11 pixels is given at least 11 pixels of width", async () => {
  const width = async (label: string) => {
    const encoding = {
      y: { field: "label", type: "nominal", axis: { labelLimit: 0 } },
      x: { field: "value", type: "quantitative" },
    };
    const svg = await drawSvg({
      description: "",
      data: { values: [{ label, value: 1 }] },
      mark: "bar",
      encoding,
      width: 100,
      config: { axis: { labelFontSize: 11 } },
    });
    return Number(/ width="([0-9.]+)"/.exec(svg)?.[1]);
  };
  const wider = (await width("ニュートラルな少年漫画の台詞")) - (await width("台詞台詞"));
  assert.ok(wider >= 10 * 11, `10 letters more made the picture only ${wider} pixels wider`);
});
