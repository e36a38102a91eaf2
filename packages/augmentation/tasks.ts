/** The tasks of an experiment on training texts: the same test items, and more or less to learn from. */
import { namesOf } from "../../lib/data/names";
import type { Item, Task } from "../../lib/study/task";
import { Random } from "../../lib/support/random";
import { type Enlarged, merged, oversampled, part, repeated, withCopies } from "./augmented";
import { COPYING, type Copies, type CopyingMethod } from "./methods";

/** What is trained on the texts alone, and what must be beaten: each of them twice. */
export const AS_THEY_ARE = "as they are";
export const TWICE = "each line twice";
/** What a part is called. */
export const partName = (share: number) => `${100 * share} % of the lines`;
export const METHODS = ["twice", ...COPYING, "positives"] as const;

/**
 * The methods of a list that make copies.
 * @throws with the methods that there are if it names another one
 */
export const copyingMethods = (list: string): CopyingMethod[] => {
  const named = namesOf(list, METHODS, "methods");
  return COPYING.filter((method) => named.includes(method));
};

interface More<T extends Item> {
  /** A list of methods; those that copy have been carried out, in `made`. */
  readonly methods: string;
  readonly made: readonly Copies[];
  /** Another file's lines, of the same classes. */
  readonly extra?: Task<T>;
  /** Shares of what is trained on, each a task too: each split draws a part of its own. */
  readonly shares: readonly number[];
}

/**
 * A task for each kind of training texts, by its name: as they are, twice, with copies, with repeated
 * positives, with another file's lines, and parts of them ("25 % of the lines").
 * @throws with the methods that there are if the list names another one
 */
export function tasksWithMore<T extends Item & { readonly story: string }>(
  task: Task<T>,
  { methods, made, extra, shares }: More<T>,
): Record<string, Task<T>> {
  const named = namesOf(methods, METHODS, "methods"),
    { splits, labels } = task;
  const labelled = ({ items, labels }: Task<T>) => items.map((item, i) => ({ ...item, label: labels[i] }));
  const enlarged = ({ items, splits }: Enlarged<T & { readonly label: number }>): Task<T> => ({
    ...task,
    items,
    labels: items.map(({ label }) => label),
    splits,
  });
  const own = labelled(task);
  return {
    [AS_THEY_ARE]: task,
    ...(named.includes("twice") && { [TWICE]: { ...task, splits: splits.map(repeated) } }),
    ...Object.fromEntries(
      made.map(({ system, copies }) => [system, enlarged(withCopies(own, splits, copies))]),
    ),
    ...(named.includes("positives") && {
      "positives repeated": {
        ...task,
        splits: splits.map((one) => oversampled(one, labels, new Random(1))),
      },
    }),
    ...(extra && { "extra lines": enlarged(merged(own, splits, labelled(extra))) }),
    ...Object.fromEntries(
      shares.map((share) => [
        partName(share),
        { ...task, splits: splits.map((one, i) => part(one, labels, share, new Random(i + 1))) },
      ]),
    ),
  };
}

/**
 * How many texts the parts and the whole train on, the mean over splits: where they stand on an axis.
 */
export function sizesOf(
  tasks: Readonly<Record<string, Task>>,
  shares: readonly number[],
): Record<string, number> {
  const mean = ({ splits }: Task) => splits.reduce((sum, { train }) => sum + train.length, 0) / splits.length;
  return Object.fromEntries(
    [...shares.map(partName), AS_THEY_ARE].map((name) => [name, Math.round(mean(tasks[name]))]),
  );
}
