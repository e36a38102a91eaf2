/**
 * The few conventions by which a notebook speaks to a page and a report:
 *
 * - the file is `NN-name.ipynb`; its title is the first `# ` heading;
 * - a paragraph that starts with `**Question.**` asks in English, one that starts with `**問い。**` in Japanese;
 * - a remark that belongs to every number (practice data) is the first quotation, `> …`;
 * - the answer depends on the results, so a cell shows it: an output of the type ANSWER_MIME;
 * - a chart is an output of the type VEGALITE_MIME, beside its picture; its caption, and whether it is the
 *   picture on the index page, stand in the output's `metadata.komalab`;
 * - an output of the type RUNS_MIME names the stored runs behind the numbers above it, beside it in
 *   PREDICTED_MIME what each said of its test texts;
 * - an output of the type LINES_MIME holds the lines behind the charts below it, which a click lists;
 * - an output that holds DATA_MIME beside its other forms shows lines of the data, whatever cell it is of;
 * - the cell tagged `parameters` declares settings (parameters.ts); the notebook's metadata `komalab.quick` =
 *   { epochs: 2 } are the settings of a quick run;
 * - a cell tagged `lines` shows lines of the data: a private report leaves its outputs out, and
 *   `komalab.private` = true makes every report of the notebook private;
 * - a report re-uses a notebook whose inputs are unchanged; with `komalab.always` = true it is executed in
 *   every report, after the others, because it shows what they say;
 * - with `komalab.demo` = true `npm run report -- --demo` makes a page in which its model can be tried, where
 *   no notebooks are named;
 * - a block of markdown stands in English and, below it in the same cell, in Japanese: a page shows one of
 *   them; a heading has both, "Data / データ"; `komalab.japanese` = { "Size in memory": "メモリ上の大きさ" }
 *   translates what only this notebook's outputs say (packages/japanese);
 * - `komalab.executed` is the hash of the code cells (cellsHash) that the outputs are of, where a report
 *   executed them: of cells that were changed and not executed it is another one.
 */
import { canonicalJson, sha256 } from "../../lib/support/files";
import { isObject } from "../hf-files";
import { hasTag, type Notebook, type Output, outputsOf, textOf } from "./notebook";

export const VEGALITE_MIME = "application/vnd.vegalite.v5+json";
export const ANSWER_MIME = "application/vnd.komalab.answer+json";
export const LINES_MIME = "application/vnd.komalab.lines+json";
/** True where an output shows lines of the data: a private report leaves it out. */
export const DATA_MIME = "application/vnd.komalab.data+json";
/** ["01-manga/0123456789ab", …]: experiment and name of each run. */
export const RUNS_MIME = "application/vnd.komalab.runs+json";

/** Classes as a string, a letter each: "0" for class 0, "1" for class 1 …, " " where there is none. */
export const letters = (classes: readonly (number | undefined)[]): string =>
  classes.map((one) => (one === undefined ? " " : String.fromCharCode(48 + one))).join("");

/** The classes of such a string, in which there is one of each. */
export const classesOf = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0) - 48);

/** { "01-manga/0123456789ab": "0110…" }: of each run its predicted classes, a letter each. */
export const PREDICTED_MIME = "application/vnd.komalab.predicted+json";

/** SHA-256 of the code cells without injected settings. */
export const cellsHash = (notebook: Notebook): string =>
  sha256(
    canonicalJson(
      notebook.cells
        .filter((cell) => cell.cell_type === "code" && !hasTag(cell, "injected-parameters"))
        .map(({ source }) => textOf(source)),
    ),
  );

/** A notebook's answer in one sentence. */
export interface Answer {
  readonly en: string;
  readonly ja: string;
  /** The number or word that a reader remembers, for the report's index. */
  readonly short?: string;
  /** What it is to be measured by: "always negative 0, TF-IDF .33, people .54". */
  readonly scale?: string;
}

/**
 * Which text each system and seed took for what. A class is a letter of a string ("0" for class 0, " " where
 * there is none), so that a notebook stays small. A type, because an interface is no JSON to the compiler.
 */
export type LinesTable = {
  readonly labels: readonly string[];
  readonly texts: readonly string[];
  /** `items` are places in `texts`, `gold` their classes. */
  readonly tests: readonly {
    readonly name: string;
    readonly items: readonly number[];
    readonly gold: string;
  }[];
  /** `test` is a place in `tests`; `predicted` is in the order of its items. */
  readonly runs: readonly {
    readonly system: string;
    readonly test: number;
    readonly seed: number | null;
    readonly predicted: string;
  }[];
};

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Whether a table's places, letters and lengths fit each other: a notebook may come from elsewhere. */
function isLinesTable(value: unknown): value is LinesTable {
  if (!isObject(value)) return false;
  const { labels, texts, tests, runs } = value;
  if (!areTexts(labels) || !areTexts(texts) || !Array.isArray(tests) || !Array.isArray(runs)) return false;
  const isPlace = (of: readonly unknown[]) => (at: unknown) =>
    Number.isInteger(at) && (at as number) >= 0 && (at as number) < of.length;
  const areLetters = (word: unknown, length: unknown, none = "") =>
    typeof word === "string" &&
    word.length === length &&
    [...word].every((letter) => letter === none || isPlace(labels)(letter.charCodeAt(0) - 48));
  return (
    tests.every(
      (test) =>
        isObject(test) &&
        typeof test.name === "string" &&
        Array.isArray(test.items) &&
        test.items.every(isPlace(texts)) &&
        areLetters(test.gold, test.items.length),
    ) &&
    runs.every(
      (run) =>
        isObject(run) &&
        typeof run.system === "string" &&
        isPlace(tests)(run.test) &&
        (run.seed === null || Number.isInteger(run.seed)) &&
        areLetters(
          run.predicted,
          (tests[run.test as number] as LinesTable["tests"][number]).gold.length,
          " ",
        ),
    )
  );
}

const behind = (notebook: Notebook): unknown[] =>
  outputsOf(notebook).flatMap(({ data }) => data?.[LINES_MIME] ?? []);

/** The lines behind a notebook's charts, where they are whole. */
export const linesTables = (notebook: Notebook): LinesTable[] => behind(notebook).filter(isLinesTable);

/** Every text of them, of broken ones too. */
export const textsBehind = (notebook: Notebook): string[] =>
  behind(notebook).flatMap((table) =>
    isObject(table) && Array.isArray(table.texts)
      ? table.texts.filter((text): text is string => typeof text === "string")
      : [],
  );

/** The words and the picture by which a notebook is presented; what it does not say is undefined. */
export interface Summary {
  readonly title: string;
  readonly question: { readonly en?: string; readonly ja?: string };
  /** What the first quotation says, for instance that these are practice data. */
  readonly remark?: string;
  readonly answer?: Answer;
  /** The output that holds the key figure. */
  readonly figure?: Output;
  /** Phrases of this notebook's outputs with their Japanese (packages/japanese). */
  readonly japanese?: Readonly<Record<string, string>>;
}

/** The two languages of a heading, "Data / データ"; undefined if it has one. */
export function bothTitles(text: string): { readonly en: string; readonly ja: string } | undefined {
  const [, number = "", words = text] = /^(\d+\s*[·:.]\s*)?(.*)$/s.exec(text) ?? [];
  const [en, ja, ...more] = words.split(" / ");
  const isOther = ja !== undefined && /[\u3041-\u30ff\u3400-\u9fff]/.test(ja);
  return isOther && more.length === 0 && !/[\u3041-\u30ff\u3400-\u9fff]/.test(en)
    ? { en: number + en, ja: number + ja }
    : undefined;
}

/** A paragraph that starts with the bold word `mark`, up to an empty line or the next bold word. */
function marked(mark: string): RegExp {
  return new RegExp(`^\\*\\*${mark}[.。:：]?\\*\\*[.。:：]?([^]*?)(?=\\n\\s*\\n|\\n\\*\\*|$(?![^]))`, "m");
}

const isAnswer = (value: unknown): value is Answer =>
  isObject(value) && [value.en, value.ja].every((words) => typeof words === "string");

const TITLE = /^#\s+(.+)$/m;
const QUESTION = { en: marked("Question"), ja: marked("問い") } as const;

/** Markdown without title and question, which a page shows at its top. */
export function withoutOpening(markdown: string): string {
  return [TITLE, QUESTION.en, QUESTION.ja].reduce((text, pattern) => text.replace(pattern, ""), markdown);
}

/** Collects title, question, answer and key figure; a later answer replaces an earlier one. */
export function summarise(notebook: Notebook, fallbackTitle: string): Summary {
  const prose = notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .map((cell) => textOf(cell.source))
    .join("\n\n");
  const found = (pattern: RegExp): string | undefined =>
    pattern
      .exec(prose)?.[1]
      ?.split("\n")
      .map((line) => line.trim())
      .join(" ")
      .trim();
  const outputs = outputsOf(notebook);
  const charts = outputs.filter((output) => output.data?.["image/png"] !== undefined);
  return {
    title: found(TITLE) ?? fallbackTitle,
    remark: /^> *(.+(?:\n> *.+)*)/m.exec(prose)?.[1]?.replace(/\n> */g, " ").replaceAll("**", ""),
    question: { en: found(QUESTION.en), ja: found(QUESTION.ja) },
    answer: outputs
      .map((output) => output.data?.[ANSWER_MIME])
      .filter(isAnswer)
      .at(-1),
    japanese: notebook.metadata.komalab?.japanese,
    figure: charts.find((output) => output.metadata?.komalab?.key) ?? charts[0],
  };
}
