/** Why lines were called so, for a notebook: mistakes, lines that are named, any text. */
import { alwaysWrong } from "../../lib/evaluate/votes";
import { markdown, show } from "../../lib/show/display";
import type { Results } from "../../lib/study/experiment";
import type { Item } from "../../lib/study/task";
import { grouped } from "../../lib/support/groups";
import { meant } from "../../lib/support/nearest";
import { COUNT, check } from "../../lib/support/settings";
import { type Explained, explain, type WhyOptions } from "./explain";
import { explainedTable } from "./explained-table";
import { runsOf } from "./study";

/**
 * The first mistakes of a system on which all its seeds agree, a few of each gold class, or lines that are
 * given: with marked words, and with the training lines nearest to them.
 *
 *     await why(results, { system: "BERT last" });
 *     await why(results, { system: "BERT last", items: task.items.slice(0, 3) });
 *
 * @throws as studyMarks() does
 */
export async function why<T extends Item>(
  results: Results<T>,
  { each = 3, items, ...options }: WhyOptions & { readonly each?: number; readonly items?: readonly T[] },
): Promise<Explained[]> {
  check("each", each, COUNT);
  const { task, answers } = results,
    { system, way = "leave-one-out" } = options;
  const bySet = runsOf(results, system),
    wrong = alwaysWrong(answers.filter((one) => one.system === system));
  const listed = task.classes.flatMap((_, gold) => wrong.filter((vote) => vote.gold === gold).slice(0, each)),
    byId = new Map(task.items.map((item) => [item.id, item]));
  const chosen = items ?? listed.map(({ id }) => byId.get(id)!),
    first = [...bySet.keys()][0];
  const setOf = (item: T) =>
    [...bySet].find(([, [{ result }]]) => result.items.includes(item.id))?.[0] ?? first;
  const found = new Map<T, Explained>();
  for (const [testSet, own] of grouped(chosen, setOf)) {
    const explained = await explain(results, { testSet, items: own }, options);
    own.forEach((item, i) => found.set(item, explained[i]));
  }
  const goldOf = (item: T) => task.labels[task.items.findIndex(({ id }) => id === item.id)];
  const rows = chosen.map((item) => ({ explained: found.get(item)!, gold: goldOf(item) }));
  const caption = items
    ? `Lines and what ${system} says of them: ${rows.length}`
    : `Mistakes of ${system} on which all seeds agree: ${wrong.length}; at most ${each} of each class`;
  await show(
    rows.length === 0 ? markdown(caption) : explainedTable(rows, { classes: task.classes, caption, way }),
  );
  return rows.map(({ explained }) => explained);
}

/**
 * The same of any text, as one of the first test set would be read, or of a named one.
 *
 *     await whyText(results, "説明書が分かりにくい。", { system: "BERT last" });
 *
 * @throws as why() does; if no test set has the name
 */
export async function whyText(
  results: Results,
  text: string,
  { testSet, ...options }: WhyOptions & { readonly testSet?: string },
): Promise<Explained> {
  const { system, way = "leave-one-out" } = options,
    known = [...runsOf(results, system).keys()],
    name = testSet ?? known[0];
  if (!known.includes(name)) throw new Error(`no test set "${name}": ${meant(name, known)}`);
  const [explained] = await explain(results, { testSet: name, items: [{ text }] }, options);
  await show(
    explainedTable([{ explained }], {
      classes: results.task.classes,
      caption: `What ${system} says of a text`,
      way,
    }),
  );
  return explained;
}
