/**
 * The NAIST persuasive dialogue corpus (Yoshino et al., LREC 2018) as one line a row: 1,000 scripted
 * dialogues in five domains, every line labelled by three or more workers. Its domains stand for touches and
 * its dialogues for stories, so that it can take the place of manga lines.
 */

import { readTable } from "../../packages/table-file";
import { TIE } from "./intensities";
import { readItems } from "./items";
import type { MangaLine } from "./manga";

export const DOMAINS = ["cleaning", "exercise", "game", "lunch", "sleep"] as const;
const LABELS = ["neutral", "anger", "joy", "sadness", "contentment", "tie"] as const;

/**
 * Reads lines.tsv (domain, dialogue, turn, speaker, text, majority, …); lines whose votes tie are left out,
 * or kept as context for others.
 */
export function readPersuasive(path: string, { keepTies = false } = {}): MangaLine[] {
  const fields = Object.fromEntries(
    ["domain", "dialogue", "turn", "speaker", "text", "majority"].map((name) => [name, [name]]),
  );
  return readItems(readTable(path), fields, {
    read: (cell): MangaLine => {
      const touch = cell.label("domain", DOMAINS),
        story = `${touch}-${cell.text("dialogue")}`,
        line = cell.integer("turn", { min: 0 }),
        majority = cell.label("majority", LABELS);
      return {
        id: `${story}/${line}`,
        story,
        touch,
        line,
        page: 1,
        panel: 1,
        speaker: cell.text("speaker"),
        text: cell.text("text"),
        situation: "",
        emotion: majority === "tie" ? TIE : majority,
      };
    },
  }).filter(({ emotion }) => keepTies || emotion !== TIE);
}
