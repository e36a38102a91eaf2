/**
 * A published table as it is pasted into a notebook: Markdown, LaTeX, or columns copied from Excel, Word or a
 * PDF with tabs or spaces between them; one row of headings, or test sets and below them their scores.
 */
import { grouped } from "../../lib/support/groups";
import { brief } from "../../lib/support/printable";
import { type Printed, type PublishedTable, printed } from "./published";

export interface PastedTable {
  /** What is printed for a test set, for instance ".652 / .300 / .207" with ["accuracy", "recall", "f1"]. */
  readonly metrics: PublishedTable["metrics"];
  /** The name of the row that calls nothing positive, if there is one. */
  readonly alwaysNegative?: string;
  /** Columns that are not read: of averages, or of other scores. */
  readonly leaveOut?: readonly string[];
  /**
   * What ± says: the spread of several runs, whose mean is no count's score, so that its row is left out (the
   * default), or an interval around the score of one run.
   */
  readonly spread?: "runs" | "interval";
}

interface Line {
  /** From 1. */
  readonly at: number;
  /** The first one names the system. */
  readonly cells: readonly string[];
}

/** A score as it stands in a cell, a share or a percentage. */
interface Score {
  readonly at: number;
  readonly column: number;
  readonly text: string;
  readonly number: string;
  readonly percent: boolean;
  readonly spread: boolean;
}

/** Of at most 20 digits on each side; Python prints 17. */
const SCORE = /^(\d{0,20}\.\d{1,20}|\d{1,20})(%?)(±(?:\d*\.\d+|\d+)%?)?(%?)$/;
const NONE = /^[-–—―−]$/;
const MOST_COLUMNS = 1000; // of \multicolumn{9999999999}
/** Letters of a line, and of what stands between two blanks. */
const [LONGEST_LINE, LONGEST_WORD] = [10_000, 1000];
const UNIT = /\s*[([]?%[)\]]?$/;
const NAMES: readonly (readonly [PublishedTable["metrics"][number], RegExp])[] = [
  ["accuracy", /^(acc(uracy|\.)?|正解率|正答率)$/i],
  ["precision", /^(p|prec(ision|\.)?|適合率)$/i],
  ["recall", /^(r|rec(all|\.)?|再現率)$/i],
  ["f1", /^(f|f-?1|f1?-?(score|measure|値))$/i],
  ["macroF1", /^(macro|マクロ)[-\s]?f-?1?$/i],
];

/** Full-width letters of Japanese PDFs as ASCII, and no others: ² behind a score is a note, not a digit. */
const halfWidth = (text: string) =>
  text.replace(/[！-～]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));
/** The score that a heading names, if it is a usual name. */
const metricOf = (heading: string) => {
  const name = halfWidth(heading).replace(UNIT, "");
  return NAMES.find(([, names]) => names.test(name))?.[0];
};
/** "Acc. (%)", and not "10%" of something. */
const isPercent = (heading: string) => UNIT.test(halfWidth(heading)) && !/\d\s*%$/.test(halfWidth(heading));

/** Without bold and the like, which say nothing of the value. */
function plain(cell: string): string {
  for (let before = cell; ; ) {
    const inner = before
      .replace(/\\(?:textbf|textit|emph|underline|mathbf|text|bm)\s*\{([^{}]*)\}/g, "$1")
      .replace(/\{\\(?:bf|it|em|bfseries|itshape)\s+([^{}]*)\}/g, "$1")
      .replace(/<\/?(?:b|strong|i|em|u|span)\b[^>]*>/gi, "")
      .replace(/^(\*\*|__|\$)(.*)\1$/, "$2")
      .replace(/\\([%&_#|])/g, "$1")
      .trim();
    if (inner === before) return inner;
    before = inner;
  }
}

/** The scores of a cell, null for a dash, and undefined where something else stands. */
function scoresIn(cell: string, at = 0, column = 0): readonly (Score | null | undefined)[] {
  const words = halfWidth(plain(cell))
    .replace(/\\pm|\+\/?[-−]/g, "±")
    .replace(/_\{(±[^}]*)\}/g, "$1")
    .replace(/\^\{?[*†‡§]+\}?/g, "")
    .replace(/__|[$*†‡§{}~]/g, " ")
    .replace(/\s*±\s*/g, "±")
    .replace(/\s+%/g, "%")
    .split(/(?:[\s/;]|,(?!\d))+/)
    .filter(Boolean);
  return words.map((text) => {
    if (NONE.test(text)) return null;
    const [, number, before, spread, after] = SCORE.exec(text) ?? [];
    if (number === undefined) return undefined;
    return { at, column, text, number, percent: before + after !== "", spread: spread !== undefined };
  });
}
const beginsWithNumber = (cell: string) => /^[^\p{L}]*\d/u.test(halfWidth(plain(cell)));

/** Cells between tabs, bars or &; else between spaces, where the scores that end a line are cells. */
function cellsOf(line: string): readonly string[] {
  const trimmed = line.trim();
  if (line.includes("\t")) return line.split("\t").map(plain);
  if (line.includes("|"))
    return trimmed
      .replace(/^\||(?<!\\)\|$/g, "")
      .split(/(?<!\\)\|/)
      .map(plain);
  if (/(?<!\\)&/.test(line))
    return trimmed
      .replace(/\\\\.*$/, "")
      .split(/(?<!\\)&/)
      .flatMap((cell) => {
        const [, columns = 1, text = cell] = /\\multicolumn\{(\d+)\}\{[^{}]*\}(.*)/.exec(cell) ?? [];
        const name = text.replace(/\\multirow\{[^{}]*\}\{[^{}]*\}|\\(?:top|mid)rule|\\hline/g, "").trim();
        return new Array<string>(Math.min(Number(columns), MOST_COLUMNS)).fill(
          plain(name.replace(/^\{(.*)\}$/, "$1")),
        );
      });
  if (trimmed.startsWith("\\")) return []; // \toprule, \begin{tabular}
  const words = trimmed.replace(/\s*([/±])\s*/g, "$1").split(/\s+/);
  let first = words.length;
  while (first > 1 && scoresIn(words[first - 1]).every((score) => score !== undefined)) first--;
  if (first < words.length) return [words.slice(0, first).join(" "), ...words.slice(first)];
  return trimmed.split(/\s{2,}/.test(trimmed) ? /\s{2,}/ : /\s+/);
}

/** A line with at most two blanks side by side. @throws if it is longer than any of a table */
function lineOf(text: string, at: number): string {
  const line = text.replace(/[^\S\t]{3,}/g, "  "),
    word = line.split(/\s/).find(({ length }) => length > LONGEST_WORD);
  if (word !== undefined)
    throw new Error(`line ${at}: "${brief(word)}" has ${word.length} letters, and no table has such a word`);
  if (line.length > LONGEST_LINE)
    throw new Error(`line ${at}: "${brief(line)}" has ${line.length} letters, and no table has such a line`);
  return line;
}

/** A heading for each column: a merged one is followed by blanks, or all stand over as many columns each. */
function overColumns(headings: readonly string[], columns: number): readonly string[] | undefined {
  const width = columns / headings.length;
  if (headings.length > columns || !headings[0]) return undefined;
  if (headings.includes("")) {
    let name = "";
    return Array.from({ length: columns }, (_, i) => (name = headings[i] || name));
  }
  return Number.isInteger(width)
    ? headings.flatMap((name) => new Array<string>(width).fill(name))
    : undefined;
}

/** A test set and its columns, the first column of scores being 0. */
interface TestSet {
  readonly testSet: string;
  readonly columns: readonly number[];
}

/** Neighbouring columns of one name, but for those left out. */
function testSetsOf(names: readonly string[], isRead: (column: number) => boolean): readonly TestSet[] {
  const sets: { testSet: string; columns: number[] }[] = [];
  names.forEach((testSet, column) => {
    if (!isRead(column)) return;
    if (sets.at(-1)?.testSet === testSet) sets.at(-1)?.columns.push(column);
    else sets.push({ testSet, columns: [column] });
  });
  return sets;
}

interface Headings {
  readonly sets: readonly TestSet[];
  /** For each column whether its heading says that it holds percentages. */
  readonly percent: readonly boolean[];
}

/** What the rows of headings say. @throws if they do not fit the columns, or fit them in two ways */
function headingsOf(
  heads: readonly Line[],
  row: Line,
  {
    metrics,
    leaveOut,
  }: { readonly metrics: PublishedTable["metrics"]; readonly leaveOut: readonly string[] },
): Headings {
  const [{ at, cells }] = heads,
    width = row.cells.length - 1,
    left = leaveOut.map(plain),
    ownScores = heads.length === 1 && cells.slice(1).every((name) => left.includes(name) || metricOf(name));
  if (heads.length > 2)
    throw new Error(`line ${heads[2].at}: a third row of headings, or a row of which no cell is a score`);
  const scores = heads.length === 2 ? heads[1].cells.slice(-width) : ownScores ? cells.slice(1) : [];
  if (scores.length > 0 && scores.length !== width)
    throw new Error(`line ${heads.at(-1)?.at}: ${scores.length} headings over ${width} columns of scores`);
  const readings = (ownScores ? [["test set"]] : [cells.slice(1), cells]).flatMap((headings) => {
    const names = overColumns(headings, width);
    if (names === undefined) return [];
    const sets = testSetsOf(names, (i) => !left.includes(names[i]) && !left.includes(scores[i]));
    return [{ sets, percent: names.map((name, i) => isPercent(name) || isPercent(scores[i] ?? "")) }];
  });
  const fitting = readings.filter(({ sets }) =>
    sets.every(({ columns }) => columns.flatMap((i) => scoresIn(row.cells[i + 1])).length === metrics.length),
  );
  if (fitting.length > 1)
    throw new Error(
      `line ${at}: the headings can stand over the columns in two ways: name the first column too`,
    );
  const read = fitting[0] ?? (cells.length === width + 1 ? readings[0] : undefined);
  if (read === undefined)
    throw new Error(`line ${at}: ${cells.length} headings do not fit ${width} columns of scores`);
  for (const { testSet, columns } of read.sets) {
    if (heads.length === 2 && metricOf(testSet))
      throw new Error(
        `line ${at}: "${brief(testSet)}" is a score: the first row of headings names the test sets`,
      );
    const odd = columns.find((i, j) => ![undefined, metrics[j]].includes(metricOf(scores[i] ?? "")));
    if (odd !== undefined && columns.length === metrics.length)
      throw new Error(
        `line ${heads.at(-1)?.at}: "${brief(scores[odd])}" stands where metrics say otherwise: ${metrics.join(", ")}`,
      );
  }
  return read;
}

/**
 * The scores of a column as shares. A number above 1 can only be a percentage, and then all of them are.
 * @throws for one that may be either
 */
function sharesOf(column: readonly Score[], heading: boolean): (readonly [Score, Printed])[] {
  const isLarge = column.some(({ number, percent }) => !percent && Number(number) > 1),
    hasPercent = isLarge || column.some(({ percent }) => percent);
  const large = column.find(({ number }) => Number(number) > 100),
    either = column.find(({ number, percent }) => !percent && Number(number) > 0 && Number(number) <= 1);
  if (large)
    throw new Error(`line ${large.at}: "${brief(large.text)}" is no share from 0 to 1 and no percentage`);
  if (hasPercent && !heading && either)
    throw new Error(
      `line ${either.at}: "${brief(either.text)}" in a column of percentages may be a share: write % behind it if it is none`,
    );
  return column.map((score) => [score, printed(score.number, score.percent || heading || isLarge)]);
}

/** The scores of one row, one list a test set. @throws with what is no score, or none too many or too few */
function scoresOf(
  { at, cells }: Line,
  sets: readonly TestSet[],
  metrics: PublishedTable["metrics"],
): readonly (readonly (Score | null)[])[] {
  return sets.map(({ testSet, columns }) => {
    const words = columns.map((i) => cells[i + 1]).join(" "),
      scores = columns.flatMap((i) => scoresIn(cells[i + 1], at, i));
    if (/\d,\d/.test(words))
      throw new Error(
        `line ${at}: "${brief(words)}": a comma may be a decimal point or part thousands: write a point`,
      );
    if (scores.includes(undefined))
      throw new Error(
        `line ${at}: "${brief(words)}" is no score, a share or a percentage, and not "-" for none`,
      );
    if (scores.length !== metrics.length)
      throw new Error(`line ${at}: "${brief(words)}" is not ${metrics.join(" / ")}`);
    if (scores.every((score) => score === null))
      throw new Error(
        `line ${at}: no score for "${brief(testSet)}": leave out the row, or the column by leaveOut`,
      );
    return scores as (Score | null)[];
  });
}

/**
 * Reads a table: headings first, then one row a system; in a cell scores stand between slashes or spaces, "-"
 * where none is printed. Of each score its own decimals count (.30 has two). Bold is passed over.
 * @throws with line and value if a score is none, or may be a share as well as a percentage, if a comma may
 *   be a decimal point, or if a cell, a row or the headings do not fit `metrics`
 */
export function pastedTable(
  text: string,
  { metrics, alwaysNegative, leaveOut = [], spread = "runs" }: PastedTable,
): PublishedTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ at: i + 1, cells: cellsOf(lineOf(line, i + 1)) }))
    .filter(({ cells }) => !cells.every((cell) => /^[-: ]*$/.test(cell)));
  const body = lines.findIndex(({ cells }, i) => i > 0 && cells.slice(1).some(beginsWithNumber));
  if (body < 0)
    throw new Error("the pasted table has no rows: it takes a line of headings and one line a system");
  const accuracy = metrics.indexOf("accuracy");
  if (alwaysNegative !== undefined && accuracy < 0)
    throw new Error("a baseline that calls nothing positive is read by its accuracy, which is not printed");
  const { sets, percent } = headingsOf(lines.slice(0, body), lines[body], { metrics, leaveOut });
  const rows = lines.slice(body).map((line) => {
    if (line.cells.length !== percent.length + 1)
      throw new Error(`line ${line.at}: ${line.cells.length} columns under ${percent.length + 1} headings`);
    return { system: line.cells[0], scores: scoresOf(line, sets, metrics) };
  });
  const all = rows.flatMap(({ scores }) => scores.flat()).filter((score): score is Score => score !== null),
    shares = new Map(
      [...grouped(all, ({ column }) => column)].flatMap(([column, some]) => sharesOf(some, percent[column])),
    );
  const isMean = ({ scores }: (typeof rows)[number]) =>
    spread === "runs" && scores.flat().some((score) => score?.spread);
  const share = (score: Score | null) => (score === null ? null : (shares.get(score) ?? null));
  const read = rows.filter((row) => !isMean(row)),
    systems = read.filter(({ system }) => system !== alwaysNegative),
    baselines = rows.filter(({ system }) => system === alwaysNegative);
  if (alwaysNegative !== undefined && baselines.length !== 1)
    throw new Error(`${baselines.length} rows are named "${alwaysNegative}", not one`);
  if (systems.length === 0)
    throw new Error(
      'each row has ±: the mean of several runs is the score of no counts; spread: "interval" reads them as single runs',
    );
  return {
    metrics,
    testSets: sets.map(({ testSet }) => testSet),
    systems: systems.map(({ system, scores }) => ({ system, cells: scores.map((cell) => cell.map(share)) })),
    ...(read.includes(baselines[0]) && {
      alwaysNegative: baselines[0].scores.map((cell) => share(cell[accuracy])),
    }),
    means: rows.filter(isMean).map(({ system }) => system),
  };
}
