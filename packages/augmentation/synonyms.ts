/**
 * Files from which augmentation takes words and texts: a lexicon of synonyms, and lines that went into
 * another language and back.
 */

import { readItems } from "../../lib/data/items";
import { nameKey } from "../../lib/data/names";
import { grouped } from "../../lib/support/groups";
import { remembered } from "../../lib/support/remembered";
import { DataError, type Problem, readTable, readText } from "../table-file";

/**
 * Reads a lexicon: on every line words that may stand for each other, between tabs or commas; # begins a
 * comment.
 * @returns for every word those of its lines
 * @throws DataError for a line with fewer than two different words
 */
export function readSynonyms(path: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>(),
    problems: Problem[] = [];
  readText(path)
    .split(/\r\n|\r|\n/)
    .forEach((line, i) => {
      const text = line.replace(/#.*/, "").trim();
      if (text === "") return;
      const words = [
        ...new Set(
          text
            .split(/[\t,、，]/)
            .map(nameKey) // as the tokenizer gives words
            .filter((word) => word !== ""),
        ),
      ];
      if (words.length < 2)
        problems.push({
          path,
          line: i + 1,
          column: "words",
          value: text,
          remedy: "write at least two words between tabs or commas, or begin the line with #",
        });
      for (const word of words) {
        const known = remembered(groups, word, () => new Set<string>());
        words.filter((other) => other !== word).forEach((other) => known.add(other));
      }
    });
  if (problems.length > 0) throw new DataError(problems);
  return new Map([...groups].map(([word, others]) => [word, [...others]]));
}

/**
 * Reads texts that came back from another language, a table with the columns text (as it stands in the data)
 * and back; several rows of one text are several copies.
 * @throws DataError with file, line, column and value of every bad row
 */
export function readBackTranslations(path: string): ReadonlyMap<string, readonly string[]> {
  const rows = readItems(
    readTable(path),
    { text: ["text"], back: ["back"] },
    { read: (cell) => ({ text: cell.text("text"), back: cell.text("back") }) },
  );
  return new Map(
    [...grouped(rows, ({ text }) => text)].map(([text, copies]) => [text, copies.map(({ back }) => back)]),
  );
}
