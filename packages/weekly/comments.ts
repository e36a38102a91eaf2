/**
 * The student's own words: one Markdown file that no command changes once it is there, with a .bib file
 * beside it. Its second-level headings are the sections of the report; plans are its task list.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeBeside } from "../../lib/support/files";
import { listed } from "../../lib/support/listed";
import { brief } from "../../lib/support/printable";
import { type Reference, readBibliography } from "./bibliography";
import type { Plan } from "./format";

/** What a section is known by, whatever of its names stands in the file. */
const SECTIONS = {
  summary: ["あらすじ", "Summary"],
  progress: ["進捗", "Progress"],
  results: ["結果", "Results"],
  plans: ["今後の実験予定", "Plans"],
  machine: ["マシンの不具合", "Machine troubles"],
} as const;
type Section = keyof typeof SECTIONS;

export interface Comments {
  readonly path: string;
  /** Markdown by section; of plans what is no task. */
  readonly sections: Readonly<Record<Section, string>>;
  /** Sections of other names, between results and plans. */
  readonly others: readonly { readonly heading: string; readonly text: string }[];
  /** By the number or name of a notebook: what stands under "### 01" in the results. */
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

/** Blanks with the same lines, so that a line keeps its number. */
const blank = (text: string) => text.replace(/[^\n]/g, "");

/** Blanks in the place of <!-- remarks -->; one that is not closed stays. */
function withoutRemarks(text: string): string {
  let kept = "",
    at = 0;
  for (;;) {
    const start = text.indexOf("<!--", at),
      end = start < 0 ? -1 : text.indexOf("-->", start + 4);
    if (end < 0) return kept + text.slice(at);
    kept += text.slice(at, start) + blank(text.slice(start, end + 3));
    at = end + 3;
  }
}

/** Where "[@key]" or "[@one; @two]" stands outside of code. */
const CITATION = /\[(@[^[\]\s;]+(?:\s*;\s*@[^[\]\s;]+)*)\]/g;

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
    (existsSync(bib) ? readBibliography(readFileSync(bib, "utf8"), bib) : []).map((one) => [one.key, one]),
  );
  const order: Reference[] = [];
  const numbered = text.replace(CITATION, (_, keys: string, offset: number) => {
    const numbers = keys.split(/\s*;\s*/).map((word) => {
      const reference = known.get(word.slice(1));
      if (!reference)
        throw new Error(
          `${path}:${text.slice(0, offset).split("\n").length}: [${brief(word)}] is not in ${bib}; there are ${listed([...known.keys()]) || "none"}`,
        );
      if (!order.includes(reference)) order.push(reference);
      return order.indexOf(reference) + 1;
    });
    return `\\[${numbers.join(", ")}\\]`;
  });
  return { text: numbered, references: order };
}

/** Parts of a text under headings of one level; what stands before the first has the heading "". */
function under(text: string, mark: "##" | "###"): { readonly heading: string; readonly text: string }[] {
  const parts = [{ heading: "", text: "" }];
  let fence = "";
  for (const line of text.split("\n")) {
    const [, ticks] = /^\s*(```+|~~~+)/.exec(line) ?? [];
    if (ticks) fence = fence === "" ? ticks : line.trim().startsWith(fence) ? "" : fence;
    const heading =
      fence === "" && line.startsWith(`${mark} `) ? line.slice(mark.length + 1).trim() : undefined;
    if (heading === undefined) parts[parts.length - 1]!.text += `${line}\n`;
    else parts.push({ heading, text: "" });
  }
  return parts
    .map((part) => ({ ...part, text: part.text.trim() }))
    .filter(({ heading, text }) => heading || text);
}

const sectionOf = (heading: string): Section | undefined =>
  (Object.keys(SECTIONS) as Section[]).find((name) =>
    SECTIONS[name].some((word) => heading.replace(/^[\d.]+\s*/, "").toLowerCase() === word.toLowerCase()),
  );

/**
 * Reads the file.
 * @throws if it cites what its references.bib does not have, or that file is broken: with file and line
 */
export function readComments(path: string): Comments {
  const whole = (existsSync(path) ? readFileSync(path, "utf8") : "")
    .replace(/\r\n?/g, "\n")
    .replace(/^\ufeff/, "");
  const { text, references } = cited(withoutRemarks(whole), path);
  const parts = under(text, "##").filter(({ heading }) => heading !== "");
  const textOf = (name: Section) =>
    parts
      .filter(({ heading }) => sectionOf(heading) === name)
      .map((part) => part.text)
      .filter(Boolean)
      .join("\n\n");
  const task = /^\s*[-*+]\s+\[([ xX])\]\s+(.+)$/;
  const lines = textOf("plans").split("\n");
  const plans = lines.flatMap((line) => {
    const [, mark, words] = task.exec(line) ?? [];
    return words === undefined ? [] : [{ text: words.trim(), done: mark !== " " }];
  });
  const results = under(textOf("results"), "###");
  return {
    path,
    sections: {
      summary: textOf("summary"),
      progress: textOf("progress"),
      results: results.find(({ heading }) => heading === "")?.text ?? "",
      plans: lines
        .filter((line) => !task.test(line))
        .join("\n")
        .trim(),
      machine: textOf("machine"),
    },
    others: parts.filter(({ heading, text }) => sectionOf(heading) === undefined && text !== ""),
    notebooks: new Map(
      results.filter(({ heading }) => heading !== "").map(({ heading, text }) => [heading, text]),
    ),
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
