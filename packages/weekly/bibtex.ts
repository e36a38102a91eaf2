/** A .bib file's entries, as BibTeX reads them: values in braces or quotes, joined by #, abbreviations. */
import { brief } from "../../lib/support/printable";

interface Entry {
  readonly type: string;
  readonly key: string;
  /** Values by their names in small letters, with TeX's spellings. */
  readonly fields: ReadonlyMap<string, string>;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Reads a text from left to right and knows its lines. */
class Reader {
  at = 0;
  constructor(
    readonly text: string,
    readonly path: string,
  ) {}
  fault(words: string, at = this.at): Error {
    return new Error(`${this.path}:${this.text.slice(0, at).split("\n").length}: ${words}`);
  }
  /** What matches here, after blanks; undefined leaves the place as it is. */
  take(pattern: RegExp): string | undefined {
    const here = new RegExp(`\\s*(${pattern.source})`, "y");
    here.lastIndex = this.at;
    const found = here.exec(this.text);
    if (!found) return undefined;
    this.at = here.lastIndex;
    return found[1];
  }
  /** The text up to a closing sign outside of braces, which is passed over; undefined if there is none. */
  until(close: string): string | undefined {
    let depth = 0;
    for (let i = this.at; i < this.text.length; i++) {
      const letter = this.text[i]!;
      if (letter === "\\") i++;
      else if (depth === 0 && letter === close) {
        const inner = this.text.slice(this.at, i);
        this.at = i + 1;
        return inner;
      } else if (letter === "{") depth++;
      else if (letter === "}") depth--;
    }
    return undefined;
  }
}

/** A value, its parts joined; of an abbreviation its text. */
function readValue(reader: Reader, name: string, abbreviations: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  do {
    const from = reader.at,
      open = reader.take(/[{"]/);
    if (open !== undefined) {
      const inner = reader.until(open === "{" ? "}" : '"');
      if (inner === undefined) throw reader.fault(`the value of ${brief(name)} is not closed`, from);
      parts.push(inner);
      continue;
    }
    const word = reader.take(/[^\s#,{}()"=]+/);
    if (word === undefined) throw reader.fault(`${brief(name)} has no value`);
    const known = /^\d+$/.test(word) ? word : abbreviations.get(word.toLowerCase());
    if (known === undefined && name.toLowerCase() !== "month")
      // it is not printed
      throw reader.fault(
        `${brief(name)} = ${brief(word)}: no @string says what ${brief(word)} is; write {${brief(word)}}`,
      );
    parts.push(known ?? word);
  } while (reader.take(/#/) !== undefined);
  return parts.join("");
}

/** `name = value` pairs up to the closing sign of the entry. */
function readFields(
  reader: Reader,
  {
    close,
    what,
    abbreviations,
  }: { readonly close: string; readonly what: string; readonly abbreviations: ReadonlyMap<string, string> },
): Map<string, string> {
  const fields = new Map<string, string>(),
    from = reader.at,
    end = close === "}" ? /\}/ : /\)/;
  for (;;) {
    while (reader.take(/,/) !== undefined);
    if (reader.take(end) !== undefined) return fields;
    const name = reader.take(/[^\s#,{}()"=@]+/);
    if (name === undefined) {
      if (/^\s*(@|$)/.test(reader.text.slice(reader.at)))
        throw reader.fault(`${what} has no closing brace`, from);
      throw reader.fault(`${what}: here a field is to begin, name = {value}`);
    }
    if (reader.take(/=/) === undefined) throw reader.fault(`${what}: after ${brief(name)} there is no =`);
    fields.set(name.toLowerCase(), readValue(reader, name, abbreviations));
    if (reader.take(/,/) === undefined && reader.take(end) !== undefined) return fields;
    // a comma that is forgotten misleads nobody: the next name follows
  }
}

/**
 * The entries in their order.
 * @throws naming file and line of what is not closed, has no key, stands twice, or is abbreviated without
 *   @string
 */
export function readBibtex(source: string, path: string): Entry[] {
  const text = source.replace(/\r\n?/g, "\n"),
    reader = new Reader(text, path),
    abbreviations = new Map(MONTHS.map((month) => [month, month])),
    entries = new Map<string, Entry>();
  const begin = /^([^\n\u2028\u2029%]*?)(?<![\w.@])@\s*(\w+)\s*([{(])/gm;
  for (;;) {
    begin.lastIndex = reader.at;
    const found = begin.exec(text);
    if (!found) return [...entries.values()];
    const [, , type, open] = found as unknown as [string, string, string, string],
      close = open === "{" ? "}" : ")",
      at = found.index + found[1]!.length;
    reader.at = begin.lastIndex;
    if (/^(comment|preamble)$/i.test(type)) {
      if (reader.until(close) === undefined) throw reader.fault(`@${brief(type)} has no closing brace`, at);
      continue;
    }
    if (/^string$/i.test(type)) {
      for (const [name, value] of readFields(reader, { close, what: "@string", abbreviations }))
        abbreviations.set(name, value);
      continue;
    }
    const key = reader.take(/[^\s,={}()"#]+(?=\s*[,})])/);
    if (key === undefined)
      throw reader.fault(`@${brief(type)} has no key: write @article{devlin2019, author = …}`, at);
    if (entries.has(key))
      throw reader.fault(`@${brief(type)}{${brief(key)}: this key stands twice in the file`, at);
    const fields = readFields(reader, { close, what: `@${brief(type)}{${brief(key)}`, abbreviations });
    entries.set(key, { type: type.toLowerCase(), key, fields });
  }
}
