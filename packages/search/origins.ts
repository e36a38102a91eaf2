/** How the settings of today were chosen: the table of docs/settings.md, which a test holds to the code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "../../lib/show/style";
import { table } from "../../lib/show/tables";
import { projectRoot } from "../../lib/support/files";
import { grouped } from "../../lib/support/groups";

export interface Origin {
  /** default, or the numbers of notebooks. */
  readonly where: string;
  readonly setting: string;
  /** As the code has it. */
  readonly value: string;
  /** Such as "from a paper" or "by hand, never searched". */
  readonly chosen: string;
  readonly source: string;
}

/**
 * The rows of the table in docs/settings.md.
 *
 *     await show(originsTable(settingOrigins()));
 */
export function settingOrigins(path = join(projectRoot, "docs", "settings.md")): Origin[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim().replace(/`/g, "")),
    )
    .filter(([where]) => where !== "where")
    .map(([where, setting, value, chosen, source]) => ({ where, setting, value, chosen, source }));
}

/** How many settings were chosen in each way, of the library's defaults and of notebooks; all are folded. */
export function originsTable(origins: readonly Origin[]): Bundle {
  const ways = [...grouped(origins, ({ chosen }) => chosen)].sort(([, a], [, b]) => b.length - a.length);
  const rows = ways.map(([chosen, own]) => {
    const defaults = own.filter(({ where }) => where === "default").length;
    return { "how chosen": chosen, "library's defaults": defaults, "in notebooks": own.length - defaults };
  });
  const columns = { where: "notebook", setting: "setting", value: "its value", chosen: "how chosen" };
  return table(rows, {
    caption: "How the settings of the library and of the notebooks were chosen",
    summary: "Every setting, its value and how it was chosen",
    folded: [table(origins, { columns })],
  });
}
