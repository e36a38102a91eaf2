/** The results as one table, for the terminal and for results.md, and how new rows join old ones. */
import type { Row, RowResult } from "./row";

export interface Results {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly threads: number;
    readonly memory: string;
    readonly system: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly RowResult[];
}

/**
 * Old results with new rows in the place of those of the same name, all in the order of `order`; rows against
 * other commits (name@commit) follow their own.
 */
export function merged(old: Results | undefined, fresh: Results, order: readonly Row[]): Results {
  const byName = new Map([...(old?.rows ?? []), ...fresh.rows].map((row) => [row.name, row])),
    names = new Set(order.map(({ name }) => name.split("@")[0]));
  const rows = [...names].flatMap((name) =>
    [...byName.values()].filter((row) => row.name.split("@")[0] === name),
  );
  return { machine: fresh.machine, versions: { ...old?.versions, ...fresh.versions }, rows };
}

/** Three significant digits, whole above 100. */
const short = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));

const unitOf = { faster: "×", more: "×", share: "× as much", value: "" } as const;

function cells({
  name,
  komalab,
  pytorch,
  unit,
  ratio,
  means,
  spread,
  peer,
  repeats,
}: RowResult): readonly string[] {
  const times = `${short(ratio)} ${means === "value" ? unit : unitOf[means]}`;
  const theirs = `${short(pytorch)} ${unit}${peer === "PyTorch" ? "" : ` (${peer})`}`;
  return [
    name,
    `${short(komalab)} ${unit}`,
    theirs,
    times,
    `${short(spread[0])}–${short(spread[1])}`,
    String(repeats),
  ];
}

const TITLES = ["row", "komalab", "PyTorch", "ratio", "spread", "repeats"];

/** The rows as a Markdown table whose columns are padded, so that it can be read as it is. */
export function markdownTable(rows: readonly RowResult[]): string {
  const lines = [TITLES, ...rows.map(cells)];
  const widths = TITLES.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = (line: readonly string[]) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [text(lines[0]), rule, ...lines.slice(1).map(text)].join("\n");
}

const isProduct = ({ name }: RowResult) => name.startsWith("matmul");

/** The table, the libraries' own matrix products under it, and what the rows are. */
export function report({ machine, versions, rows }: Results): string {
  const { processor, cores, threads, memory, system } = machine;
  const products = rows.filter(isProduct);
  const notes = rows.map(
    ({ name, what, note, date, code }) => `- ${name}: ${what}${note ? ` (${note})` : ""}; ${date}, ${code}`,
  );
  return [
    markdownTable(rows.filter((row) => !isProduct(row))),
    ...(products.length === 0
      ? []
      : [
          "",
          "Matrix products alone, to see how much of a ratio is the library below:",
          "",
          markdownTable(products),
        ]),
    "",
    "Ratio: how many times faster komalab is; for memory its share of the peer's, for dispatch-ms its milliseconds. Values are medians over",
    "repeats taken in turn; the spread is the lowest and the highest ratio of one pair of repeats.",
    "",
    ...notes,
    "",
    `${processor}, ${cores} cores, ${threads} threads on both sides, ${memory}, ${system}; ` +
      `${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}.`,
    "",
  ].join("\n");
}
