import assert from "node:assert/strict";
import { test } from "node:test";
import { MISSING_VARIABLE } from "../../../lib/experiment/missing";
import { withOwnRuns } from "../../../lib/experiment/run";
import { onNative } from "../../tfjs-graph/test/native";
import { corpusOf, type LanguageExperiment, languageRuns, schedules } from "..";

// three words in any order: what comes next within a word can be learnt
const words = ["さくら", "たまご", "みかん"];
const texts = Array.from({ length: 60 }, (_, i) =>
  Array.from({ length: 12 }, (_, k) => words[(i * 7 + k * k + ((i * k) % 5)) % 3]).join(""),
);
const corpus = corpusOf(texts, 1);
const experiment: LanguageExperiment = {
  ...{ name: "test", corpus, systems: schedules(60, [0.5]), seeds: 1, steps: 60, batchSize: 8, length: 12 },
  ...{ prefix: 3, own: 4, embedding: 8, hidden: 16, learningRate: 0.02, clipNorm: 1, pieces: 12, looks: 3 },
  onProgress: () => {},
};
const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

test("every schedule is trained, and what is stored is not trained again", onNative, () =>
  withOwnRuns(async () => {
    const first = await languageRuns(experiment);
    assert.deepEqual(
      first.runs.map(({ trial }) => trial.system),
      Object.keys(experiment.systems),
    );
    const again = await languageRuns(experiment);
    assert.ok(first.runs.every(({ reused }) => !reused) && again.runs.every(({ reused }) => reused));
    assert.deepEqual(
      again.runs.map(({ result }) => result),
      first.runs.map(({ result }) => result),
    );
    const gold = (system: string) =>
      meanOf(first.runs.find(({ trial }) => trial.system === system)!.result.gold);
    assert.ok(gold("teacher forcing") > meanOf(first.counted["single characters"].gold) + 0.5);
    assert.ok(gold("teacher forcing") > gold("always sampling") + 0.5);
    assert.deepEqual(
      first.runs[0].result.curve.map(({ step }) => step),
      [20, 40, 60],
    );
    for (const { result } of first.runs) {
      assert.equal(result.gold.length, first.pieces.length);
      assert.ok(result.written.every((text) => [...text].length === 9));
    }
  }),
);

test("equal seeds give equal runs, other seeds others", onNative, () =>
  withOwnRuns(async () => {
    const systems = { half: { decay: "exponential", k: 0.97 } } as const;
    const of = async (seeds: number) =>
      (await languageRuns({ ...experiment, systems, seeds, steps: 10, fresh: true })).runs.map(
        ({ result: { seconds, ...rest } }) => rest,
      );
    const [one] = await of(1),
      [same, other] = await of(2);
    assert.deepEqual(same, one);
    assert.notDeepEqual(other.gold, one.gold);
  }),
);

test("where runs are to be listed instead of trained, it says that it has none to list", onNative, () =>
  withOwnRuns(async () => {
    process.env[MISSING_VARIABLE] = "none.jsonl";
    try {
      await assert.rejects(languageRuns(experiment), /trained by their notebook alone/);
    } finally {
      delete process.env[MISSING_VARIABLE];
    }
  }),
);

test("settings that leave nothing to predict, or too little text, are refused", async () => {
  await assert.rejects(languageRuns({ ...experiment, own: 9 }), /prefix 3 and own 9 leave nothing/);
  await assert.rejects(languageRuns({ ...experiment, hidden: 0 }), /hidden = 0 is not/);
  await assert.rejects(
    languageRuns({ ...experiment, corpus: corpusOf(texts.slice(0, 10), 1), length: 50 }),
    /hold no piece of 50/,
  );
});
