/** What a grid of recipes came to; no training. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { measuresOf, type Outcome, recipeSystems } from "../index";

test("all warm-ups are tried with the fewest epochs, the last alone with more", () => {
  const systems = recipeSystems({
    epochs: [3, 20],
    warmupRatios: [0, 0.1],
    biasCorrections: [true],
    learningRates: [1e-4],
  });
  assert.deepEqual(Object.keys(systems), [
    "3 epochs, no warm-up, bias correction, 1e-4",
    "3 epochs, warm-up 10 %, bias correction, 1e-4",
    "20 epochs, warm-up 10 %, bias correction, 1e-4",
  ]);
});

const outcome = (biasCorrection: boolean, seed: number, ending: Outcome["ending"]) =>
  ({ recipe: { epochs: 3, warmupRatio: 0.1, biasCorrection }, rate: 1e-3, seed, ending }) as Outcome;
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

test("a measure is judged by the runs that it alone decides", () => {
  const outcomes = seeds.flatMap((seed) => [
    outcome(false, seed, seed === 8 ? "successful" : "failed"),
    outcome(true, seed, "successful"),
  ]);
  const [correction, ...others] = measuresOf(outcomes);
  assert.deepEqual(
    { ...correction, p: 0, holm: 0 },
    {
      measure: "bias correction",
      ja: "バイアス補正",
      pairs: 8,
      cured: 7,
      broken: 0,
      p: 0,
      holm: 0,
      clear: "better",
    },
  );
  assert.deepEqual(others, []); // neither warm-up nor epochs were varied
});

test("a measure that cures as often as it breaks is not clear", () => {
  const outcomes = seeds.flatMap((seed) => [
    outcome(false, seed, seed % 2 === 0 ? "failed" : "successful"),
    outcome(true, seed, seed % 2 === 0 ? "successful" : "failed"),
  ]);
  assert.equal(measuresOf(outcomes)[0].clear, "no");
});
