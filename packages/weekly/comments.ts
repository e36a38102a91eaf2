/**
 * The student's own words: one Markdown file that no command changes once it is there, with a .bib file
 * beside it. Its second-level headings are the sections of the report; plans are its task list.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";
import { writeBeside } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";
import { listed } from "../../lib/support/listed";
import { brief } from "../../lib/support/printable";
import { readText } from "../table-file";
import { type Reference, readBibliography } from "./bibliography";
import type { Plan } from "./format";

/** What a section is known by, whatever of its names stands in the file. */
const SECTIONS = {
  summary: ["あらすじ", "概要", "Summary"],
  progress: ["進捗", "Progress"],
  results: ["結果", "Results"],
  plans: ["今後の実験予定", "今後の予定", "予定", "Plans"],
  machine: ["マシンの不具合", "Machine troubles"],
} as const;
type Section = keyof typeof SECTIONS;

export interface Comments {
  readonly path: string;
  /** Markdown by section; of plans what is no task. */
  readonly sections: Readonly<Record<Section, string>>;
  /** Sections of other names, between results and plans. */
  readonly others: readonly { readonly heading: string; readonly text: string }[];
  /** By the heading, a notebook's number or name as a rule: what stands under "### 01" in the results. */
  readonly notebooks: ReadonlyMap<string, string>;
  readonly plans: readonly Pick<Plan, "text" | "done">[];
  /** Those that the file cites, in the order of their numbers. */
  readonly references: readonly Reference[];
}

const TEMPLATE = `# 進捗報告のコメント

<!-- npm run report -- --weekly がこのファイルを読む。書き換えるのは自分だけで、コマンドは変更しない。
     見出しごとに Markdown で書く。文献は同じフォルダの references.bib に置き、[@key] で引用する。
     予定は「- [ ] すること」と書き、終わったら「- [x] すること」にする。 -->

## あらすじ

## 進捗

## 結果

## 今後の実験予定

## マシンの不具合
`;

/** Writes a file to begin with where there is none. @returns whether it did */
export function beginComments(path: string): boolean {
  if (existsSync(path)) return false;
  writeBeside(path, TEMPLATE);
  return true;
}

/** Code in Markdown, in fences or back ticks: what looks like a comment or a citation in it is none. */
const CODE =
  /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n(?:[\s\S]*?^ {0,3}\1[`~]*[ \t]*$|[\s\S]*)|(?<!`)(`+)(?!`)[^`](?:(?:(?!\n\s*\n)[\s\S])*?[^`])?\2(?!`)/gm;

/** The text, changed outside of code; `at` is where a part begins. */
function outsideCode(text: string, change: (part: string, at: number) => string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(CODE)) {
    pieces.push(change(text.slice(at, match.index), at), match[0]);
    at = match.index! + match[0].length;
  }
  return [...pieces, change(text.slice(at), at)].join("");
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/**
 * The text with blanks in the place of comments, so that a line keeps its number.
 * @throws naming file and line of one that is not closed
 */
const withoutComments = (text: string, path: string): string =>
  outsideCode(text, (part, from) =>
    part.replace(/<!--([\s\S]*?)(-->|$(?![\s\S]))/g, (whole, _, end: string, at: number) => {
      if (end === "")
        throw new Error(`${path}:${lineOf(text, from + at)}: the comment <!-- that begins here has no -->`);
      return whole.replace(/[^\n]/g, "");
    }),
  );

/** Where "[@key]", "[@one; @two]" or "[@key, p. 3]" stands; what leads to an address is a link. */
const CITATION = /\[(@[^[\]\s;,]+(?:,[^[\];]*)?(?:\s*;\s*@[^[\]\s;,]+(?:,[^[\];]*)?)*)\](?!\()/g;

/**
 * "[@devlin2019]" as "[1]", by the order in which works are cited.
 * @throws naming file and line of an unknown one
 */
function cited(
  text: string,
  path: string,
): { readonly text: string; readonly references: readonly Reference[] } {
  const bib = join(dirname(path), "references.bib");
  const known = new Map(
    (existsSync(bib) ? readBibliography(readText(bib), bib) : []).map((one) => [one.key, one]),
  );
  const order: Reference[] = [];
  const numbered = outsideCode(text, (part, from) =>
    part.replace(CITATION, (_, works: string, at: number) => {
      const numbers = works.split(";").map((word) => {
        const [, key, place = ""] = /^@([^,]+)(,.*)?$/s.exec(word.trim())!;
        const reference = known.get(key!);
        if (!reference)
          throw new Error(
            `${path}:${lineOf(text, from + at)}: [@${brief(key!)}] is not in ${bib}; there are ${listed([...known.keys()]) || "none"}`,
          );
        if (!order.includes(reference)) order.push(reference);
        return `${order.indexOf(reference) + 1}${place}`;
      });
      return `\\[${numbers.join(", ")}\\]`;
    }),
  );
  return { text: numbered, references: order };
}

interface Under {
  readonly heading: string;
  /** Of the heading, as in "##"; 0 without one. */
  readonly level: number;
  readonly text: string;
}

/** Parts of a text under headings of some levels; what stands before the first has the heading "". */
function under(text: string, levels: readonly number[]): Under[] {
  const lines = text.split("\n"),
    tokens = new MarkdownIt().parse(text, {});
  const headings = tokens.flatMap(({ type, tag, level, map }, i) =>
    type === "heading_open" && level === 0 && levels.includes(Number(tag[1]))
      ? [{ heading: tokens[i + 1]!.content.trim(), level: Number(tag[1]), from: map![0], to: map![1] }]
      : [],
  );
  const textOf = (from: number, to?: number) => lines.slice(from, to).join("\n").trim();
  return [
    { heading: "", level: 0, text: textOf(0, headings[0]?.from) },
    ...headings.map(({ heading, level, to }, i) => ({
      heading,
      level,
      text: textOf(to, headings[i + 1]?.from),
    })),
  ].filter((part) => part.heading !== "" || part.text !== "");
}

/** "３．結果：" is 結果. */
const plain = (heading: string): string =>
  heading
    .normalize("NFKC")
    .replace(/^[\d.)、\s]+|[::\s]+$/g, "")
    .toLowerCase();

const sectionOf = (heading: string): Section | undefined =>
  (Object.keys(SECTIONS) as Section[]).find((name) =>
    SECTIONS[name].some((word) => plain(heading) === word.toLowerCase()),
  );

/** A task of a list; the mark is a blank where it is still open. */
const TASK = /^\s*(?:[-*+]|\d+[.)])\s+[[［]([ \u3000xXｘ✓✔]?)[\]］]\s*(.*)$/;

/** The tasks of a section, with the lines that go on below one, and what else stands there. */
function tasksIn(text: string): { readonly plans: Comments["plans"]; readonly rest: string } {
  const plans: { text: string; done: boolean }[] = [],
    rest: string[] = [];
  let inTask = false,
    fence = "";
  for (const line of text.split("\n")) {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== undefined) fence = fence === "" ? mark : line.trim().startsWith(fence) ? "" : fence;
    const task = fence === "" && mark === undefined ? TASK.exec(line) : null;
    if (task) plans.push({ text: task[2]!.trim(), done: task[1]!.trim() !== "" });
    else if (inTask && /^\s+\S/.test(line) && !/^\s*(?:[-*+]|\d+[.)])\s/.test(line))
      plans[plans.length - 1]!.text += ` ${line.trim()}`;
    else rest.push(line);
    inTask = task !== null || (inTask && rest[rest.length - 1] !== line);
  }
  const named = plans.filter((plan) => plan.text !== ""); // an empty box is a form to be filled in
  return {
    plans: [...new Map(named.map((plan) => [plan.text, plan])).values()],
    rest: rest.join("\n").trim(),
  };
}

const joined = (texts: readonly string[]): string => texts.filter(Boolean).join("\n\n");

/**
 * Reads the file. Nothing in it is passed over: what stands before the first section belongs to the summary.
 * @throws if it cites what its references.bib does not have, or one of the two is broken: with file and line
 */
export function readComments(path: string): Comments {
  const whole = (existsSync(path) ? readText(path) : "").replace(/\r\n?/g, "\n").replace(/^\ufeff/, "");
  const { text, references } = cited(withoutComments(whole, path), path);
  // "##結果" is no heading to Markdown, but nobody means anything else
  const spaced = outsideCode(text, (part) =>
    part.replace(/^(#{1,2})(?=([^#\s].*)$)/gm, (mark, _, words: string) =>
      sectionOf(words) ? `${mark} ` : mark,
    ),
  );
  const parts = under(spaced, [1, 2]).map((part, i) =>
    // a title is no section: "# 進捗報告" with sections below it
    i === 0 && part.level === 1 && !sectionOf(part.heading) ? { ...part, heading: "" } : part,
  );
  const textsOf = (name: Section) =>
    parts.filter(({ heading }) => sectionOf(heading) === name).map((part) => part.text);
  const textOf = (name: Section) => joined(textsOf(name));
  const before = parts.find(({ heading }) => heading === "")?.text ?? "";
  const { plans, rest } = tasksIn(textOf("plans"));
  const results = grouped(
    textsOf("results").flatMap((one) => under(one, [3])),
    ({ heading }) => heading,
  );
  const written = new Map(
    [...results].map(([heading, own]) => [heading, joined(own.map((one) => one.text))]),
  );
  return {
    path,
    sections: {
      summary: joined([before, textOf("summary")]),
      progress: textOf("progress"),
      results: written.get("") ?? "",
      plans: rest,
      machine: textOf("machine"),
    },
    others: parts
      .filter((part) => part.heading !== "" && !sectionOf(part.heading) && part.text !== "")
      .map((part) => ({ heading: part.heading, text: part.text })),
    notebooks: new Map([...written].filter(([heading]) => heading !== "")),
    plans,
    references,
  };
}

/** Plans as a report shows them: those of the file, and those of the last report that it no longer has. */
export interface CarriedPlans {
  /** Done ones only in the first report that has them done. */
  readonly plans: readonly Plan[];
  /** Open in the last report and gone without being done. */
  readonly withdrawn: readonly Plan[];
  /** What the record keeps, done ones too. */
  readonly kept: readonly Plan[];
}

/** Carries plans from the last report to this one. */
export function carryPlans(
  own: Comments["plans"],
  { last, date }: { readonly last: readonly Plan[]; readonly date: string },
): CarriedPlans {
  const before = new Map(last.map((plan) => [plan.text, plan]));
  const kept = own.map((plan): Plan => ({ ...plan, since: before.get(plan.text)?.since ?? date }));
  return {
    kept,
    plans: kept.filter(({ text, done }) => !(done && before.get(text)?.done)),
    withdrawn: last.filter(({ text, done }) => !done && !own.some((plan) => plan.text === text)),
  };
}
