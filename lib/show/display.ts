/** What a notebook shows: the only file that knows the kernel. Without a kernel the same calls print text. */

import { randomUUID } from "node:crypto";
import { drawPng, titleOf } from "../../packages/chart-picture";
import { type Frame, isFrame } from "../../packages/danfojs-frame";
import { type FigureNote, VEGALITE_MIME } from "../../packages/notebook";
import { remark } from "../support/printable";
import { type RunBehind, runsBehind } from "./runs";
import type { Bundle, Chart, Json } from "./style";
import { table } from "./tables";

interface Content {
  readonly data: Bundle;
  readonly metadata?: { readonly [mime: string]: Json };
  readonly transient?: { readonly display_id?: string };
}

/** The kernel's launcher puts this function on globalThis. */
type Send = (content: Content, update: boolean) => void;

const kernel = () =>
  (globalThis as { [key: symbol]: unknown })[Symbol.for("komalab.display")] as Send | undefined;

/** True where a notebook listens. */
export const inNotebook = () => kernel() !== undefined;

function send(content: Content, update = false): void {
  const listener = kernel();
  if (listener) listener(content, update);
  else if (typeof content.data["text/plain"] === "string") remark(content.data["text/plain"]);
}

/**
 * Markdown; as text it is shown as it is written.
 *
 *     await show(markdown("Some **words**"));
 */
export const markdown = (text: string): Bundle => ({ "text/markdown": text, "text/plain": text });

/**
 * A chart in three forms: interactive (JupyterLab, VS Code, the report), a picture (GitHub, paper), a
 * sentence. There is no HTML among them, because JupyterLab and nbconvert would prefer it to the chart.
 */
export async function chartContent(chart: Chart): Promise<Content> {
  const png = await drawPng(chart, { scale: 2 });
  return {
    data: {
      [VEGALITE_MIME]: chart,
      "image/png": png.toString("base64"),
      "text/plain": [...titleOf(chart), chart.description].join("\n"),
    },
    // A PNG states its size in bytes 16 to 23; half of it in CSS pixels shows it as large as the interactive
    // chart.
    metadata: {
      "image/png": {
        width: png.readUInt32BE(16) / 2,
        height: png.readUInt32BE(20) / 2,
        alt: chart.description,
      },
    },
  };
}

interface ShowOptions extends FigureNote {
  /** The runs that the numbers come from; their names stand below. */
  readonly runs?: readonly RunBehind[];
}

const isChart = (item: object): item is Chart => "$schema" in item;

/**
 * Shows a chart, a table, a frame, HTML or markdown below the cell, or prints its text where no notebook
 * listens.
 *
 *     await show(table([{ system: "BERT", accuracy: 0.8 }]));
 */
export async function show(
  item: Chart | Bundle | Frame,
  { caption, key, runs = [] }: ShowOptions = {},
): Promise<void> {
  if (isFrame(item)) send({ data: table(item) });
  else if (!isChart(item)) send({ data: item });
  else if (inNotebook()) {
    const { data, metadata } = await chartContent(item);
    send({
      data,
      metadata: {
        ...metadata,
        komalab: { ...(caption && { caption: { ...caption } }), ...(key && { key }) },
      },
    });
  } else remark([...titleOf(item), item.description].join("\n"));
  if (runs.length > 0) send({ data: runsBehind(runs) });
}

/**
 * A place below the cell whose content can be replaced, again and again; outside a notebook nothing is shown.
 */
export function place(): (bundle: Bundle) => void {
  const transient = { display_id: randomUUID() };
  let shown = false;
  return (bundle) => {
    if (inNotebook()) send({ data: bundle, transient }, shown);
    shown = true;
  };
}
