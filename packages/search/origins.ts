/** How the settings of today were chosen: the table of docs/settings.md, which a test holds to the code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";

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
 * The rows of the first table in docs/settings.md.
 *
 *     await show(table(settingOrigins(), { columns: { setting: "setting", chosen: "how chosen" } }));
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
