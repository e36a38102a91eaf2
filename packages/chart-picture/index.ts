/**
 * Vega-Lite charts as SVG and PNG without a browser: vega lays out, resvg paints. The font, BIZ UDPGothic,
 * comes with a package and no other is looked at, so that a picture is the same on every machine.
 */
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { escapeHtml } from "../../lib/support/html";
import { listed } from "../../lib/support/listed";
import { brief } from "../../lib/support/printable";
import { emsOf } from "../../lib/support/width";

/** What is asked of a Vega-Lite specification. */
export interface Drawn {
  readonly [part: string]: unknown;
  /** A sentence for readers who cannot see the picture. */
  readonly description: string;
}

/** What vega asks for files and pictures that a chart names. */
interface Loader {
  readonly load: (address: string) => Promise<string>;
  readonly sanitize: (address: string) => Promise<{ readonly href: string }>;
}

/** The parts of vega 5 that are used. */
interface Vega {
  readonly parse: (spec: object) => object;
  readonly View: new (
    runtime: object,
    options: { renderer: "none"; logLevel: number; loader: Loader },
  ) => {
    toSVG(): Promise<string>;
    finalize(): void;
  };
  readonly textMetrics: {
    width: (item: { readonly fontSize?: number; readonly text?: unknown }, text?: unknown) => number;
  };
}

interface VegaLite {
  readonly compile: (spec: Drawn) => { readonly spec: object };
}

const fontFolder = join(projectRoot, "node_modules", "@expo-google-fonts", "biz-udpgothic");
const fontFiles = ["400Regular/BIZUDPGothic_400Regular.ttf", "700Bold/BIZUDPGothic_700Bold.ttf"].map((file) =>
  join(fontFolder, file),
);
const fontFamily = "BIZ UDPGothic";

/** The titles of a chart as lines of text. */
export function titleOf({ title }: Drawn): string[] {
  if (typeof title === "string") return [title];
  if (title === null || typeof title !== "object" || !("text" in title)) return [];
  const { text, subtitle } = title as { readonly text: unknown; readonly subtitle?: unknown };
  return [text, subtitle].flatMap((lines) =>
    Array.isArray(lines) ? lines.map(String) : typeof lines === "string" ? [lines] : [],
  );
}

/** Loads a package without its typings: checking vega's takes a kernel longer than drawing. */
const load = async <Package>(name: string) => (await import(name)) as Package;

/** Vega is loaded at the first drawing, so that importing charts costs nothing. */
async function loadVega(): Promise<Vega & VegaLite> {
  const { View, parse, textMetrics } = await load<Vega>("vega");
  const { compile } = await load<VegaLite>("vega-lite");
  // Without a canvas vega takes 0.8 em for every letter and cuts Japanese labels off. emsOf knows letters by
  // kind only: a little more keeps long names from being cut.
  textMetrics.width = (item, text) => 1.06 * (item.fontSize ?? 11) * emsOf(String(text ?? item.text ?? ""));
  return { View, parse, textMetrics, compile };
}

/** A loader that refuses what does not stand in the chart itself, and what it refused. */
function closed() {
  const refused: string[] = [];
  const refuse = async (address: string): Promise<never> => {
    refused.push(address);
    throw new Error(`${brief(address)} is not fetched`);
  };
  const sanitize = async (address: string) => (/^data:/.test(address) ? { href: address } : refuse(address));
  return { loader: { load: refuse, sanitize }, refused };
}

/**
 * Draws a chart as SVG, with the title and the description that vega leaves out where there is no page.
 * @throws what vega-lite says about a specification that it cannot compile; if its data or pictures stand in
 *   a file or a network: a chart that somebody sends could take a file of the reader's along
 */
export async function drawSvg(chart: Drawn): Promise<string> {
  const { View, parse, compile } = await loadVega();
  const { loader, refused } = closed();
  const view = new View(parse(compile(chart).spec), { renderer: "none", logLevel: 0, loader });
  try {
    const svg = await view.toSVG();
    if (refused.length > 0)
      throw new Error(
        `a chart names ${listed(refused)}, which is not fetched: write its data into it, as { values: […] }`,
      );
    const words = `<title>${escapeHtml(titleOf(chart)[0] ?? "")}</title><desc>${escapeHtml(chart.description)}</desc>`;
    return svg.replace(/<svg ([^>]*)>/, (_, attributes: string) => `<svg role="img" ${attributes}>${words}`);
  } finally {
    view.finalize();
  }
}

/** Draws a chart as PNG, by default at two pixels per CSS pixel, sharp on paper and on dense screens. */
export async function drawPng(
  chart: Drawn,
  { scale = 2 }: { readonly scale?: number } = {},
): Promise<Buffer> {
  const { Resvg } = await import("@resvg/resvg-js");
  const font = {
    loadSystemFonts: false,
    fontFiles,
    defaultFontFamily: fontFamily,
    sansSerifFamily: fontFamily,
  };
  return new Resvg(await drawSvg(chart), { fitTo: { mode: "zoom", value: scale }, font }).render().asPng();
}
