/**
 * The index of all notebooks: what each has answered, read from the executed files, and whether that still
 * holds.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { StoredAnswer } from "../../lib/show/answer";
import { markdown } from "../../lib/show/display";
import { countsInWords } from "../../lib/show/endings";
import { plural } from "../../lib/show/numbers";
import { changesSince } from "../../lib/show/origin";
import type { Bundle, Words } from "../../lib/show/style";
import { projectRoot } from "../../lib/support/files";
import {
  bothTitles,
  cellsHash,
  type Notebook,
  outputsOf,
  readNotebook,
  settingsOf,
  summarise,
} from "../notebook";

/** One execution of a notebook. */
export interface Found {
  /** The report that it is of; undefined for the notebook itself. */
  readonly report?: string;
  readonly answer?: StoredAnswer;
  /** The first error; the answer may stand in spite of it. */
  readonly error?: string;
  /** Settings that were not the notebook's own, and whether they were its quick ones. */
  readonly settings: ReturnType<typeof settingsOf>;
  /** What is not as it was; undefined where the answer does not say from what it was made. */
  readonly changes?: readonly Words[];
}

export interface IndexedNotebook {
  /** Without ".ipynb". */
  readonly name: string;
  readonly title: string;
  readonly found: readonly Found[];
}

export interface AnswerFolders {
  /** Where the notebooks are; by default beside the one that asks. */
  readonly notebooks?: string;
  /** Where reports go. */
  readonly reports?: string;
}

function look(executed: Notebook, notebook: Notebook, report?: string): Found {
  const answer = summarise(executed, "").answer as StoredAnswer | undefined;
  const error = outputsOf(executed).find(({ output_type }) => output_type === "error");
  const other =
    cellsHash(executed) === cellsHash(notebook)
      ? []
      : [{ en: "the notebook's cells have changed since", ja: "ノートのセルはその後変更された" }];
  return {
    report,
    answer,
    error: error && `${error.ename}: ${error.evalue}`,
    settings: settingsOf(executed),
    changes: answer?.origin && [...other, ...changesSince(answer.origin)],
  };
}

/**
 * Every notebook `NN-name` but 00, as it lies there and, where that is newer, as the latest report that has
 * it executed it. A report under way is the latest.
 */
export function notebookAnswers({
  notebooks = process.env.KOMALAB_NOTEBOOK_FOLDER ?? join(projectRoot, "notebooks"),
  reports = process.env.KOMALAB_REPORTS ?? join(projectRoot, "reports"),
}: AnswerFolders = {}): IndexedNotebook[] {
  const files = readdirSync(notebooks)
    .filter((file) => /^\d\d-.*\.ipynb$/.test(file) && !file.startsWith("00-"))
    .sort();
  const days = existsSync(reports)
    ? readdirSync(reports)
        .filter((day) => !day.startsWith("."))
        .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    : [];
  return files.map((file) => {
    const notebook = readNotebook(join(notebooks, file)),
      own = look(notebook, notebook);
    const day = days.find((one) => existsSync(join(reports, one, file)));
    const later = day === undefined ? undefined : look(readNotebook(join(reports, day, file)), notebook, day);
    const time = ({ answer, error }: Found) => (error === undefined ? (answer?.origin?.at ?? "") : "~"); // an error is always told
    const name = file.slice(0, -6);
    return {
      name,
      title: summarise(notebook, name).title,
      found: later && time(later) > time(own) ? [own, later] : [own],
    };
  });
}

const local = (at: string) => new Date(at).toLocaleString("sv-SE").slice(0, 16); // as 2026-11-22 12:03, in the time of this machine

/** When and from what, in one line of each language. */
function facts({ report, answer, settings, changes, error }: Found): Words {
  const { origin } = answer ?? {},
    quick = settings.some(({ from }) => from === "quick");
  const values = settings.map(({ name, value }) => `${name} ${value}`).join(", "),
    names = origin?.files.map(({ name }) => `\`${name}\``).join(", ");
  const practice = origin?.files.some(({ name }) => /^data\/(?!model)/.test(name));
  const counts = origin && countsInWords(origin);
  const parts: (readonly [en: string, ja: string] | undefined | false)[] = [
    report !== undefined && [`report ${report}`, `報告 ${report}`],
    origin && [local(origin.at), local(origin.at)],
    settings.length === 0
      ? ["the notebook's own settings", "ノート自身の設定"]
      : [
          `${quick ? "quick" : "other"} settings: ${values}`,
          `${quick ? "短縮版の設定" : "別の設定"}（${values}）`,
        ],
    names !== undefined &&
      names !== "" && [
        `${practice ? "practice data" : "data"}: ${names}`,
        `${practice ? "練習用データ" : "データ"}（${names}）`,
      ],
    origin &&
      counts &&
      origin.runs > 0 && [
        `${plural(origin.runs, "run")}, ${plural(origin.seeds, "seed")}, ${counts.en}`,
        `学習 ${origin.runs} 回、シード ${origin.seeds} 個、${counts.ja}`,
      ],
    origin?.minutes !== undefined &&
      origin.runs > 0 && [
        `${origin.minutes.toFixed(1)} minutes of one process`,
        `1 プロセスで計 ${origin.minutes.toFixed(1)} 分`,
      ],
    error !== undefined && [
      `**it did not run to its end:** ${error}`,
      `**最後まで実行されなかった**（${error}）`,
    ],
    changes === undefined
      ? answer && ["**from what it was made is not stored**", "**何から得た答えかは記録がない**"]
      : changes.length === 0
        ? ["code and data are the same now", "コードとデータは現在と同じ"]
        : [
            `**note:** ${changes.map(({ en }) => en).join("; ")}`,
            `**注意:** ${changes.map(({ ja }) => ja).join("、")}`,
          ],
  ];
  const said = parts.flatMap((part) => (part ? [part] : []));
  return { en: said.map(([en]) => en).join(" · "), ja: said.map(([, ja]) => ja).join(" · ") };
}

/** The index as Markdown, which keeps its links to the notebooks wherever it is read. */
export function answersList(notebooks: readonly IndexedNotebook[]): Bundle {
  const said = (found: Found): string[] => {
    const { answer, error } = found,
      told = facts(found);
    if (!answer && error === undefined)
      return ["*No answer: it has not been run here.*", "*まだ実行されていない。*"];
    return [
      ...(answer ? [`${answer.short ? `**${answer.short}** · ` : ""}${answer.en}`, answer.ja] : []),
      `> ${told.en}  \n  > ${told.ja}`,
    ];
  };
  return markdown(
    notebooks
      .map(({ name, title, found }) =>
        [
          ...Object.values(bothTitles(title) ?? { en: title }).map(
            (one, i) => `${i === 0 ? "-" : " "} **[${one}](${name}.ipynb)**`,
          ),
          ...found.flatMap(said).map((line) => `  ${line}`),
        ].join("\n\n"),
      )
      .join("\n\n"),
  );
}
