/**
 * How well probabilities rank items of a class above all others. No threshold is in it; items of equal
 * probability stand on one place, as in scikit-learn.
 */

import type { Predictions } from "../../lib/evaluate/intervals";
import { grouped } from "../../lib/support/groups";

/** How many items of the class, and of all others, have each probability; the highest first. */
function ranked({ gold, probabilities }: Predictions, positive: number) {
  if (probabilities === undefined)
    throw new Error("these predictions have no probabilities, by which items could be ranked");
  const places = [...grouped(gold.keys(), (item) => probabilities[item][positive])]
    .sort(([a], [b]) => b - a)
    .map(([, items]) => {
      const own = items.filter((item) => gold[item] === positive).length;
      return { own, others: items.length - own };
    });
  const own = places.reduce((sum, place) => sum + place.own, 0);
  return { places, own, others: gold.length - own };
}

/**
 * The area under the ROC curve: the chance that an item of the class stands above one of another class, equal
 * ones counted half. NaN if either kind is missing.
 * @throws if there are no probabilities
 */
export function rocAuc(predictions: Predictions, positive = 1): number {
  const { places, own, others } = ranked(predictions, positive);
  let above = 0,
    area = 0;
  for (const place of places) {
    area += place.others * (above + place.own / 2);
    above += place.own;
  }
  return area / (own * others);
}

/**
 * Average precision: precision at every place where recall grows, weighted by that growth (no interpolation,
 * as scikit-learn's average_precision_score). NaN if no item is of the class.
 * @throws if there are no probabilities
 */
export function averagePrecision(predictions: Predictions, positive = 1): number {
  const { places, own } = ranked(predictions, positive);
  let found = 0,
    called = 0,
    sum = 0;
  for (const place of places) {
    found += place.own;
    called += place.own + place.others;
    sum += place.own * (found / called);
  }
  return sum / own;
}
