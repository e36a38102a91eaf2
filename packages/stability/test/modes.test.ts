/** Freeze modes beside the recipes of all layers: what is planned, paired, counted and shown; no training. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  failuresByRate,
  measuresInWords,
  measuresOf,
  modesInWords,
  modesOf,
  type Outcome,
  recipeSystems,
  showFailures,
  showModes,
  showRuns,
  spreadInWords,
} from "../index";
import { recipeOf } from "../recipes";

const whole = {
  epochs: [3, 20],
  warmupRatios: [0, 0.1],
  biasCorrections: [false, true],
  learningRates: [3e-4, 1e-3],
};
const grid = { ...whole, modes: ["bias", "lora"], rateFactor: 3 } as const;

test("modes are tried with the fewest epochs, the last warm-up, bias correction and rates of their own", () => {
  const systems = Object.entries(recipeSystems(grid)).slice(-4);
  const own = { epochs: 3, warmupRatio: 0.1 };
  assert.deepEqual(systems, [
    ["3 epochs, warm-up 10 %, bias correction, BitFit, 9e-4", { ...own, freeze: "bias", learningRate: 9e-4 }],
    ["3 epochs, warm-up 10 %, bias correction, BitFit, 3e-3", { ...own, freeze: "bias", learningRate: 3e-3 }],
    ["3 epochs, warm-up 10 %, bias correction, LoRA, 9e-4", { ...own, freeze: "lora", learningRate: 9e-4 }],
    ["3 epochs, warm-up 10 %, bias correction, LoRA, 3e-3", { ...own, freeze: "lora", learningRate: 3e-3 }],
  ]);
});

test("recipes of all layers have the names and settings that they have without modes: none names a freeze mode", () => {
  const all = recipeSystems(whole);
  assert.deepEqual(Object.entries(recipeSystems(grid)).slice(0, -4), Object.entries(all));
  assert.deepEqual(
    Object.values(all).filter((settings) => "freeze" in settings),
    [],
  );
  assert.deepEqual(all["3 epochs, no warm-up, no bias correction, 3e-4"], {
    epochs: 3,
    warmupRatio: 0,
    learningRate: 3e-4,
    biasCorrection: false,
  });
});

test("where bias correction is not tried, modes go without it as well", () =>
  assert.deepEqual(
    Object.keys(recipeSystems({ ...grid, biasCorrections: [false] })).filter((name) => /BitFit/.test(name)),
    [
      "3 epochs, warm-up 10 %, no bias correction, BitFit, 9e-4",
      "3 epochs, warm-up 10 %, no bias correction, BitFit, 3e-3",
    ],
  ));

test("the recipe of a run that trains all layers has no freeze mode", () =>
  assert.deepEqual(
    [
      recipeOf({ epochs: 3, warmupRatio: 0, freeze: "all" }),
      recipeOf({ epochs: 3, warmupRatio: 0, freeze: "bias" }),
    ],
    [
      { epochs: 3, warmupRatio: 0, biasCorrection: true },
      { epochs: 3, warmupRatio: 0, biasCorrection: true, freeze: "bias" },
    ],
  ));

const TRAINED = { all: 1000, bias: 10, lora: 20 };
/** A run: `end` at or below the majority class's .7 has failed. */
const outcome = (freeze: keyof typeof TRAINED, rate: number, seed: number, end: number) =>
  ({
    recipe: recipeOf({ epochs: 3, warmupRatio: 0.1, freeze }),
    ...{ rate, seed, end, guess: 0.7, f1: end / 2 },
    ending: end <= 0.7 ? "failed" : "successful",
    run: { result: { parameters: { trained: TRAINED[freeze], frozen: 0 } } },
  }) as unknown as Outcome;
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
/** All layers fail at the higher rate, BitFit with one seed; LoRA never. */
const outcomes = seeds.flatMap((seed) => [
  outcome("all", 3e-4, seed, 0.8),
  outcome("all", 1e-3, seed, 0.7),
  outcome("bias", 9e-4, seed, 0.8 + (seed % 2) / 10),
  outcome("bias", 3e-3, seed, seed === 1 ? 0.7 : 0.75),
  outcome("lora", 9e-4, seed, 0.75),
  outcome("lora", 3e-3, seed, 0.8),
]);

test("a run of fewer weights is paired with that of all layers at the rate that its own stands for", () => {
  const measures = measuresOf(outcomes, grid).map(({ measure, ja, pairs, cured, broken, clear }) => ({
    ...{ measure, ja, pairs, cured, broken, clear },
  }));
  assert.deepEqual(measures, [
    {
      ...{ measure: "BitFit instead of all layers", ja: "全層の代わりに BitFit" },
      ...{ pairs: 16, cured: 7, broken: 0, clear: "better" },
    },
    {
      ...{ measure: "LoRA instead of all layers", ja: "全層の代わりに LoRA" },
      ...{ pairs: 16, cured: 8, broken: 0, clear: "better" },
    },
  ]);
});

test("without the factor of the grid there is no pair where rates differ", () =>
  assert.deepEqual(measuresOf(outcomes), []));

test("failures, spread over seeds and the best rate stand in a row a mode, all layers first", () => {
  const rows = modesOf(outcomes);
  assert.deepEqual(
    rows.map(({ mode, trained, outcomes: own, best }) => [mode, trained, own.length, best[0].rate]),
    [
      ["all layers", 1000, 16, 3e-4],
      ["BitFit", 10, 16, 9e-4],
      ["LoRA", 20, 16, 3e-3],
    ],
  );
  // BitFit: eight runs .05 from their mean, and one .05 below seven others
  const spread = Math.sqrt((0.02 / 7 + 0.0021875 / 7) / 2);
  assert.ok(Math.abs(rows[1].spread - spread) < 1e-12, `${rows[1].spread}, not ${spread}`);
  assert.deepEqual([rows[0].spread < 1e-12, rows[2].spread < 1e-12], [true, true]);
});

test("other recipes of all layers are no part of the comparison, and without modes there is none", () => {
  const longer = { ...outcomes[0], recipe: { ...outcomes[0].recipe, epochs: 20 } };
  assert.equal(modesOf([...outcomes, longer])[0].outcomes.length, 16);
  assert.deepEqual(modesOf([longer]), []);
});

test("failures and spread of each mode in words, and none without modes", () => {
  assert.equal(spreadInWords(modesOf(outcomes)), "all layers: 0.000; BitFit: 0.040; LoRA: 0.000");
  assert.deepEqual(modesInWords([]), { en: "", ja: "" });
  const { en, ja } = modesInWords(modesOf(outcomes));
  assert.equal(en, "By one recipe: all layers 8 of 16 failed; BitFit 1 of 16 failed; LoRA 0 of 16 failed.");
  assert.equal(ja, "同じ手順での失敗は、全層 16 回中 8 回、BitFit 16 回中 1 回、LoRA 16 回中 0 回。");
});

test("measures in words, and failures by rate from the lowest", () => {
  const { en, ja } = measuresInWords(measuresOf(outcomes, grid));
  assert.equal(en, "helps: BitFit instead of all layers, LoRA instead of all layers; harms: nothing");
  assert.equal(ja, "効く対策: 全層の代わりに BitFit、全層の代わりに LoRA。逆効果: なし");
  assert.equal(
    failuresByRate([...outcomes].reverse()),
    "0.0003: 0 of 8; 0.0009: 0 of 16; 0.001: 8 of 8; 0.003: 1 of 16",
  );
});

const hook = Symbol.for("komalab.display");
const world = globalThis as { [key: symbol]: unknown };
/** The text of what a call shows. */
async function shown(call: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  world[hook] = ({ data }: { data: Record<string, string> }) => sent.push(data["text/plain"]);
  await call();
  return sent;
}
afterEach(() => {
  delete world[hook];
});

test("a figure of every run draws a mode apart from all layers by the same recipe", async () => {
  const [text] = await shown(() => showRuns(outcomes));
  assert.match(text, /3 epochs, warm-up 10 %, 3e-3, bias correction, BitFit: median 0\.75, 1 of 8 failed/);
  assert.match(text, /3 epochs, warm-up 10 %, 3e-4, bias correction: median 0\.80, 0 of 8 failed/);
});

test("failures stand under their rates in order, with none where a recipe was not run at one", async () => {
  const [text] = await shown(() => showFailures(outcomes));
  assert.match(text, /\| recipe +\| +3e-4 \| +9e-4 \| +1e-3 \| +3e-3 \| +all \|/);
  assert.match(
    text,
    /\| 3 epochs, warm-up 10 %, bias correction +\| 0 of 8 \| +– \| 8 of 8 \| +– \| 8 of 16 \|/,
  );
});

test("modes are shown as a table and with every run beside the rate that its own stands for", async () => {
  const [text, chart] = await shown(() => showModes(outcomes, grid));
  assert.match(text, /by one recipe \(3 epochs, warm-up 10 %, bias correction\)/);
  assert.match(text, /\| BitFit +\| +10 \| 1 of 16 \| +0\.040 \| 9e-4 +\| +0\.85 ± 0\.05 \|/);
  assert.match(chart, /1e-3 \/ 3e-3, all layers: median 0\.70, 8 of 8 failed; 1e-3 \/ 3e-3, BitFit/);
  assert.deepEqual(await shown(() => showModes(outcomes.slice(0, 2))), [], "nothing without modes");
});
