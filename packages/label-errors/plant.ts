/** Wrong labels that are known to be wrong, to see which of them a list finds. */
import type { Item, Task } from "../../lib/study/task";
import { Random } from "../../lib/support/random";
import { COUNT, check, FRACTION, listOf } from "../../lib/support/settings";
import type { Judged } from "./out-of-fold";

export interface Planted {
  readonly labels: readonly number[];
  /** The items whose label is another one now. */
  readonly wrong: ReadonlySet<number>;
}

interface Planting {
  /** Of all labels. */
  readonly share: number;
  readonly classes: number;
  readonly seed: number;
}

/**
 * A share of the labels, drawn evenly from all texts, each exchanged for one of the other classes, drawn
 * evenly too.
 * @throws if `share` is none between 0 and 1, or there is one class
 */
export function plant(labels: readonly number[], { share, classes, seed }: Planting): Planted {
  check("share", share, FRACTION);
  if (classes < 2) throw new Error("a wrong label needs a second class");
  const random = new Random(seed),
    drawn = random.shuffled([...labels.keys()]).slice(0, Math.round(share * labels.length));
  const changed = new Map(
    drawn.map((item) => [item, (labels[item] + 1 + random.integer(classes - 1)) % classes]),
  );
  return { labels: labels.map((label, item) => changed.get(item) ?? label), wrong: new Set(drawn) };
}

/** Data as they are (share 0), or with wrong labels in them. */
export interface Variant<T extends Item = Item> extends Judged<T> {
  readonly data: string;
  readonly share: number;
  readonly wrong: ReadonlySet<number>;
}

interface PlantingOptions {
  readonly shares: readonly number[];
  /** How often each share is planted, by the seeds 1, 2, … */
  readonly plantings: number;
}

export const percent = (share: number): string => `${Math.round(1000 * share) / 10} %`;

/** The data as they are, and then each share, planted so many times. */
export function withPlanted<T extends Item>(
  data: string,
  task: Task<T>,
  { shares, plantings: count }: PlantingOptions,
): Variant<T>[] {
  check("plantings", count, COUNT);
  check("shares", shares, listOf(FRACTION));
  return [
    { data, name: `${data}, as they are`, task, share: 0, wrong: new Set() },
    ...shares.flatMap((share) =>
      Array.from({ length: count }, (_, i) => {
        const { labels, wrong } = plant(task.labels, { share, classes: task.classes.length, seed: i + 1 });
        return {
          ...{ data, share, wrong, task: { ...task, labels } },
          ...{ name: `${data}, ${percent(share)} wrong`, part: `planting ${i + 1}` },
        };
      }),
    ),
  ];
}
