/** A colleague's machine: a notebook takes all its results from an archive and trains nothing. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import { projectRoot } from "../../../lib/support/files";
import { BUILTIN_REVIEWS } from "../../../test/builtin";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { readNotebook } from "../../notebook";
import { reportsIn } from "./sample";

const folder = mkdtempSync(join(tmpdir(), "komalab-archive-"));
after(() => rmSync(folder, { recursive: true }));
const [runs, cache, archive] = ["runs", "cache", "results.runs"].map((name) => join(folder, name));

function command(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    env: { ...process.env, KOMALAB_RUNS: runs, KOMALAB_CACHE: cache },
    timeout: 400_000,
  });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

/** Executes notebook 02. @returns its outputs, but for times */
function executed(name: string): string {
  const settings = ["seeds=1", "epochs=2", "maxLength=40"];
  const own = [`model=${join(folder, "model")}`, `reviews=${join(folder, "reviews.tsv")}`, ...settings];
  const into = join(folder, name);
  const set = own.flatMap((setting) => ["--set", setting]);
  command("packages/report/command.ts", "--only", "02", "--into", into, ...set);
  const { cells } = readNotebook(join(into, reportsIn(into)[0]!, "02-review-sentiment.ipynb"));
  const shown = cells
    .flatMap(({ outputs = [] }) => outputs)
    .map(({ data }) => data?.["application/vnd.vegalite.v5+json"] ?? data?.["text/markdown"]);
  return JSON.stringify(shown).replace(/\d+(\.\d+)? (s|min)\b/g, "…");
}

test("with empty runs and cache a notebook executes from an archive without training", () => {
  const reviews = readReviews(BUILTIN_REVIEWS)
    .reviews.filter(({ text }) => text.length <= 36)
    .slice(0, 60);
  const rows = reviews.map(({ id, label, text }) => [id, label, text].join("\t"));
  writeFileSync(join(folder, "reviews.tsv"), ["id\tlabel\ttext", ...rows].join("\n"));
  mkdirSync(join(folder, "model"));
  writeTinyModel(
    join(folder, "model"),
    reviews.map(({ text }) => text),
  );
  const first = executed("first");
  command("packages/cluster/runs-command.ts", "pack", archive);
  rmSync(runs, { recursive: true });
  rmSync(cache, { recursive: true, force: true });
  command("packages/cluster/runs-command.ts", "unpack", archive);
  const stored = () => readdirSync(join(runs, "02-reviews")).sort();
  const before = stored();
  assert.equal(executed("second"), first);
  assert.deepEqual(stored(), before); // no further run, and none of them was trained: each would have its weights
  assert.deepEqual(
    before.filter((id) => readdirSync(join(runs, "02-reviews", id)).includes("trained.safetensors")),
    [],
  );
  assert.ok(before.length > 0 && readFileSync(archive).length < 100_000);
});
