/** Pseudo-labels in a notebook: how many there are, and how many of them are right. */
import { summary } from "../../lib/evaluate/intervals";
import { show } from "../../lib/show/display";
import { table } from "../../lib/show/tables";
import { grouped } from "../../lib/support/groups";
import type { PseudoLabelled } from "./rounds";

const mean = (values: readonly number[]): number => summary(values).mean;

/** A row a test set, means over seeds; how many labels are right only where that is known. */
export async function showPseudoLabels({ labellings, unlabelled }: PseudoLabelled): Promise<void> {
  const rows = [...grouped(labellings, ({ testSet }) => testSet)].map(([testSet, own]) => {
    const taken = own.map((one) => one.taken),
      some = own.filter((one) => one.taken > 0);
    const rights = own.flatMap(({ right }) => right ?? []);
    return {
      "test set": testSet,
      seeds: own.length,
      "without a label": own[0].unlabelled,
      taken: mean(taken),
      "fewest to most": `${Math.min(...taken)} to ${Math.max(...taken)}`,
      ...(rights.length > 0 && {
        "right of those taken":
          some.length === 0 ? null : mean(some.map((one) => one.right!.ofTaken / one.taken)),
        "right of all": mean(own.map((one) => one.right!.ofAll / one.unlabelled)),
      }),
    };
  });
  const { known, tooLong } = unlabelled.leftOut;
  const caption = `Pseudo-labels, means over seeds${known + tooLong > 0 ? `; left out: ${known} texts that are there already, ${tooLong} too long` : ""}`;
  await show(table(rows, { caption, digits: 2 }));
}
