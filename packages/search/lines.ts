/**
 * What a search learns and is judged on: the task without its test lines, which are not even in the data set
 * of its runs. Its validation lines judge; of its training lines a fifth chooses the epoch in their place.
 */
import { holdOutGroups, holdOutStratified, type Split } from "../../lib/data/split";
import type { Bundle } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import type { Item, Task } from "../../lib/study/task";
import { Random } from "../../lib/support/random";

/** Of the training lines, to choose the epoch. */
const HELD = 0.2;

/** Fields that lines of manga have and reviews do not, with their plurals. */
const FIELDS = [
  ["touch", "touches"],
  ["story", "stories"],
] as const;
type Field = (typeof FIELDS)[number][0];

const fieldOf = (item: Item, field: Field): string | undefined => {
  const value = (item as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : undefined;
};

/** [trained on, choosing the epoch]: whole stories where there are some, else each class in its share. */
function heldOut({ items, labels }: Task, { name, train }: Split): [number[], number[]] {
  const random = new Random(1),
    stories = items.map((item) => fieldOf(item, "story") ?? "");
  const told = new Set(train.map((item) => stories[item]));
  if (told.has("")) return holdOutStratified(train, labels, { share: HELD, random });
  if (told.size === 1)
    throw new Error(
      `split "${name}": its training lines are of one story, ${[...told][0]}, and a search holds whole stories out of them: name fewer testStories, or take a smaller validationFraction`,
    );
  return holdOutGroups(train, stories, { share: HELD, random });
}

/**
 * The task that a search runs on: the same splits, whose `test` are the validation lines of the given ones.
 * @throws if a split learns from lines that another one tests, or its training lines are of one story
 */
export function searchTask<T extends Item>(task: Task<T>): Task<T> {
  const { splits } = task,
    tested = new Set(splits.flatMap(({ test }) => test));
  for (const { name, train, validation } of splits) {
    const seen = [...train, ...validation].filter((item) => tested.has(item)).length;
    if (seen > 0)
      throw new Error(
        `split "${name}": ${seen} lines that it learns from are tested in another split, so that a choice would have seen them: name testStories, which are held out everywhere, or search one split, { ...task, splits: [task.splits[0]] }`,
      );
  }
  const learnt = new Set(splits.flatMap(({ train, validation }) => [...train, ...validation])),
    kept = [...task.items.keys()].filter((item) => learnt.has(item)),
    place = new Map(kept.map((item, at) => [item, at]));
  const placed = (indices: readonly number[]) => indices.map((item) => place.get(item)!);
  return {
    ...task,
    items: kept.map((item) => task.items[item]),
    labels: kept.map((item) => task.labels[item]),
    splits: splits.map((split) => {
      const [train, validation] = heldOut(task, split);
      return {
        name: splits.length === 1 ? "validation" : `validation, ${split.name}`,
        train: placed(train),
        validation: placed(validation),
        test: placed(split.validation),
      };
    }),
  };
}

/** Different values of a field among items; none where the items do not have it. */
const valuesOf = ({ items }: Task, indices: readonly number[], field: Field): string[] => [
  ...new Set(indices.flatMap((item) => fieldOf(items[item], field) ?? [])),
];

/** The lines that settings are judged on, each once, however many splits have it. */
export const judgedOn = ({ splits }: Task): number[] =>
  [...new Set(splits.flatMap(({ test }) => test))].sort((a, b) => a - b);

/** "262 validation lines (5 touches: ギャグ, …; 2 stories: …)": what settings are judged on. */
export function linesInWords(searched: Task): string {
  const judged = judgedOn(searched);
  const details = FIELDS.flatMap(([field, plural]) => {
    const values = valuesOf(searched, judged, field);
    return values.length === 0
      ? []
      : [`${values.length} ${values.length === 1 ? field : plural}: ${values.join(", ")}`];
  });
  return `${judged.length} validation lines${details.length > 0 ? ` (${details.join("; ")})` : ""}`;
}

/** Which lines are trained on, choose the epoch and judge settings; beside them the test lines, left out. */
export function linesTable(searched: Task, { splits }: Task): Bundle {
  const counted = (name: string, parts: readonly (readonly number[])[]) => ({
    "in a search": name,
    lines: new Set(parts.flat()).size,
    "of each split": parts.map(({ length }) => length).join(", "),
  });
  const rows = (
    [
      ["train", "trained on"],
      ["validation", "choose the epoch"],
      ["test", "judge the settings"],
    ] as const
  ).map(([part, does]) => {
    const parts = searched.splits.map((split) => split[part]),
      named = FIELDS.map(
        ([field, plural]) => [plural, valuesOf(searched, parts.flat(), field).join(", ")] as const,
      );
    return {
      ...counted(does, parts),
      ...Object.fromEntries(named.filter(([, values]) => values !== "")),
    };
  });
  const left = counted(
    "not in it: test",
    splits.map(({ test }) => test),
  );
  return table([...rows, left], { caption: "Lines on which settings are chosen" });
}
