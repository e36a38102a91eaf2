/** Reads the parts of a tokenizer.json, and refuses by their place what is damaged or not known. */
import { literally } from "../../lib/support/pattern";
import { brief, shown } from "../../lib/support/printable";
import { isObject, type Json } from "../hf-files";

const WORKING =
  "Files that transformers makes of a SentencePiece unigram model work, such as those of sbintuitions/modernbert-ja and cl-nagoya/ruri-v3.";

/** A JSON value, and where it stands, such as "…/tokenizer.json: normalizer.normalizers[1]". */
export class Place {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  /** @throws that the value is something that komalab does not do */
  refuse(what: string): never {
    throw new Error(
      `${this.path} ${what}, which komalab does not read; it would give wrong tokens. ${WORKING}`,
    );
  }

  /** @throws that the value is not what it must be */
  damaged(wanted: string): never {
    const told = this.value === undefined ? "missing" : shown(this.value);
    throw new Error(`${this.path} is ${told}, not ${wanted}: the file is damaged, copy it again`);
  }

  get object(): Json {
    return isObject(this.value) ? this.value : this.damaged("an object");
  }

  get text(): string {
    return typeof this.value === "string" ? this.value : this.damaged("a text");
  }

  get number(): number {
    return typeof this.value === "number" ? this.value : this.damaged("a number");
  }

  /** False where it is left out. */
  get flag(): boolean {
    if (this.value === undefined || this.value === null) return false;
    return typeof this.value === "boolean" ? this.value : this.damaged("true or false");
  }

  get list(): readonly Place[] {
    if (!Array.isArray(this.value)) return this.damaged("a list");
    return this.value.map((one, i) => new Place(one, `${this.path}[${i}]`));
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  get(key: string): Place {
    return new Place(this.object[key], `${this.path}${/: $/.test(this.path) ? "" : "."}${brief(key)}`);
  }

  /** @throws if the object has other keys: what they ask for would be left out */
  only(...keys: readonly string[]): void {
    const other = Object.keys(this.object).find((key) => !keys.includes(key));
    if (other !== undefined) this.get(other).refuse(`is ${shown(this.object[other])}`);
  }

  /** The value, if it is one of these. */
  oneOf<W extends string>(...words: readonly W[]): W {
    const word = words.find((one) => one === this.value);
    return word ?? this.refuse(`is ${shown(this.value)}`);
  }
}

/** Rust's white space, as members of a class. */
const SPACE = "\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const DIGIT = "\\p{Nd}";
export const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";
/** Letters of a pattern or an added token; V8 makes no expression of 100,000. */
export const LONGEST = 1000;
export const SPACES = new RegExp(`[${SPACE}]`, "u");

/**
 * The pattern of Replace and Split: {"String": …} or {"Regex": …} of the engine Oniguruma. Of these only what
 * JavaScript reads alike, and what takes no more than the square of a text's length: single characters,
 * classes and alternatives with at most two repetitions, without groups.
 */
export function patternAt(place: Place): RegExp {
  place.only("String", "Regex");
  for (const kind of [place.get("String"), place.get("Regex")])
    if (!kind.isMissing && kind.text.length > LONGEST) kind.refuse(`has ${kind.text.length} letters`);
  if (!place.get("String").isMissing) {
    const { text } = place.get("String");
    return text === "" ? place.get("String").refuse("is empty") : new RegExp(literally(text), "gu");
  }
  const regex = place.get("Regex"),
    { text } = regex;
  const atoms =
    /\\[sSdDwWntr]|\\[^\p{L}\p{N}]|\[\^?(?:\\[sdwntr]|\\[^\p{L}\p{N}]|[^\]\\[&])+\]|[^\\()[\]{}?*+]|[?*+]|\{\d+,?\d*\}/gu;
  const parts = text.match(atoms) ?? [];
  const repeated = parts.filter((part) => /^[?*+{]/.test(part));
  const chained = /[?*+}][?*+]/.test(text.replace(/\\./gu, "x"));
  if (text === "" || parts.join("") !== text || repeated.length > 2 || chained || /^[?*+{]/.test(text))
    return regex.refuse(`is the regular expression ${shown(text)}`);
  const classes = (part: string, inside: boolean) =>
    part.replace(/\\(.)/gsu, (both, letter: string) => {
      const set = { s: SPACE, d: DIGIT, w: WORD }[letter.toLowerCase()];
      if (set === undefined)
        return /[ntr]/.test(letter) || (inside && letter === "-") ? both : literally(letter);
      return inside ? set : `[${letter === letter.toLowerCase() ? "" : "^"}${set}]`;
    });
  try {
    return new RegExp(parts.map((part) => classes(part, part.startsWith("["))).join(""), "gu");
  } catch {
    return regex.refuse(`is the regular expression ${shown(text)}`);
  }
}
