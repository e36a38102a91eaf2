/** The weekly report (進捗報告) as a page: Japanese, or English where it is asked for. */
import type { Curve } from "../../lib/show/charts";
import { learningCurves } from "../../lib/show/charts";
import { chartContent } from "../../lib/show/display";
import { MEANING } from "../../lib/show/endings";
import { decimals, range, signed } from "../../lib/show/numbers";
import { tableHtml } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import { translator } from "../japanese";
import { Html, html, type Part, renderFigure, renderMarkdown, titleIn } from "../page";
import type { CarriedPlans, Comments } from "./comments";
import type { Change, Comparison, Difference, NotebookChange, Spread } from "./compare";
import type { Cell, RecordedNotebook, RecordedRun, ReportRecord } from "./format";
import { storedResult } from "./record";

/** A run that has no result, or one that is no success. */
export interface TroubledRun {
  readonly run: string;
  readonly system: string;
  readonly testSet: string;
  readonly what: "failed" | "diverged" | "crashed" | "stopped" | "lost";
  /** Left out of a private report. */
  readonly error?: string;
}

export interface Weekly {
  readonly record: ReportRecord;
  /** The report that this one is compared with; none the first time. */
  readonly previous?: ReportRecord;
  readonly comparison?: Comparison;
  readonly comments: Comments;
  /** In which the comments stand: pictures are named from there. */
  readonly folder: string;
  readonly plans: CarriedPlans;
  readonly troubles: readonly TroubledRun[];
  readonly english: boolean;
}

type Say = (ja: string, en: string) => string;

const METRIC: Readonly<Record<string, string>> = { accuracy: "Acc", macroF1: "F1 macro" };

const minutes = (value: number, say: Say) =>
  value < 1
    ? say(`${Math.round(value * 60)} 秒`, `${Math.round(value * 60)} s`)
    : say(`${value.toFixed(1)} 分`, `${value.toFixed(1)} min`);

const inWords = (changes: readonly Change[]) =>
  changes.map(({ name, before, after }) => `${name}: ${before} → ${after}`).join(", ");

/** "02 · Reviews / 評判" in one of its languages, always with the number. */
function numberedTitle({ name, title }: RecordedNotebook, english: boolean): string {
  const [, number = "", words = ""] =
    /^(\d*)\s*[·:.]?\s*(.*)$/s.exec(titleIn(title, english ? "en" : "ja")) ?? [];
  return `${number || /^\d+/.exec(name)?.[0] || name} · ${words}`;
}

/** "02, 07" */
const numbersOf = (notebooks: readonly RecordedNotebook[]): string =>
  notebooks.map(({ name }) => name.split("-")[0]).join(", ");

/** The day here of a moment, as 2026-11-29. */
const dayOf = (moment: string): string => {
  const date = new Date(moment);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
};

/** Runs that were trained here since the previous report. */
const newRuns = ({ record, previous }: Weekly): readonly RecordedRun[] =>
  record.runs.filter(({ finished }) => finished !== undefined && (!previous || finished > previous.made));

const table = (rows: readonly object[], caption?: string): Html =>
  rows.length === 0
    ? html``
    : html`<div class="table">${new Html(tableHtml(rows, caption === undefined ? {} : { caption }))}</div>`;

/** Names of classes, where a notebook has more than one set of them: "喜楽". */
function classNames(cells: readonly { readonly classes: readonly string[] }[], say: Say) {
  const several = new Set(cells.map(({ classes }) => classes.join())).size > 1;
  return ({ classes }: { readonly classes: readonly string[] }) =>
    several ? { [say("ラベル", "class")]: classes.length === 2 ? classes[1] : classes.join(", ") } : {};
}

/** A column that says something: not one value alone in all rows. */
const differing = <T>(rows: readonly T[], value: (row: T) => string) => new Set(rows.map(value)).size > 1;

/** Of a baseline without chance, none. */
const seedsInWords = (seeds: number) => (seeds === 0 ? "–" : String(seeds));

/** More rows than a reader takes in at once are folded. */
const ROWS = 12;

function scoresTable(cells: readonly Cell[], caption: string, say: Say): Html {
  const named = classNames(cells, say),
    tests = differing(cells, ({ testSet }) => testSet);
  const rows = cells.map((cell) => ({
    [say("条件", "system")]: cell.system,
    ...named(cell),
    ...(tests && { [say("テスト", "test set")]: cell.testSet }),
    [say("シード", "seeds")]: seedsInWords(cell.seeds),
    ...Object.fromEntries(
      Object.entries(cell.scores).map(([metric, { mean, low, high }]) => [
        METRIC[metric]!,
        `${decimals(mean)}\n${range({ low, high }, 2)}`,
      ]),
    ),
  }));
  if (rows.length <= ROWS) return table(rows, caption);
  return html`<details><summary>${caption}${say(`、${rows.length} 行`, `, ${rows.length} rows`)}</summary>
${table(rows)}</details>`;
}

const difference = ({ difference: d, low, high }: Difference) =>
  `${signed(d, 3)}\n${signed(low, 3)} to ${signed(high, 3)}`;

const spread = ({ runs, mean, min, max }: Spread) =>
  runs === 1
    ? `${mean.toFixed(1)} s`
    : `${mean.toFixed(1)} s\n${min.toFixed(1)}–${max.toFixed(1)}, n=${runs}`;

/** How many notebooks are shown as they are committed, and what was trained anew as a check. */
function committedSentence({ notebooks }: ReportRecord, say: Say): string {
  const all = notebooks.flatMap(({ committed }) => committed ?? []);
  if (all.length === 0) return "";
  const [runs, anew, compared, equal] = (["runs", "anew", "compared", "equal"] as const).map((name) =>
    all.reduce((sum, one) => sum + one[name], 0),
  ) as [number, number, number, number];
  const found =
    compared === 0
      ? ""
      : equal === compared
        ? say(
            `（予測を照合できた ${compared} 回はすべて一致）`,
            ` (all ${compared} whose answers are kept gave them again)`,
          )
        : say(
            `（予測を照合できた ${compared} 回のうち、すべて一致したのは ${equal} 回）`,
            ` (${equal} of the ${compared} whose answers are kept gave them all again)`,
          );
  return say(
    `${all.length} 件はコミット時の結果（学習 ${runs} 回分）を示し、確認のため ${anew} 回を学習し直した${found}。`,
    `${all.length} are shown as committed, with the results of ${runs} trainings, of which ${anew} were trained anew as a check${found}. `,
  );
}

function summarySentence(weekly: Weekly, say: Say): string {
  const { record, previous, comparison, troubles } = weekly;
  const trained = newRuns(weekly),
    seconds = trained.reduce((sum, run) => sum + (run.seconds ?? 0), 0);
  const executed = record.notebooks.filter((one) => !one.reused && !one.committed && began(one)).length;
  const changed =
    comparison?.notebooks.filter(({ answerChanged }) => answerChanged).map(({ after }) => after) ?? [];
  const unfinished = record.notebooks.filter(({ state }) => state !== "ok");
  const since = previous
    ? say(`前回（${previous.report}）から、`, `Since the last report (${previous.report}) `)
    : say("初回の報告。", "The first report. ");
  return [
    since,
    say(
      `ノート ${record.notebooks.length} 件のうち ${executed} 件を実行し、学習 ${trained.length} 回（計 ${minutes(seconds / 60, say)}）を行った。`,
      `${executed} of ${record.notebooks.length} notebooks were executed, with ${trained.length} trainings (${minutes(seconds / 60, say)} in all). `,
    ),
    committedSentence(record, say),
    previous
      ? changed.length > 0
        ? say(
            `答えが変わったノートは ${changed.length} 件（${numbersOf(changed)}）。`,
            `${changed.length} answers changed (${numbersOf(changed)}). `,
          )
        : say("答えの変化はない。", "No answer changed. ")
      : "",
    unfinished.length > 0
      ? say(
          `最後まで実行されなかったノートが ${unfinished.length} 件ある（${numbersOf(unfinished)}）。`,
          `${unfinished.length} notebooks did not finish (${numbersOf(unfinished)}). `,
        )
      : "",
    troubles.length > 0
      ? say(
          `うまくいかなかった学習が ${troubles.length} 回ある。`,
          `${troubles.length} trainings went wrong. `,
        )
      : "",
  ].join("");
}

/** Whether a notebook ran at all before a report was stopped. */
const began = ({ state, minutes: took }: RecordedNotebook): boolean => state !== "interrupted" || took > 0;

function progressTable(weekly: Weekly, say: Say): Html {
  const trained = newRuns(weekly);
  return table(
    weekly.record.notebooks.map((notebook) => {
      const { name, state, reused, committed, minutes: took, executed, quick } = notebook;
      return {
        [say("ノート", "notebook")]: numberedTitle(notebook, weekly.english),
        [say("状態", "state")]: [
          say({ ok: "完了", failed: "失敗", interrupted: "中断" }[state], state),
          ...(reused ? [say("再利用", "re-used")] : []),
          ...(committed ? [say("コミット時", "as committed")] : []),
        ].join("\n"),
        [say("設定", "settings")]: quick ? say("短縮版", "quick") : say("本来", "full"),
        [say("学習", "trainings")]: committed
          ? say(
              `当時 ${committed.runs}\n確認 ${committed.anew}`,
              `${committed.runs} then\n${committed.anew} as a check`,
            )
          : trained.filter((run) => run.notebook === name).length,
        [say("実行", "executed")]: !began(notebook)
          ? "–"
          : `${dayOf(executed).slice(5).replace("-", "/")}\n${committed ? say("確認 ", "check ") : ""}${minutes(took, say)}`,
      };
    }),
    say("実行したもの", "What ran"),
  );
}

const answerHtml = ({ answer, state, failure }: RecordedNotebook, english: boolean, say: Say): Html =>
  answer
    ? html`${answer.short && html`<strong>${english ? answer.short : (translator()(answer.short) ?? answer.short)}</strong> · `}${english ? answer.en : answer.ja}`
    : state === "ok"
      ? html`${say("（答えを示さないノート）", "(it gives no answer)")}`
      : html`${say("答えなし", "no answer")}${failure && html`: <code>${failure.error}</code>`}`;

/** The student's Markdown. */
const commentHtml = (text: string, { folder }: Weekly): Html =>
  text === "" ? html`` : html`<div class="comment">${renderMarkdown(text, {}, folder)}</div>`;

/** Whether a comment under this heading is about a notebook: by its number, name or title. */
const isAbout = (heading: string, { name, title }: RecordedNotebook): boolean =>
  heading === name ||
  heading === title ||
  /^\d+/.exec(heading.normalize("NFKC"))?.[0].padStart(2, "0") === name.split("-")[0];

function notebookSection(weekly: Weekly, notebook: RecordedNotebook, say: Say): Html {
  const { comparison, comments, english, previous } = weekly;
  const { name, cells } = notebook;
  const change = comparison?.notebooks.find(({ after }) => after.name === name);
  const words = [...comments.notebooks].filter(([heading]) => isAbout(heading, notebook));
  const own = comparison?.cells.filter((cell) => cell.notebook === name) ?? [];
  const named = classNames(own, say),
    tests = differing(own, ({ testSet }) => testSet),
    pairings = differing(own, ({ paired }) => String(paired));
  const changed = table(
    own.map((cell) => ({
      [say("条件", "system")]: cell.system,
      ...named(cell),
      ...(tests && { [say("テスト", "test set")]: cell.testSet }),
      ...Object.fromEntries(
        cell.differences.flatMap((one) => [
          [
            `${METRIC[one.metric]}\n${say("前回 → 今回", "before → now")}`,
            `${decimals(one.before, 3)} → ${decimals(one.after, 3)}`,
          ],
          [`Δ ${METRIC[one.metric]}\n95 %`, difference(one)],
        ]),
      ),
      ...(pairings && {
        [say("対応", "pairing")]: cell.paired
          ? say("同じ項目", "same items")
          : say("別の項目", "other items"),
      }),
      [say("シード", "seeds")]: [...new Set(cell.seeds.map(seedsInWords))].join(" → "),
    })),
    `${say("変わった値。差は今回 − 前回、その 95 % 区間", "Scores that changed: now minus before with its 95 % interval")}${say("。", ", ")}${
      pairings
        ? say("同じテスト項目なら項目とシードを対応させた", "paired where the test items are equal")
        : own[0]?.paired
          ? say("テスト項目が同じなので、項目とシードを対応させた", "paired, as the test items are equal")
          : say("テスト項目が違うので、対応させていない", "not paired, as the test items differ")
    }`,
  );
  const answers =
    change?.answerChanged || notebook.state !== "ok" || (previous && !change)
      ? html`${change?.before.answer && html`<p class="quiet">${say("前回: ", "Before: ")}${answerHtml(change.before, english, say)}</p>`}
<p>${say("今回: ", "Now: ")}${answerHtml(notebook, english, say)}</p>`
      : html`<p>${answerHtml(notebook, english, say)}${previous && change && html` <span class="quiet">${say("（前回と同じ）", "(as before)")}</span>`}</p>`;
  return html`<h3>${numberedTitle(notebook, english)}</h3>
${answers}
${words.map(([, text]) => commentHtml(text, weekly))}
${change && notComparedHtml(change, say)}
${changed}
${scoresTable(cells, say("今回の値（シードの平均、95 % 区間）", "Scores now: means over seeds, 95 % intervals"), say)}`;
}

/** What is not compared, and why; old beside new, without a difference. */
function notComparedHtml({ incomparable, before, settings, data }: NotebookChange, say: Say): Html {
  const told = [
    ...(settings.length > 0 ? [html`<li>${say("設定", "settings")}: ${inWords(settings)}</li>`] : []),
    ...(data.length > 0 ? [html`<li>${say("データ", "data")}: ${inWords(data)}</li>`] : []),
  ];
  const why =
    incomparable === "quick"
      ? say("短縮版の値と本来の設定の値は比べない。", "Quick runs are not compared with full ones.")
      : incomparable === "settings"
        ? say(
            "設定が違うため差は出さない（条件の差を調べるには、1 つのノートに 2 条件として並べる）。",
            "Settings differ, so no difference is given (to learn what a setting does, put both values as two systems into one notebook).",
          )
        : "";
  return html`${told.length > 0 && html`<ul>${told}</ul>`}
${
  incomparable &&
  html`<p class="quiet">${why}</p>${scoresTable(before.cells, say(`前回の値（${inWords(settings)} の変更前）`, `Scores before (${inWords(settings)})`), say)}`
}`;
}

function changesHtml({ comparison, previous, record }: Weekly, say: Say): Html {
  if (!comparison || !previous) return html``;
  const { versions, notebooks, added, absent, timings, unchanged } = comparison;
  const data = new Map(notebooks.flatMap((one) => one.data).map((change) => [change.name, change]));
  const lines = [
    ...notebooks
      .filter(({ settings }) => settings.length > 0)
      .map(
        ({ after, settings }) =>
          html`<li>${say("設定", "settings")} ${after.name}: ${inWords(settings)}</li>`,
      ),
    ...[...data.values()].map((change) => html`<li>${say("データ", "data")} ${inWords([change])}</li>`),
    ...versions.map((change) => html`<li>${say("バージョン", "version")} ${inWords([change])}</li>`),
    ...(previous.commit !== record.commit
      ? [html`<li>${say("コード", "code")}: ${previous.commit || "–"} → ${record.commit || "–"}</li>`]
      : []),
    ...(added.length > 0
      ? [html`<li>${say("新しいノート", "new notebooks")}: ${added.join(", ")}</li>`]
      : []),
    ...(absent.length > 0
      ? [
          html`<li>${say("今回は実行していないノート", "notebooks of the last report that did not run")}: ${absent.join(", ")}</li>`,
        ]
      : []),
    ...(unchanged > 0
      ? [
          html`<li>${say(`予測まで前回と同じ値: ${unchanged} 件`, `scores equal to the last prediction: ${unchanged}`)}</li>`,
        ]
      : []),
  ];
  const times = table(
    timings.map(({ notebook, system, before, after }) => ({
      [say("ノート", "notebook")]: notebook.split("-")[0]!,
      [say("条件", "system")]: system,
      [say("前回", "before")]: spread(before),
      [say("今回", "now")]: spread(after),
    })),
    say(
      "学習 1 回の時間（平均、最小–最大）。同じ設定のもの",
      "Time of one training (mean, least–most), equal settings",
    ),
  );
  return html`<h3>${say("変わった設定・データ・バージョン", "Settings, data and versions that changed")}</h3>
${lines.length > 0 ? html`<ul>${lines}</ul>` : html`<p>${say("なし。", "None.")}</p>`}${times}`;
}

const TROUBLE = {
  failed: ["失敗", "failed"],
  diverged: ["発散", "diverged"],
  crashed: ["異常終了", "crashed"],
  stopped: ["中断", "stopped"],
  lost: ["途中で消えた", "its process is gone"],
} as const;

function troublesHtml({ troubles, previous, english }: Weekly, say: Say): Html {
  if (troubles.length === 0) return html``;
  const rows = [
    ...grouped(
      troubles,
      ({ run, system, what, error }) => `${run.split("/")[0]}\n${system}\n${what}\n${error ?? ""}`,
    ).values(),
  ].map((own) => {
    const [{ run, system, what, error }] = own as [TroubledRun];
    return {
      [say("実験", "experiment")]: run.split("/")[0]!,
      [say("条件", "system")]: system,
      [say("結末", "ending")]: TROUBLE[what][english ? 1 : 0],
      [say("回数", "runs")]: own.length,
      [say("例", "for instance")]:
        `${run.split("/")[1]!.slice(0, 8)}${error ? `\n${error.slice(0, 200)}` : ""}`,
    };
  });
  const lang = english ? "en" : "ja";
  return html`<h3>${say("うまくいかなかった学習", "Trainings that went wrong")}</h3>
${table(rows, previous ? say("前回の報告より後の学習", "Trainings since the last report") : say("これまでの学習", "Trainings so far"))}
<p class="quiet">${say("失敗", "Failed")}: ${MEANING.failed[lang]}。 ${say("発散", "Diverged")}: ${MEANING.diverged[lang]}。</p>`;
}

function plansHtml(weekly: Weekly, say: Say): Html {
  const { plans, comments, folder } = weekly;
  const age = (since: string) => html` <span class="quiet">(${since}${say(" から", "")})</span>`;
  const items = [
    ...plans.plans.map(({ text, done, since }) => {
      const words = new Html(
        renderMarkdown(text, {}, folder)
          .text.trim()
          .replace(/^<p>|<\/p>$/g, ""),
      );
      return done
        ? html`<li><del>${words}</del> ${say("済", "done")}</li>`
        : html`<li>${words}${age(since)}</li>`;
    }),
    ...plans.withdrawn.map(({ text }) => html`<li><del>${text}</del> ${say("取り下げ", "withdrawn")}</li>`),
  ];
  return html`${items.length > 0 && html`<ul class="plans">${items}</ul>`}${commentHtml(comments.sections.plans, weekly)}
${items.length === 0 && comments.sections.plans === "" && html`<p class="quiet">${say(`予定は ${comments.path} の「今後の実験予定」に書く。`, `Plans are written in ${comments.path}.`)}</p>`}`;
}

/** Curves of the runs that are new, an experiment each; of several test sets the first. */
async function curvesHtml(weekly: Weekly, say: Say): Promise<Html[]> {
  const figures: Html[] = [];
  for (const [experiment, own] of grouped(newRuns(weekly), ({ run }) => run!.split("/")[0]!)) {
    const first = own[0]!;
    const same = own.filter(
      ({ testSet, classes, data }) =>
        testSet === first.testSet && classes.join() === first.classes.join() && data === first.data,
    );
    const curves = same.flatMap(({ run, system, seed, ending }): Curve[] => {
      const { history = [], bestEpoch = 0 } = storedResult(run!)?.result ?? {};
      return history.length === 0 || ending === "diverged"
        ? []
        : [{ system, seed: seed ?? 1, history, bestEpoch }];
    });
    if (curves.length === 0) continue;
    const chart = learningCurves(curves, {
      title: [
        experiment,
        ...(differing(curves, ({ system }) => system) ? [] : [first.system]),
        ...(first.testSet === "test" ? [] : [first.testSet]),
      ].join(", "),
      subtitle: "training (dashed) and validation (solid); one thin line a seed",
    });
    const { data, metadata } = await chartContent(chart);
    const number = figures.length + 1;
    const caption = {
      [weekly.english ? "en" : "ja"]: say(
        `図 ${number}: ${experiment} の学習曲線。破線が学習、実線が検証、菱形が採用したエポック。`,
        `Figure ${number}: learning curves of ${experiment}; diamonds are kept epochs.`,
      ),
    } as { readonly en: string; readonly ja: string };
    figures.push(
      renderFigure(
        { output_type: "display_data", data, metadata: { ...metadata, komalab: { caption } } },
        { chart: true },
      ),
    );
  }
  return figures;
}

/** What a weekly report says, section by section. */
export async function weeklyPart(weekly: Weekly): Promise<Part> {
  const { record, previous, comments, english } = weekly;
  const say: Say = (ja, en) => (english ? en : ja);
  const { sections, others, references } = comments;
  const words = (text: string) => commentHtml(text, weekly);
  const about = (notebook: RecordedNotebook) =>
    [...comments.notebooks.keys()].some((heading) => isAbout(heading, notebook));
  const ownHeadings = [...comments.notebooks].filter(
    ([heading]) => !record.notebooks.some((notebook) => isAbout(heading, notebook)),
  );
  const curves = await curvesHtml(weekly, say);
  const parts: (readonly [heading: string, content: Html] | false)[] = [
    [say("あらすじ", "Summary"), html`${words(sections.summary)}<p>${summarySentence(weekly, say)}</p>`],
    [say("進捗", "Progress"), html`${words(sections.progress)}${progressTable(weekly, say)}`],
    [
      say("結果", "Results"),
      html`${words(sections.results)}
${ownHeadings.map(([heading, text]) => html`<h3>${heading}</h3>${words(text)}`)}
${record.notebooks
  .filter((one) => one.answer || one.cells.length > 0 || one.state !== "ok" || about(one))
  .map((notebook) => notebookSection(weekly, notebook, say))}
${changesHtml(weekly, say)}${troublesHtml(weekly, say)}
${curves.length > 0 && html`<p>${say("学習曲線は資料の終わりに添付してある。", "Learning curves stand at the end.")}</p>`}`,
    ],
    ...others.map(({ heading, text }) => [heading, words(text)] as const),
    [say("今後の実験予定", "Plans"), plansHtml(weekly, say)],
    sections.machine !== "" && [say("マシンの不具合", "Machine troubles"), words(sections.machine)],
    references.length > 0 && [
      say("参考文献", "References"),
      html`<ol class="references">${references.map(({ words: reference }) => html`<li>${reference}</li>`)}</ol>`,
    ],
    curves.length > 0 && [say("学習曲線", "Learning curves"), html`${curves}`],
  ];
  const shown = parts.flatMap((part) => (part ? [part] : []));
  const title = say(`進捗報告 ${record.report}`, `Weekly report, ${record.report}`);
  const body = html`<article lang="${english ? "en" : "ja"}"><main><h1>${title}</h1>
<p class="facts">${previous ? say(`前回: ${previous.report}`, `last report: ${previous.report}`) : say("初回", "the first")} · <a href="index.html">${say("全ノートの一覧", "all notebooks")}</a> · <code>${record.command}</code>${record.commit !== "" && html` · ${say("コード", "code")} ${record.commit}`}</p>
${shown.map(([heading, content], i) => html`<h2>${i + 1} ${heading}</h2>\n${content}\n`)}</main></article>`;
  return { name: "weekly", title, body, language: english ? "en" : "ja" };
}
