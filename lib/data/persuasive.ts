/**
 * The NAIST persuasive dialogue corpus (Yoshino et al., LREC 2018) as one line a row: 1,000 scripted
 * dialogues in five domains, every line labelled by three or more workers. Its domains stand for touches and
 * its dialogues for stories, so that it can take the place of manga lines.
 */

import type { MangaLine } from "./manga";
import { readItems, readTable } from "./table";

export const DOMAINS = ["cleaning", "exercise", "game", "lunch", "sleep"] as const;
/** The label of a line whose votes tie. */
export const TIE = "tie";
const LABELS = ["neutral", "anger", "joy", "sadness", "contentment", TIE] as const;

/**
 * Reads lines.tsv (domain, dialogue, turn, speaker, text, majority, …); lines whose votes tie are left out,
 * or kept as context for others.
 */
export function readPersuasive(path: string, { keepTies = false } = {}): MangaLine[] {
  const names = {
    domain: "domain",
    dialogue: "dialogue",
    turn: "turn",
    speaker: "speaker",
    text: "text",
    majority: "majority",
  };
  return readItems(readTable(path), names, {
    read: (cell): MangaLine => {
      const touch = cell.label("domain", DOMAINS),
        story = `${touch}-${cell.text("dialogue")}`,
        line = cell.integer("turn", { min: 0 });
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
        emotion: cell.label("majority", LABELS),
      };
    },
  }).filter(({ emotion }) => keepTies || emotion !== TIE);
}
