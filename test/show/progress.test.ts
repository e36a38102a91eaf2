import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "../../lib/show/numbers";
import { notebookSurface, type Surface, showProgress, terminalSurface } from "../../lib/show/progress";
import type { Bundle } from "../../lib/show/style";

/** A surface that remembers its lines, and a clock that is set by hand. */
function desk(pause = 250) {
  const lines: string[] = [],
    clock = { time: 0 };
  const surface: Surface = {
    pause,
    put: (line, _, last) => {
      lines.push(last ? `${line}!` : line);
    },
  };
  return { lines, clock, surface, now: () => clock.time };
}

test("a line tells task, step, values, time taken and time left", () => {
  const { lines, clock, ...options } = desk();
  const report = showProgress(options);
  clock.time = 12_000;
  report({ task: "last, seed 2", done: 1, total: 4, values: { epoch: 1, loss: 0.4123, validation: 0.78 } });
  assert.deepEqual(lines, ["last, seed 2: 1/4, epoch 1, loss 0.412, validation 0.780, 12 s, 36 s left"]);
});

test("lines in between are left out, the last one never", () => {
  const { lines, clock, ...options } = desk();
  const report = showProgress(options);
  for (let done = 1; done <= 100; done++) {
    clock.time += 10;
    report({ task: "t", done, total: 100 });
  }
  assert.equal(lines.length, 5, lines.join("\n"));
  assert.equal(lines[4], "t: 100/100!");
});

test("a note is a warning, even where no line is due", (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const { lines, clock, ...options } = desk();
  const report = showProgress(options);
  for (const note of [undefined, "checkpoint 3 is damaged"]) report({ task: "t", done: 1, total: 9, note });
  assert.deepEqual(
    [warn.mock.calls.map(({ arguments: [text] }) => text), lines.length],
    [["checkpoint 3 is damaged"], 1],
  );
});

test("the line that stays has no times unless they are asked for", () => {
  const { lines, clock, ...options } = desk();
  const report = showProgress({ ...options, times: true });
  for (const done of [1, 2]) {
    clock.time += 100_000;
    report({ task: "t", done, total: 2, values: { loss: 0.5 } });
  }
  assert.equal(lines[1], "t: 2/2, loss 0.500, 3 min 20 s!");
});

test("a task is timed from the end of the one before", () => {
  const { lines, clock, ...options } = desk();
  const report = showProgress(options);
  clock.time = 1000;
  report({ task: "a", done: 2, total: 2 });
  clock.time = 4000;
  report({ task: "b", done: 1, total: 2 });
  assert.equal(lines[1], "b: 1/2, 3 s, 3 s left");
});

test("a run that goes on from step 50 is not taken to be fast", () => {
  const { lines, clock, ...options } = desk();
  const report = showProgress(options);
  clock.time = 1000;
  report({ task: "a", done: 50, total: 60 });
  clock.time = 3000;
  report({ task: "a", done: 51, total: 60 });
  assert.deepEqual(lines, ["a: 50/60, 0 s", "a: 51/60, 2 s, 18 s left"]);
});

test("below a cell stands a bar, and in the end the line alone", () => {
  const bundles: Bundle[] = [],
    surface = notebookSurface((bundle) => bundles.push(bundle));
  const report = showProgress({ surface, now: () => 0 });
  report({ task: "a < b", done: 1, total: 2 });
  report({ task: "a < b", done: 2, total: 2 });
  assert.match(
    String(bundles[0]["text/html"]),
    /^<progress value="1" max="2"[^>]*><\/progress> a &lt; b: 1\/2/,
  );
  assert.deepEqual(bundles[1], { "text/plain": "a < b: 2/2" });
});

test("a terminal's line is overwritten and cut to its width", () => {
  const written: string[] = [];
  const report = showProgress({
    surface: terminalSurface({ isTTY: true, columns: 10, write: (text) => written.push(text) }),
    now: () => 0,
  });
  report({ task: "ギャグ", done: 1, total: 2 });
  report({ task: "ギャグ", done: 2, total: 2 });
  assert.deepEqual(written, ["\r\x1b[2Kギャグ: 1", "\r\x1b[2Kギャグ: 2\n"]);
});

test("a terminal and a log get no control character of a label", () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  for (const isTTY of [true, false])
    showProgress({ surface: terminalSurface({ isTTY, write }) })({ task: "\u001b[2Jx", done: 1, total: 1 });
  assert.deepEqual(written, ["\r\x1b[2K\ufffd[2Jx: 1/1\n", "\ufffd[2Jx: 1/1\n"]);
});

test("a log gets a line every ten seconds and one at the end", () => {
  const written: string[] = [];
  let time = 0;
  const report = showProgress({
    surface: terminalSurface({ write: (text) => written.push(text) }),
    now: () => time,
  });
  for (let done = 1; done <= 30; done++) {
    time += 1000;
    report({ task: "t", done, total: 30 });
  }
  assert.deepEqual(
    written.map((line) => line.split(",")[0].trim()),
    ["t: 1/30", "t: 11/30", "t: 21/30", "t: 30/30"],
  );
});

test("durations", () =>
  assert.deepEqual([48_000, 200_000, 7_500_000].map(duration), ["48 s", "3 min 20 s", "2 h 5 min"]));
