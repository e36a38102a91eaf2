/** References from a .bib file, as far as a weekly report prints them: who, what, where, when. */
import { readBibtex } from "./bibtex";
import { addressFromTex, fromTex } from "./tex";

export interface Reference {
  readonly key: string;
  readonly words: string;
}

/** A list's parts at a word outside of braces. */
function splitOutside(text: string, separator: RegExp): string[] {
  const parts = [""];
  let depth = 0;
  for (const piece of text.split(/([{}]|\sand\s|,)/)) {
    if (piece === "{") depth++;
    if (piece === "}") depth--;
    if (depth === 0 && separator.test(piece)) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** "Devlin, Jacob" as "Jacob Devlin"; Japanese names keep their order. */
function nameOf(name: string): string {
  if (name === "others") return "et al.";
  const [family, ...rest] = splitOutside(name, /^,$/).map(fromTex),
    [given, junior] = rest.length > 1 ? [rest[1], rest[0]] : [rest[0], undefined];
  if (given === undefined) return family!;
  return /[\u3041-\u30ff\u3400-\u9fff]/.test(name)
    ? `${family} ${given}`
    : [`${given} ${family}`, junior].filter(Boolean).join(", ");
}

/** "Devlin, Jacob and Chang, Ming-Wei" as "Jacob Devlin, Ming-Wei Chang". */
const namesOf = (names: string): string =>
  splitOutside(names, /^\sand\s$/)
    .map(nameOf)
    .join(", ")
    .replace(", et al.", " et al.");

/** Sentences one after the other; none gets a second full stop. */
const sentences = (parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined && part !== "")
    .map((part) => (/[.?!。．]$/.test(part!) ? part : `${part}.`))
    .join(" ");

/** Where a work appeared, the first of these that is there. */
const PLACES = "journal journaltitle booktitle publisher institution school organization howpublished".split(
  " ",
);

/**
 * The works of a .bib file in their order.
 * @throws naming file and line of what BibTeX does not read
 */
export function readBibliography(text: string, path: string): Reference[] {
  return readBibtex(text, path).map(({ key, fields }) => {
    const field = (name: string): string | undefined => {
      const value = fields.get(name);
      return value === undefined ? undefined : fromTex(value) || undefined;
    };
    const address = (name: string) => addressFromTex(fields.get(name) ?? "") || undefined;
    const eprint = address("eprint"),
      kind = field("archiveprefix") ?? field("eprinttype") ?? "arXiv";
    const place = PLACES.map((name) =>
      /\\url/.test(fields.get(name) ?? "") ? address(name) : field(name),
    ).find((one) => one !== undefined);
    const number = field("number") ?? field("issue"),
      volume = [field("volume") ?? "", number === undefined ? "" : `(${number})`].join("");
    const pages = field("pages")?.replace(/(?<=\d)-(?=\d)/g, "–");
    const doi = address("doi")?.replace(/^https?:\/\/(?:dx\.)?doi\.org\//, "");
    const words = sentences([
      namesOf(fields.get("author") ?? fields.get("editor") ?? ""),
      field("title"),
      place,
      [volume, pages === undefined ? "" : `pp. ${pages}`].filter(Boolean).join(", "),
      field("year") ?? field("date")?.slice(0, 4),
    ]);
    const found =
      doi !== undefined
        ? `doi:${doi}`
        : eprint !== undefined
          ? `${/arxiv/i.test(kind) ? "arXiv" : kind}:${eprint}`
          : address("url");
    return { key, words: [words || `${key}.`, found].filter(Boolean).join(" ") };
  });
}
