/**
 * What all charts share: the form of a chart, colours that colour-blind readers can tell apart, fonts, sizes.
 */
import { wrap } from "../support/width";

export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Words in English and Japanese. */
export interface Words {
  readonly en: string;
  readonly ja: string;
}

/** A part of a chart. */
export type Spec = { readonly [part: string]: Json };

/** One output in several forms, by MIME type; whoever shows it takes the best form that it knows. */
export type Bundle = Readonly<Record<string, Json>>;

/** A Vega-Lite v5 specification within the features of 5.6, which JupyterLab 4 draws. */
export interface Chart {
  readonly [part: string]: Json;
  readonly $schema: "https://vega.github.io/schema/vega-lite/v5.json";
  /** A sentence with the key numbers, for readers who cannot see the picture. */
  readonly description: string;
}

/**
 * Okabe and Ito's colours (2008), https://jfly.uni-koeln.de/color/; yellow is left out, it is too faint on
 * white.
 */
export const palette = {
  black: "#000000",
  orange: "#E69F00",
  sky: "#56B4E9",
  green: "#009E73",
  blue: "#0072B2",
  vermillion: "#D55E00",
  purple: "#CC79A7",
} as const;

/** Of several series, in their order: each differs in both. */
export const seriesColours = (
  ["blue", "vermillion", "green", "purple", "orange", "sky", "black"] as const
).map((name) => palette[name]);
export const seriesShapes = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
];

/** Greys for what is not data: grid, axes, remarks. */
export const greys = { faint: "#E5E5E5", middle: "#8C8C8C", text: "#333333", white: "#FFFFFF" } as const;

/** Width of a whole chart in CSS pixels: an A4 page with 15 mm margins at 96 dpi. */
export const pageWidth = 680;

/** The first is the font that packages/chart-picture brings; the others stand in where a browser draws. */
const fonts = "BIZ UDPGothic, Hiragino Sans, Yu Gothic, Meiryo, Noto Sans CJK JP, Noto Sans JP, sans-serif";

export interface Titles {
  readonly title: string;
  readonly subtitle?: string;
}

/**
 * A chart from its titles, the key numbers in words, and its body; long titles are broken into lines.
 * @param words without the full stop
 */
export function chart({ title, subtitle = "" }: Titles, words: string, body: Spec): Chart {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: `${title}. ${words}.`,
    title: {
      text: wrap(title, pageWidth / 16),
      ...(subtitle === "" ? {} : { subtitle: wrap(subtitle, pageWidth / 12) }),
    },
    ...body,
    config: {
      font: fonts,
      background: greys.white,
      padding: 8,
      view: { stroke: greys.faint },
      title: {
        anchor: "start",
        frame: "bounds",
        fontSize: 16,
        subtitleFontSize: 12,
        offset: 14,
        subtitlePadding: 6,
        lineHeight: 21,
        subtitleLineHeight: 17,
        color: greys.text,
        subtitleColor: greys.text,
      },
      axis: {
        labelFontSize: 11,
        titleFontSize: 12,
        titleFontWeight: "normal",
        labelColor: greys.text,
        titleColor: greys.text,
        gridColor: greys.faint,
        domainColor: greys.middle,
        tickColor: greys.middle,
      },
      header: { labelFontSize: 12, labelFontWeight: "bold", labelColor: greys.text, title: null },
      legend: {
        orient: "bottom",
        title: null,
        labelFontSize: 12,
        labelColor: greys.text,
        symbolOpacity: 1,
        columnPadding: 24,
      },
    },
  };
}
