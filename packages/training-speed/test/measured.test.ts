import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { valuesOf, warningsOf } from "../../../test/show/chart";
import { effectOf, effectsOf, memoryOf, readTips, TIPS, waterfall, wayOf, wholeWay } from "..";

const FASTER = { tip: "20 bfloat16", off: [3, 2, 2.2], on: [1, 1, 1] };
const NOTHING = { tip: "10 bound to cores", off: [1, 1.1, 1.05], on: [1.05, 1, 1.05] };
const SLOWER = {
  tip: "7 activations again",
  off: [1, 1, 1],
  on: [1.3, 1.2, 1.25],
  memory: { off: 2, on: 1.5 },
};
const SMALL = { tip: "1 ahead", off: [1.01, 1.01, 1.01], on: [1, 1, 1] };
const STAGES = [
  { stage: "op by op", seconds: [8, 9, 10] },
  { stage: "compiled", seconds: [3, 2.9, 3.1] },
  { stage: "pinned", seconds: [3, 3, 3] },
  { stage: "tcmalloc", seconds: [1.5, 1.4, 1.6] },
];
const written = (what: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), "komalab-tips-")), "tips.json");
  writeFileSync(file, JSON.stringify(what));
  return file;
};

test("an effect is the ratio of the medians, with the lowest and highest pair", () => {
  const { number, what, ratio, low, high, verdict, words } = effectOf(FASTER);
  assert.deepEqual([number, what, ratio, low, high, verdict], [20, "bfloat16", 2.2, 2, 3, "faster"]);
  assert.equal(words, "bfloat16: 2.20 × (2.00 to 3.00)");
});

test("what pairs do not agree on does nothing, nor what is below two percent", () => {
  assert.equal(effectOf(NOTHING).words, "bound to cores: does nothing here, 1.00 × (0.95 to 1.10)");
  assert.equal(effectOf(SMALL).verdict, "nothing");
  assert.equal(
    effectOf({ tip: "1 one pair against it", off: [1.1, 1.1, 0.98], on: [1, 1, 1] }).verdict,
    "nothing",
  );
});

test("what costs time is slower, and its memory is told", () => {
  assert.equal(effectOf(SLOWER).words, "activations again: 0.80 × (0.77 to 0.83)");
  assert.equal(memoryOf(SLOWER), "activations again: 2.00 GB → 1.50 GB");
});

test("what the guide does not list has no number", () =>
  assert.ok(Number.isNaN(effectOf({ ...FASTER, tip: "2020 larger batch" }).number)));

test("effects come by verdict, the largest first", () =>
  assert.deepEqual(
    effectsOf({ rows: [NOTHING, SLOWER, FASTER, { ...FASTER, tip: "16 compiled", off: [5, 5, 5] }] }).map(
      ({ what }) => what,
    ),
    ["compiled", "bfloat16", "activations again", "bound to cores"],
  ));

test("a file without as many times off as on is refused with the row and the command", () => {
  const file = written({ rows: [FASTER, { ...NOTHING, on: [1] }], waterfall: STAGES });
  assert.throws(
    () => readTips(file),
    /"10 bound to cores": off and on are not lists of as many seconds; measure it by .*--only "10 bound to cores"/,
  );
  assert.throws(() => readTips("no.json"), /there is no no\.json: measure it by node .*tips\.ts/);
  assert.throws(
    () => readTips(written({ rows: [], waterfall: [{ stage: "x", seconds: [] }] })),
    /"x" has no seconds/,
  );
});

test("the way goes from stage to stage, each compared with the one before", () => {
  const way = wayOf(STAGES);
  assert.deepEqual(
    way.map(({ kind, before, ratio }) => [kind, before, ratio]),
    [
      ["start", undefined, undefined],
      ["faster", 9, 3],
      ["no difference", 3, 1],
      ["faster", 3, 2],
    ],
  );
  assert.deepEqual(wholeWay({ waterfall: STAGES }), { from: 9, to: 1.5, ratio: 6 });
});

test("the figure has each stage once, its sentence their times, and vega-lite takes it without a warning", () => {
  const drawn = waterfall(STAGES, { title: "速さ" });
  assert.deepEqual(
    valuesOf(drawn).map(({ stage, before, seconds }) => [stage, before, seconds]),
    [
      ["op by op", undefined, 9],
      ["compiled", 9, 3],
      ["pinned", 3, 3],
      ["tcmalloc", 3, 1.5],
    ],
  );
  assert.match(
    drawn.description,
    /op by op 9\.00 s; compiled 3\.00 s, 3\.00 ×; .* tcmalloc 1\.50 s, 2\.00 ×/,
  );
  assert.deepEqual(warningsOf(drawn), []);
});

test("each tip that has a counterpart was measured, five times or more, and no row is of another number", () => {
  const { rows, waterfall: way } = readTips(),
    numbers = rows.map((row) => effectOf(row).number);
  assert.deepEqual(
    TIPS.filter(({ number, here }) => here !== "none" && !numbers.includes(number)).map(({ name }) => name),
    [],
  );
  assert.ok(numbers.every((number) => Number.isNaN(number) || (number >= 1 && number <= 25)));
  assert.ok(Math.min(...rows.map(({ off }) => off.length), ...way.map(({ seconds }) => seconds.length)) >= 5);
});
