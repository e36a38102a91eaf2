/** The report through real Jupyter. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot, readJson } from "../../../lib/support/files";
import { readNotebook, textOf } from "../../notebook";
import { code, markdown, notebook } from "../../notebook/test/sample";
import { experiment, folderWith, reportsIn } from "./sample";

const fails = notebook([
  markdown("# 02 Fails"),
  code("let factor = 1;", "parameters"),
  code("const half = (x: number) => { throw new RangeError(`x is ${x}`); };\nhalf(factor);"),
  code('console.log("never");'),
]);
const failsLate = notebook([
  markdown("# 03 Fails late"),
  code('setTimeout(() => { throw new Error("too late"); }, 100);'),
]);
const endless = notebook([
  code(
    'require("node:fs").writeFileSync(`${process.env.KOMALAB_NOTEBOOK_FOLDER}/pid`, String(process.pid));\nwhile (true) {}',
  ),
]);

const { folder, remove } = folderWith({
  "01-bars": experiment,
  "02-fails": fails,
  "03-late": failsLate,
  "09-endless": endless,
});
after(remove);

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

/** Runs the command; Ctrl-C comes when the file `until` exists, or after five minutes. */
function run(args: readonly string[], into: string, until?: string): Promise<Ended> {
  const command = [
    "--import",
    "tsx",
    join(projectRoot, "packages/report/command.ts"),
    "--notebooks",
    join(folder, "notebooks"),
    "--into",
    join(folder, into),
    ...args,
  ];
  const child = spawn(process.execPath, command, {
    cwd: projectRoot,
    timeout: 300_000,
    killSignal: "SIGINT",
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => (out += piece.toString()));
  const watch = setInterval(() => {
    if (!until || !existsSync(until)) return;
    clearInterval(watch);
    child.kill("SIGINT");
  }, 100);
  return new Promise((done) =>
    child.on("close", (code) => {
      clearInterval(watch);
      done({ code, out });
    }),
  );
}

let ended: Ended;
let day = "";
const index = () => readFileSync(join(day, "index.html"), "utf8");
const executed = (name: string) => readNotebook(join(day, `${name}.ipynb`)).cells;
before(async () => {
  ended = await run(["--only", "01,02,03", "--set", "factor=7", "--set", "touches=ギャグ"], "reports");
  day = join(folder, "reports", reportsIn(join(folder, "reports"))[0]!);
});

test("a failing notebook makes the exit code 1 and does not stop the ones after it", () => {
  assert.equal(ended.code, 1);
  assert.deepEqual(
    readdirSync(day).sort(),
    ["01-bars", "02-fails", "03-late"]
      .flatMap((name) => [`${name}.html`, `${name}.ipynb`])
      .concat("index.html", "report.json"),
  );
});

test("progress is told per notebook and cell, then sizes and the path of the report", () => {
  assert.match(ended.out, /01-bars {2}cell 6 of 7/);
  assert.match(ended.out, /01-bars {2}ok, /);
  assert.match(ended.out, /02-fails {2}failed, .*: RangeError: x is 7/);
  assert.match(ended.out, /01-bars\.html {2}[\d.]+ MB/);
  assert.match(ended.out, /The report: .*\d{4}-\d\d-\d\d\/index\.html\n$/);
});

test("settings reach the code after the parameters cell, quick ones and those of --set", () => {
  const injected = executed("01-bars").find(({ metadata }) => metadata.tags?.includes("injected-parameters"));
  assert.match(textOf(injected?.source), /epochs = 2; \/\/ quick[\s\S]*touches = \["ギャグ"\]; \/\/ --set/);
  assert.deepEqual(injected?.outputs, []);
  assert.equal(
    textOf(executed("01-bars").find(({ source }) => textOf(source).includes("total"))?.outputs?.[0]?.text),
    "4 steps\n",
  );
});

test("the cells of a notebook are numbered as they ran, injected settings among them", () => {
  const counts = executed("01-bars").flatMap(({ cell_type, execution_count }) =>
    cell_type === "code" ? [execution_count] : [],
  );
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 6, 7]);
});

test("the index says which notebooks failed, in which cell and why, also after the last cell", () => {
  assert.match(index(), /2 of 3 did not finish:<\/span>.*<\/strong>\s02-fails, 03-late/);
  assert.match(index(), /Failed in code cell 3\.<\/span>.*<\/strong> RangeError: x is 7/);
  assert.match(index(), /Failed after the last cell\.<\/span>.*<\/strong> Error: too late/);
});

test("the index shows question and answer in both languages, and the key figure with its caption", () => {
  for (const words of [
    "Which touch is easier?",
    "どちらの画風がやさしいか。",
    "ギャグ is easier after 4 steps.",
    "ギャグのほうがやさしい。",
    ".80 against .60",
    "画風ごとの正解率。",
  ])
    assert.ok(index().includes(words), words);
});

test("a failing notebook's page shows the cell that failed, and nothing of the cells after it", () => {
  const page = readFileSync(join(day, "02-fails.html"), "utf8");
  assert.match(page, /<details class="code" open>[\s\S]*RangeError: x is 7/);
  assert.deepEqual(executed("02-fails").at(-1)?.outputs, []);
});

test("an unknown name or notebook is an error before anything runs: no folder, exit code 2", async () => {
  const [name, only] = await Promise.all([run(["--set", "epoch=3"], "none"), run(["--only", "07"], "none")]);
  assert.deepEqual([name.code, only.code, existsSync(join(folder, "none"))], [2, 2, false]);
  assert.match(name.out, /did you mean epochs\?/);
  assert.match(only.out, /--only 07: no such notebook .* There are: 01-bars, 02-fails, 03-late, 09-endless/);
});

test("Ctrl-C ends the kernel, keeps what is finished and says so", async () => {
  const pid = join(folder, "notebooks", "pid");
  const { code, out } = await run(
    ["--only", "03,09", "--weekly", "--mail", "--comments", join(folder, "own.md")],
    "stopped",
    pid,
  );
  assert.equal(code, 130);
  assert.doesNotMatch(out, /report-mail/); // who stops a report does not wait for files to send
  assert.throws(() => process.kill(Number(readFileSync(pid, "utf8")), 0), /ESRCH/);
  const [report] = reportsIn(join(folder, "stopped"));
  const page = readFileSync(join(folder, "stopped", report!, "index.html"), "utf8");
  assert.match(page, /class="state interrupted"/);
  assert.ok(existsSync(join(folder, "stopped", report!, "03-late.html")));
  const record = readJson<{
    readonly notebooks: readonly { readonly name: string; readonly state: string }[];
  }>(join(folder, "stopped", report!, "report.json"));
  assert.deepEqual(
    record?.notebooks.map(({ name, state }) => `${name} ${state}`),
    ["03-late failed", "09-endless interrupted"],
  );
});

test("a second report of the day lies beside the first", async () => {
  const { code, out } = await run(["--only", "03"], "reports");
  assert.equal(code, 1);
  assert.match(out, /\d{4}-\d\d-\d\d-2\/index\.html/);
});
