/** A notebook as it is committed, executed with its own settings, and whether that still holds here. */
import type { StoredAnswer } from "../../lib/show/answer";
import { changesSince } from "../../lib/show/origin";
import { cellsHash, type Notebook, outputsOf, settingsOf, summarise } from "../notebook";

/** When a notebook was executed as it stands, or in words why it cannot be shown so. */
export function committedAs(notebook: Notebook): Date | string {
  const { origin } = (summarise(notebook, "").answer as StoredAnswer | undefined) ?? {};
  if (origin === undefined) return "it is committed without an answer";
  if (outputsOf(notebook).some(({ output_type }) => output_type === "error"))
    return "it is committed with an error";
  if (settingsOf(notebook).length > 0) return "it is committed with other settings than its own";
  const { executed } = notebook.metadata.komalab ?? {};
  if (executed === undefined) return "it has not been executed by a report yet";
  if (executed !== cellsHash(notebook)) return "its cells have changed since a report executed them";
  const changes = changesSince(origin);
  if (changes.length > 0) return changes.map(({ en }) => en).join("; ");
  return new Date(origin.at);
}
