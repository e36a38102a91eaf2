/** With which report a weekly one is compared, and what stops it before anything runs. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { record } from "../../weekly/test/sample";
import { prepareWeekly } from "../weekly";

const folder = mkdtempSync(join(tmpdir(), "komalab-weekly-"));
process.env.KOMALAB_RUNS = join(folder, "runs");
after(() => rmSync(folder, { recursive: true }));
const privacy = { isPrivate: false, hide: <T>(value: T) => value, ran: [] };

let count = 0;
/** The report that a new one is compared with; of each report its record, or its text. */
async function previous(reports: Readonly<Record<string, object | string>>, since?: string): Promise<string> {
  const into = join(folder, String(++count));
  for (const [name, one] of Object.entries(reports)) {
    mkdirSync(join(into, name), { recursive: true });
    const text = typeof one === "string" ? one : JSON.stringify({ ...record({ report: name }), ...one });
    writeFileSync(join(into, name, "report.json"), text);
  }
  const week = prepareWeekly({ into, since, comments: join(into, "weekly.md") });
  const { body } = await week.part(record({ report: "now" }), { english: true, privacy });
  return /last report: ([\d-]+)/.exec(body.text)?.[1] ?? "none";
}
const today = (() => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
})();
const open = { weekly: false };

test("it is the last weekly one of an earlier day, of several a day the last", async () => {
  assert.equal(await previous({}), "none");
  const two = { "2026-01-05": {}, "2026-01-05-2": {}, "2026-01-05-10": {}, "2026-01-06": open };
  assert.equal(await previous({ ...two, [today]: {} }), "2026-01-05-10");
  assert.equal(await previous({ "2026-01-05": open, "2026-01-06": open }), "2026-01-06");
});

test("one that was interrupted or is damaged is passed over", async () => {
  const [own] = record().notebooks;
  const broken = { "2026-01-06": { notebooks: [{ ...own, state: "interrupted" }] }, "2026-01-07": '{"form' };
  assert.equal(await previous({ "2026-01-05": {}, ...broken }), "2026-01-05");
});

test("--since takes a name, or the last one up to a day", async () => {
  const reports = { "2026-01-05": {}, "2026-01-05-2": open, "2026-01-09": {} };
  assert.equal(await previous(reports, "2026-01-05"), "2026-01-05");
  assert.equal(await previous(reports, "2026-01-05-2"), "2026-01-05-2");
  assert.equal(await previous(reports, "2026-01-08"), "2026-01-05-2");
});

test("--since that names no day, none that is there, or a damaged one is an error with what there is", async () => {
  const reports = { "2026-01-05": {}, "2026-01-09": "{" };
  await assert.rejects(
    previous(reports, "2026-02-30"),
    /--since 2026-02-30: this is neither a day .* nor a report; there are 2026-01-05/,
  );
  await assert.rejects(previous(reports, "2026-01-05-7"), /neither a day/);
  await assert.rejects(previous(reports, "2025-01-01"), /no report of that day .*there are 2026-01-05/);
  await assert.rejects(previous(reports, "2026-01-09"), /2026-01-09\/report\.json is damaged/);
});
