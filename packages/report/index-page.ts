/**
 * The first page of a report: every notebook with its question, its answer, its picture and how its run went.
 */
import type { Failure, Resolved, Summary } from "../notebook";
import {
  type Html,
  html,
  type Part,
  partPage,
  quickBadge,
  renderFailure,
  renderFigure,
  renderSettings,
  renderWords,
} from "../page";

/** One notebook of a report. */
export interface Entry {
  readonly name: string;
  readonly state: "waiting" | "running" | "ok" | "failed" | "interrupted";
  readonly summary: Summary;
  readonly settings: readonly Resolved[];
  /** Of its execution, which may have been that of an earlier report. */
  readonly minutes?: number;
  readonly reused?: boolean;
  /** Whether it is shown as it is committed. */
  readonly committed?: boolean;
  /** When it was executed and how long that took, in words. */
  readonly how?: string;
  readonly failure?: Failure;
  /** Size of the notebook's page in bytes. */
  readonly size?: number;
}

interface Report {
  readonly date: string;
  readonly command: string;
  /** The commit of the code, or "". */
  readonly commit: string;
  /** Whether weekly.html lies beside it. */
  readonly weekly?: boolean;
  readonly entries: readonly Entry[];
}

/** 1234567 as "1.2 MB". */
export function formatSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** 0.25 as "15 s", 3.21 as "3.2 min". */
export function formatMinutes(minutes: number): string {
  return minutes < 1 ? `${Math.round(minutes * 60)} s` : `${minutes.toFixed(1)} min`;
}

function card(
  { name, state, summary, settings, reused, committed, how, failure, size }: Entry,
  { live }: Look,
): Html {
  const { figure } = summary;
  const done = size !== undefined;
  return html`<section class="card">
<h2>${done ? html`<a href="${name}.html">${summary.title}</a>` : summary.title}</h2>
<p class="facts"><span class="state ${state}">${state}</span>${reused && html` <span class="state">re-used</span>`}${committed && html` <span class="state" lang="ja">コミット時の結果</span>`}
${how !== undefined && html` · ${how}`}
${done && html`<span class="files"> · <a href="${name}.html">page</a> (${formatSize(size)}) · <a href="${name}.ipynb">notebook</a></span>`}</p>
${failure && renderFailure(failure)}
${renderWords(summary, settings)}
${summary.remark !== undefined && html`<p class="quiet">${summary.remark}</p>`}
${figure && renderFigure(figure, { chart: live, picture: !live })}
${renderSettings(settings)}
</section>\n`;
}

/** All answers at a glance, each with what it is to be measured by where a notebook says it. */
function answers(entries: readonly Entry[]): Html {
  const measured = entries.some(({ summary }) => summary.answer?.scale);
  const rows = entries.map(({ name, size, state, summary: { title, answer }, settings }) => {
    const [en, ja] = title.split(" / ");
    const words = html`${en}${ja !== undefined && html`<br><span lang="ja">${ja}</span>`}`;
    return html`<tr><th scope="row">${size === undefined ? words : html`<a href="${name}.html">${words}</a>`}</th>
<td>${answer?.short ?? (state === "ok" ? "–" : state)}${quickBadge(settings)}</td>
${measured && html`<td>${answer?.scale ?? ""}</td>`}</tr>`;
  });
  return html`<div class="table" tabindex="0"><table class="answers"><thead><tr><th scope="col">notebook</th>
<th scope="col">answer <span lang="ja">答え</span></th>
${measured && html`<th scope="col">to be measured by <span lang="ja">ものさし</span></th>`}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** Whether charts are drawn by a program, or are pictures. */
interface Look {
  readonly live: boolean;
}

/** The page of all answers without what stands around it; what says how all others are, 00, comes last. */
export function indexPart(
  { date, command, commit, weekly = false, entries: inOrder }: Report,
  look: Look,
): Part {
  const entries = [...inOrder].sort(
    (a, b) => Number(a.name.startsWith("00")) - Number(b.name.startsWith("00")),
  );
  const failed = entries.filter(({ state }) => state === "failed" || state === "interrupted");
  const executed = entries.filter(({ reused }) => !reused),
    reused = entries.length - executed.length,
    committed = entries.filter((entry) => entry.committed).length;
  const minutes = executed.reduce((sum, entry) => sum + (entry.minutes ?? 0), 0);
  const count = `${entries.length} ${entries.length === 1 ? "notebook" : "notebooks"}${reused > 0 ? `, ${reused} of them re-used` : ""}${committed > 0 ? `, ${committed} of them as committed` : ""}`;
  const body = html`<main><h1>komalab report <span lang="ja">報告</span>, ${date}</h1>
<p class="facts">${count} · ${formatMinutes(minutes)} · <code>${command}</code>${commit !== "" && html` · code ${commit}`}</p>
${weekly && html`<p><a href="weekly.html">Weekly report · <span lang="ja">進捗報告</span></a></p>`}
${
  failed.length > 0 &&
  html`<div class="box failure"><p><strong>${failed.length} of ${entries.length} did not finish:</strong>
${failed.map(({ name }) => name).join(", ")}</p></div>`
}
${entries.length > 1 && answers(entries)}
${entries.map((entry) => card(entry, look))}</main>`;
  return { name: "index", title: `komalab report, ${date}`, body };
}

/** The text of index.html. */
export const renderIndex = (report: Report): string => partPage(indexPart(report, { live: false }));
