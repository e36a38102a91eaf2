/** Candidates of a search: every combination of the values that are named for settings. */
import { CLASSIFICATION_RULES } from "../../lib/experiment/check";
import type { ClassificationSettings } from "../../lib/experiment/spec";
import { listed } from "../../lib/support/listed";
import { nearest } from "../../lib/support/nearest";
import { shown } from "../../lib/support/printable";
import { check } from "../../lib/support/settings";

/** What a search may not vary, with the reason. */
const NOT_SEARCHED = {
  initSeed: "seeds are the search's own: name their numbers, seeds: [2, 4]",
  orderSeed: "seeds are the search's own: name their numbers, seeds: [2, 4]",
  maxLength: "it decides which texts there are: give it to the task",
  beginningShare: "it decides what is read of texts: give it to the task",
  threads: "it decides the last bits alone",
  gradientNorms: "it decides no result",
  weightNorms: "it decides no result",
} as const;

type Searchable = Omit<ClassificationSettings, keyof typeof NOT_SEARCHED>;

/** Values by setting: { learningRate: [1e-4, 1e-3], epochs: [10, 30] }; undefined leaves a setting out. */
export type Candidates = { readonly [name in keyof Searchable]?: readonly Searchable[name][] };

export interface Candidate {
  /** "learningRate 0.001, epochs 30" */
  readonly name: string;
  readonly settings: Partial<ClassificationSettings>;
}

/** A setting's name and value. */
type Value = readonly [name: string, value: unknown];

const named = ([name, value]: Value): string =>
  value === undefined
    ? `no ${name}`
    : `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;

/** @throws with the setting, the value and the remedy */
function checkValues(name: string, values: unknown): void {
  const fields = Object.keys(CLASSIFICATION_RULES);
  if (!fields.includes(name)) {
    const near = nearest(name, fields);
    throw new Error(
      `candidates: there is no setting ${name}: ${near ? `did you mean ${near}?` : `there are ${listed(fields)}`}`,
    );
  }
  if (name in NOT_SEARCHED)
    throw new Error(
      `candidates: ${name} is not searched: ${NOT_SEARCHED[name as keyof typeof NOT_SEARCHED]}`,
    );
  if (!Array.isArray(values) || values.length === 0)
    throw new Error(
      `candidates: ${name} = ${shown(values)} lists no value: name some, for instance ${name}: [a, b], or leave it out`,
    );
  const rule = CLASSIFICATION_RULES[name as keyof ClassificationSettings];
  for (const [i, value] of values.entries()) {
    try {
      check(name, value, rule);
    } catch (error) {
      const orNone = rule.optional ? ", or name undefined, which leaves the setting out" : "";
      throw new Error(`candidates: ${(error as Error).message}: take it out of the list${orNone}`);
    }
    if (values.slice(0, i).some((one) => JSON.stringify(one) === JSON.stringify(value)))
      throw new Error(`candidates: ${name} lists ${shown(value)} twice: name each value once`);
  }
}

/**
 * Every combination, the values of the last setting changing first.
 * @throws with name, value and remedy if a setting is unknown or not searched, lists no value, one that it
 *   may not have or one twice, or if there are fewer than two combinations
 */
export function combinations(candidates: Candidates): Candidate[] {
  const lists = Object.entries(candidates) as readonly (readonly [string, readonly unknown[]])[];
  for (const [name, values] of lists) checkValues(name, values);
  const all = lists.reduce<readonly Value[][]>(
    (made, [name, values]) => made.flatMap((one) => values.map((value): Value[] => [...one, [name, value]])),
    [[]],
  );
  if (all.length < 2)
    throw new Error(
      `candidates = ${shown(candidates)} is one combination: a search takes two or more, for instance learningRate: [1e-4, 1e-3]`,
    );
  return all.map((values) => ({
    name: values.map(named).join(", "),
    settings: Object.fromEntries(values),
  }));
}
