/**
 * Notebook 01 as users run it: on their own file, and on a machine where native TensorFlow cannot be built.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readManga } from "../../../lib/data/manga";
import { projectRoot } from "../../../lib/support/files";
import { BUILTIN_MANGA } from "../../../test/builtin";
import { writeTinyModel } from "../../../test/experiment/tiny-model";
import { reportsIn } from "./sample";

const folder = mkdtempSync(join(tmpdir(), "komalab-own-"));
after(() => rmSync(folder, { recursive: true }));

/**
 * Every character of JIS X 0208 with its two bytes in Shift_JIS, as Excel in Japan saves it; Node itself only
 * decodes.
 */
function toShiftJis(text: string): Buffer {
  const bytes = new Map<string, number[]>(
    Array.from({ length: 128 }, (_, code) => [String.fromCharCode(code), [code]]),
  );
  const decoder = new TextDecoder("shift_jis");
  for (let first = 0x81; first <= 0xef; first++) {
    for (let second = 0x40; second <= 0xfc; second++) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (character.length === 1 && character !== "\ufffd" && !bytes.has(character))
        bytes.set(character, [first, second]);
    }
  }
  return Buffer.from([...text].flatMap((character) => bytes.get(character) ?? [0x3f])); // "?" for what Shift_JIS lacks
}

// Two touches of five stories, short lines, so that a run takes seconds.
const stories = ["lab-night", "lost-umbrella", "cooking-class", "exam-morning", "moving-day"];
const lines = readManga(BUILTIN_MANGA).filter(
  ({ story, touch, text }) =>
    stories.includes(story) && ["ギャグ", "萌え系"].includes(touch) && text.length <= 28,
);
writeTinyModel(
  folder,
  lines.map(({ text }) => text),
);
const quick = ["seeds=1", "epochsAll=1", "epochsLast=1", "epochsFixed=2", "maxLength=40", `model=${folder}`];

/** Runs the report on notebook 01 alone. */
function report(
  name: string,
  settings: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const into = join(folder, name);
  const set = [...quick, ...settings].flatMap((setting) => ["--set", setting]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "packages/report/command.ts", "--only", "01", "--into", into, ...set],
    {
      cwd: projectRoot,
      encoding: "utf8",
      env: { ...process.env, KOMALAB_RUNS: join(folder, `${name}-runs`), ...environment },
      timeout: 400_000,
    },
  );
  const html =
    status === 0 ? readFileSync(join(into, reportsIn(into)[0], "01-freeze-modes.html"), "utf8") : "";
  return { status, log: `${stdout}\n${stderr}`, html };
}

test("README's three steps take a Shift_JIS CSV with names, touches and labels of its own through notebook 01", () => {
  const own: Readonly<Record<string, string>> = { 喜楽: "喜び", 悲哀: "悲しみ", ギャグ: "コメディ" };
  const rows = lines.map(({ story, touch, text, emotion }) =>
    [story, own[touch] ?? touch, `"${text.replace(/"/g, '""')}"`, own[emotion] ?? "怒り"].join(","),
  );
  const path = join(folder, "私の台詞.csv");
  writeFileSync(path, toShiftJis(["話,画風,台詞,感情", ...rows].join("\r\n")));
  const { status, log, html } = report("own", [`manga=${path}`, "positive=喜び", "testStories="]);
  assert.equal(status, 0, log);
  for (const words of ["コメディ", "F1 of each system", "話 is read as story", "is read as Shift_JIS"])
    assert.ok(html.includes(words), words);
  assert.match(html, /A quarter of the stories is drawn for testing: /);
});

test("without native TensorFlow notebook 01 runs on wasm, tables included", () => {
  const rows = lines.map(({ story, touch, page, panel, line, speaker, text, situation, emotion }) =>
    [story, touch, page, panel, line, speaker, text, situation, emotion].join("\t"),
  );
  writeFileSync(
    join(folder, "lines.tsv"),
    ["story\ttouch\tpage\tpanel\tline\tspeaker\ttext\tsituation\temotion", ...rows].join("\n"),
  );
  const { status, log, html } = report(
    "wasm",
    [`manga=${join(folder, "lines.tsv")}`, "testStories=exam-morning, moving-day"],
    { KOMALAB_BACKEND: "wasm" },
  );
  assert.equal(status, 0, log);
  assert.match(html, /<caption[^>]*>(?:<span[^>]*>)?Test results on \d+ texts, means over 2 test sets/);
  const config = readdirSync(join(folder, "wasm-runs", "01-manga")).map((run) =>
    readFileSync(join(folder, "wasm-runs", "01-manga", run, "config.json"), "utf8"),
  );
  assert.ok(config.every((settings) => settings.includes('"backend": "wasm"')));
});
