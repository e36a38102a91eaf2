/** What a setting may be. What is something else is refused by its name and value, with what it may be. */
import { listed } from "./listed";
import { nearest } from "./nearest";
import { brief, shown } from "./printable";

export interface Rule {
  /** As in "is not a whole number of at least 1". */
  readonly words: string;
  readonly fits: (value: unknown) => boolean;
  /** May be left out. */
  readonly optional?: true;
}

/** A rule for every field, those that may be left out too. */
export type Rules<T> = { readonly [field in keyof Required<T>]: Rule };

const number = (words: string, fits: (value: number) => boolean): Rule => ({
  words,
  fits: (value) => typeof value === "number" && Number.isFinite(value) && fits(value),
});

export const whole = (least: number): Rule =>
  number(`a whole number of at least ${least}`, (value) => Number.isSafeInteger(value) && value >= least);
export const COUNT = whole(1);
/** Of generators of random numbers, which take 32 bits. */
export const SEED = number(
  "a whole number from 0 to 4294967295",
  (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
);
export const ABOVE_0 = number("a number above 0", (value) => value > 0);
export const FROM_1 = number("a number of at least 1", (value) => value >= 1);
export const FROM_0 = number("a number of at least 0", (value) => value >= 0);
/** A part of something, neither nothing nor all. */
export const FRACTION = number("a number between 0 and 1", (value) => value > 0 && value < 1);
/** A part of something, all of it too. */
export const SHARE = number("a number above 0, at most 1", (value) => value > 0 && value <= 1);
/** Of a moving average. */
export const RATIO = number("a number from 0 to 1", (value) => value >= 0 && value <= 1);
export const TEXT: Rule = { words: "a text", fits: (value) => typeof value === "string" && value !== "" };

export const oneOf = <W extends string | boolean>(...words: readonly W[]): Rule => ({
  words: words.map((word) => JSON.stringify(word)).join(" or "),
  fits: (value) => words.includes(value as W),
});
export const FLAG = oneOf(true, false);

export const listOf = ({ words, fits }: Rule): Rule => ({
  words: `a list of different values, each ${words}`,
  fits: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(fits) && new Set(value).size === value.length,
});
export const optional = (rule: Rule): Rule => ({ ...rule, optional: true });

const BOOLEANS: Readonly<Record<string, boolean | undefined>> = { true: true, false: false };

/** What is wrong with a value, or undefined. */
function faultOf(name: string, value: unknown, { words, fits, optional }: Rule): string | undefined {
  if (value === undefined) return optional ? undefined : `${name} is missing: ${words}`;
  if (fits(value)) return undefined;
  const told = typeof value === "number" ? String(value) : shown(value); // JSON knows no NaN
  const quoted = typeof value === "string" && value !== "" && (fits(Number(value)) || fits(BOOLEANS[value])),
    usual = optional && typeof value === "boolean" && fits(!value);
  const remedy = quoted ? ": leave out the quotation marks" : usual ? ": leave it out for that" : "";
  return `${name} = ${told} is not ${words}${remedy}`;
}

/** @throws if a setting is not what it may be */
export function check(name: string, value: unknown, rule: Rule): void {
  const fault = faultOf(name, value, rule);
  if (fault !== undefined) throw new Error(fault);
}

const MOST_FAULTS = 20;

/**
 * Checks all settings of a kind, defaults filled in.
 * @param at stands before the message
 * @throws with every field that is not what it may be, is missing, or has another name
 */
export function checkFields<T extends object>(settings: T, rules: Rules<T>, at = ""): void {
  const fields = Object.keys(rules) as (keyof T & string)[];
  const unknown = Object.keys(settings).filter((name) => !fields.includes(name as keyof T & string)),
    strange = unknown.filter((name) => nearest(name, fields) === undefined);
  const faults = [
    ...unknown.flatMap((name) => {
      const near = nearest(name, fields);
      return near === undefined ? [] : `there is no setting ${brief(name)}: did you mean ${near}?`;
    }),
    ...(strange.length > 0 ? [`there is no setting ${listed(strange)}: there are ${fields.join(", ")}`] : []),
    ...fields.flatMap((field) => faultOf(field, settings[field], rules[field]) ?? []),
  ];
  const more = faults.length > MOST_FAULTS ? `; and ${faults.length - MOST_FAULTS} more` : "";
  if (faults.length > 0) throw new Error(at + faults.slice(0, MOST_FAULTS).join("; ") + more);
}

/**
 * The number that a command line gives for --name; undefined if it gives none.
 * @throws if the rule refuses it
 */
export function numberOf(name: string, text: string | undefined, { words, fits }: Rule): number | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === "" || !fits(Number(text))) throw new Error(`--${name} ${text} is not ${words}`);
  return Number(text);
}
