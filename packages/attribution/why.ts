/** Why lines were called so, for a notebook: mistakes, lines that are named, any text. */
import { alwaysWrong } from "../../lib/evaluate/votes";
import { markdown, show } from "../../lib/show/display";
import type { Results } from "../../lib/study/experiment";
import type { Item } from "../../lib/study/task";
import { COUNT, check } from "../../lib/support/settings";
import { explain, type WhyOptions } from "./explain";
import { explainedTable } from "./explained-table";

/**
 * The first mistakes of a system on which all its seeds agree, a few of each gold class, or lines that are
 * given: with marked words, and with the training lines nearest to them.
 *
 *     await why(results, { system: "BERT last" });
 *     await why(results, { system: "BERT last", items: task.items.slice(0, 3) });
 *
 * @throws as explain() does
 */
export async function why<T extends Item>(
  results: Results<T>,
  { each = 3, items, ...options }: WhyOptions & { readonly each?: number; readonly items?: readonly T[] },
): Promise<void> {
  check("each", each, COUNT);
  const { task, answers } = results,
    { system, way = "leave-one-out" } = options;
  const wrong = alwaysWrong(answers.filter((one) => one.system === system));
  const listed = task.classes.flatMap((_, gold) => wrong.filter((vote) => vote.gold === gold).slice(0, each)),
    places = new Map(task.items.map(({ id }, place) => [id, place]));
  const chosen = items ?? listed.map(({ id }) => task.items[places.get(id)!]),
    explained = await explain(results, chosen, options);
  const rows = chosen.map(({ id }, i) => ({ explained: explained[i], gold: task.labels[places.get(id)!] }));
  const caption = items
    ? `Lines and what ${system} says of them: ${rows.length}`
    : `Mistakes of ${system} on which all seeds agree: ${wrong.length}; at most ${each} of each class`;
  await show(
    rows.length === 0 ? markdown(caption) : explainedTable(rows, { classes: task.classes, caption, way }),
  );
}

/**
 * The same of any text.
 *
 *     await whyText(results, "説明書が分かりにくい。", { system: "BERT last" });
 *
 * @throws as explain() does
 */
export async function whyText(results: Results, text: string, options: WhyOptions): Promise<void> {
  const { system, way = "leave-one-out" } = options,
    [explained] = await explain(results, [{ text }], options);
  const caption = `What ${system} says of a text`;
  await show(explainedTable([{ explained }], { classes: results.task.classes, caption, way }));
}
