/**
 * The first page of a report: every notebook with its question, its answer, its picture and how its run went.
 */

import { plural } from "../../lib/show/numbers";
import { translator } from "../japanese";
import type { Failure, Resolved, Summary } from "../notebook";
import {
  bilingual,
  type Html,
  html,
  type Language,
  type Part,
  quickBadge,
  renderDemo,
  renderFailure,
  renderFigure,
  renderPage,
  renderRemark,
  renderSettings,
  renderTitle,
  renderWords,
  translated,
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
  /** Size of the notebook's page in bytes, and of its demo where there is one. */
  readonly size?: number;
  readonly demoSize?: number;
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

/** The file of a notebook's demo. */
export const demoFile = (name: string): string => `${name}-demo.html`;

/** 1234567 as "1.2 MB". */
export function formatSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** 0.25 as "15 s", 3.21 as "3.2 min". */
export function formatMinutes(minutes: number): string {
  return minutes < 1 ? `${Math.round(minutes * 60)} s` : `${minutes.toFixed(1)} min`;
}

function card(
  { name, state, summary, settings, reused, committed, how, failure, size, demoSize }: Entry,
  { pictures }: Look,
): Html {
  const { figure } = summary,
    translate = translator(summary.japanese);
  const done = size !== undefined;
  const shown = html`<section class="card">
<h2>${done ? html`<a href="${name}.html">${renderTitle(summary.title)}</a>` : renderTitle(summary.title)}</h2>
<p class="facts"><span class="state ${state}">${state}</span>${reused && html` <span class="state">re-used</span>`}${committed && html` <span class="state">${bilingual({ en: "as committed", ja: "コミット時の結果" })}</span>`}
${how !== undefined && html` · ${how}`}
${done && html`<span class="files"> · <a href="${name}.html">page</a> (${formatSize(size)}) · <a href="${name}.ipynb">notebook</a></span>`}</p>
${demoSize !== undefined && renderDemo(demoFile(name), formatSize(demoSize))}
${failure && renderFailure(failure)}
${renderWords(summary, settings)}
${summary.remark !== undefined && html`<p class="quiet">${renderRemark(summary.remark)}</p>`}
${figure && renderFigure(figure, { chart: true, picture: pictures, translate })}
${renderSettings(settings)}
</section>\n`;
  return translated(shown, translate);
}

/** All answers at a glance, each with what it is to be measured by where a notebook says it. */
function answers(entries: readonly Entry[]): Html {
  const measured = entries.some(({ summary }) => summary.answer?.scale);
  const rows = entries.map(({ name, size, state, summary: { title, answer, japanese }, settings }) => {
    const words = renderTitle(title);
    const row = html`<tr><th scope="row">${size === undefined ? words : html`<a href="${name}.html">${words}</a>`}</th>
<td>${answer?.short ?? (state === "ok" ? "–" : state)}${quickBadge(settings)}</td>
${measured && html`<td>${answer?.scale ?? ""}</td>`}</tr>`;
    return translated(row, translator(japanese));
  });
  return html`<div class="table" tabindex="0"><table class="answers"><thead><tr><th scope="col">${bilingual({ en: "notebook", ja: "ノート" })}</th>
<th scope="col">${bilingual({ en: "answer", ja: "答え" })}</th>
${measured && html`<th scope="col">${bilingual({ en: "to be measured by", ja: "比較の目安" })}</th>`}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** Whether there is a picture of each chart until a program draws it. */
interface Look {
  readonly pictures: boolean;
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
  const count = `${plural(entries.length, "notebook")}${reused > 0 ? `, ${reused} of them re-used` : ""}${committed > 0 ? `, ${committed} of them as committed` : ""}`;
  const top = html`<h1>${bilingual({ en: `komalab report, ${date}`, ja: `komalab 報告 ${date}` })}</h1>
<p class="facts"><span>${count}</span> · <span>${formatMinutes(minutes)}</span> · <code>${command}</code>${commit !== "" && html` · code ${commit}`}</p>
${weekly && html`<p><a href="weekly.html">${bilingual({ en: "Weekly report", ja: "進捗報告" })}</a></p>`}
${
  failed.length > 0 &&
  html`<div class="box failure"><p><strong>${failed.length} of ${entries.length} did not finish:</strong>
${failed.map(({ name }) => name).join(", ")}</p></div>`
}
`;
  const body = html`<main>${translated(top, translator())}
${entries.length > 1 && answers(entries)}
${entries.map((entry) => card(entry, look))}</main>`;
  return {
    name: "index",
    title: `komalab report, ${date} / komalab 報告 ${date}`,
    body,
  };
}

/** The text of index.html. */
export const renderIndex = (report: Report, language?: Language): string =>
  renderPage({ ...indexPart(report, { pictures: true }), language });
