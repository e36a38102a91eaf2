/**
 * Out-of-fold stacking (Wolpert 1992): a logistic regression learns how far to trust each system, from what
 * models say of texts that they have not learnt from. Of test texts it gets the means over the folds' models,
 * as is usual in competitions; scikit-learn's StackingClassifier trains a last model on all texts instead.
 */
import { countOf } from "../../lib/evaluate/baselines";
import type { NamedRun } from "../../lib/evaluate/comparison";
import { grouped } from "../../lib/support/groups";
import { fitLogistic, occurring, ofAllClasses, probabilities } from "../tfidf";
import type { Folded } from "./folds";
import { meanOf, type Rows, rowFor } from "./mean";

/** Numbers beside each other as a matrix, [texts, systems × C]. */
function besideEachOther(all: readonly Rows[]) {
  const columns = all.reduce((sum, [row]) => sum + row.length, 0),
    [{ length: rows }] = all;
  return {
    ...{ rows, columns },
    starts: Int32Array.from({ length: rows + 1 }, (_, row) => row * columns),
    indices: Int32Array.from({ length: rows * columns }, (_, i) => i % columns),
    values: Float64Array.from(all[0].flatMap((_, row) => all.flatMap((one) => one[row]))),
  };
}

/**
 * One stacked system for each split and seed, of all systems that were folded; one without seeds is stacked
 * with each seed of the others.
 * @param system its name in tables
 */
export const stacked = (
  { task, outOfFold }: Pick<Folded, "task" | "outOfFold">,
  system: string,
): NamedRun[] => {
  const { labels } = task;
  return [...grouped(outOfFold, ({ of }) => of)].flatMap(([of, all]) => {
    const numbered = [...new Set(all.map(({ seed }) => seed))].filter((seed) => seed !== null),
      seeds = numbered.length > 0 ? numbered : [null];
    return seeds.map((seed) => {
      const systems = all.filter((one) => one.seed === seed || one.seed === null),
        [{ learnt }] = systems;
      const known = occurring(learnt.map((item) => labels[item])),
        truth = learnt.map((item) => known.indexOf(labels[item]));
      // C = 1, the default of scikit-learn's StackingClassifier
      const fitted = fitLogistic(besideEachOther(systems.map(({ held }) => held)), truth, known.length, {
        c: 1,
      });
      const said = probabilities(fitted, besideEachOther(systems.map(({ test }) => meanOf(test))));
      const probable = ofAllClasses(said, known, countOf(labels));
      return rowFor(task, { system, seed, of, probabilities: probable });
    });
  });
};
