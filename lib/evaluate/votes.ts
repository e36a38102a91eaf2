/**
 * What the seeds of one system say together of every test item: for reading mistakes, and for tests that take
 * one answer an item.
 */
import type { Predictions } from "./intervals";

/** The predictions of one run with the names of its items. */
interface NamedPredictions extends Predictions {
  readonly items: readonly string[];
}

interface Vote {
  readonly id: string;
  readonly gold: number;
  /** How many runs predicted each class, [C]. */
  readonly called: readonly number[];
  /** Runs that tested this item, and how many of them were right. */
  readonly of: number;
  readonly right: number;
  /** The class that most runs predict, the lowest of equals. */
  readonly predicted: number;
}

/**
 * The votes of runs (the seeds of one system, on any test sets) by item, in the order in which items first
 * occur.
 */
export function votes(runs: readonly NamedPredictions[]): ReadonlyMap<string, Vote> {
  const classes =
    runs.flatMap(({ gold, predicted }) => [...gold, ...predicted]).reduce((a, b) => Math.max(a, b), 0) + 1;
  const counted = new Map<string, { readonly gold: number; readonly called: number[] }>();
  for (const { items, gold, predicted } of runs) {
    items.forEach((id, i) => {
      const vote = counted.get(id) ?? { gold: gold[i], called: new Array<number>(classes).fill(0) };
      vote.called[predicted[i]]++;
      counted.set(id, vote);
    });
  }
  return new Map(
    [...counted].map(([id, { gold, called }]) => {
      const of = called.reduce((a, b) => a + b, 0);
      return [
        id,
        { id, gold, called, of, right: called[gold], predicted: called.indexOf(Math.max(...called)) },
      ];
    }),
  );
}

/** The items that no run got right: what is left of mistakes when the luck of training is taken away. */
export const alwaysWrong = (runs: readonly NamedPredictions[]): Vote[] =>
  [...votes(runs).values()].filter(({ right }) => right === 0);

/**
 * Items that every run of one system gets wrong and every run of the other right ("helped"), or the other way
 * round ("harmed").
 */
export function movedItems(
  before: readonly NamedPredictions[],
  after: readonly NamedPredictions[],
): ReadonlyMap<string, "helped" | "harmed"> {
  const later = votes(after),
    allRight = ({ right, of }: Vote) => right === of;
  return new Map(
    [...votes(before).values()].flatMap((one) => {
      const two = later.get(one.id);
      if (two === undefined) return [];
      const effect =
        one.right === 0 && allRight(two)
          ? ("helped" as const)
          : allRight(one) && two.right === 0
            ? ("harmed" as const)
            : undefined;
      return effect === undefined ? [] : [[one.id, effect] as const];
    }),
  );
}
