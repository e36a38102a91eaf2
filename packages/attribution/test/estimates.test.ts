/** Numbers of a study whose marks and curves are known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answered, agreementsOf, curveOf, fallsOf, RANDOM, type Study } from "..";

const answered = (marks: readonly number[], predicted = 1): Answered => ({
  line: { text: "", ids: [], segmentIds: [], words: [] },
  probabilities: [0.2, 0.8],
  predicted,
  marks,
});
const flat = [0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
  falling = [0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
const seed = (number: number, gradient: readonly Answered[], left: readonly Answered[]) => ({
  seed: number,
  answered: { "gradient × input": gradient, "leave-one-out": left },
  curves: {
    "gradient × input": left.map(() => falling),
    "leave-one-out": left.map(() => flat),
    [RANDOM]: left.map(() => flat),
  },
});
const up = [1, 2, 3],
  down = [3, 2, 1];
const study = (...seeds: readonly ReturnType<typeof seed>[]): Study => ({
  system: "one",
  sets: [{ testSet: "test", seeds }],
});
const near = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) < 1e-12, `${found} for ${wanted}`);

test("marks are compared between seeds and between ways, line by line", () => {
  const { seeds, ways } = agreementsOf(
    study(
      seed(1, [answered(up), answered(up)], [answered(up), answered(down)]),
      seed(2, [answered(up), answered(up)], [answered(up), answered(up)]),
    ),
  );
  near(seeds["gradient × input"].value, 1);
  near(seeds["leave-one-out"].value, 0); // one line agrees, one is turned round
  near(ways.value, 0.5); // of four, one is turned round
  assert.ok(ways.low <= 0.5 && ways.high >= 0.5);
});

test("lines to which two seeds give different classes, and lines of fewer than three words, are not compared", () => {
  const { seeds } = agreementsOf(
    study(
      seed(1, [answered(up), answered(up), answered([1, 2])], [answered(up), answered(up), answered([1, 2])]),
      seed(
        2,
        [answered(up), answered(down, 0), answered([2, 1])],
        [answered(up), answered(up), answered([2, 1])],
      ),
    ),
  );
  near(seeds["gradient × input"].value, 1);
});

test("curves and falls are means over lines and seeds, differences line by line to random words", () => {
  const one = study(seed(1, [answered(up)], [answered(up)]), seed(2, [answered(up)], [answered(up)]));
  near(curveOf(one, "gradient × input")[5].value, 0.3);
  assert.deepEqual(curveOf(one, "gradient × input")[0].seeds, [0.8, 0.8]);
  const [gradient, left] = fallsOf(one);
  near(gradient.fall.value, 0.3);
  near(gradient.random.value, 0);
  near(gradient.difference.low, 0.3);
  near(left.difference.value, 0);
});
