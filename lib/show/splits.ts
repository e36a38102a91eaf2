/** How many lines each split has, and how many of them are positive. */
import { frame } from "../../packages/danfojs-frame";
import type { Split } from "../data/split";
import type { Bundle } from "./style";
import { table } from "./tables";

/** One row a split (a touch). @param labels of all lines, 1 for a positive one */
export async function splitsTable(
  splits: readonly Split[],
  labels: readonly number[],
  caption: string,
): Promise<Bundle> {
  const positives = (items: readonly number[]) => items.filter((item) => labels[item] === 1).length;
  return table(
    await frame(
      splits.map(({ name, train, validation, test }) => ({
        touch: name,
        train: train.length,
        "positive in train": positives(train),
        validation: validation.length,
        test: test.length,
        "positive in test": positives(test),
        "positive rate in test": positives(test) / test.length,
      })),
    ),
    { caption, digits: 2 },
  );
}
