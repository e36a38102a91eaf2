/** The fields of a config.json, each with an error that names the file, the field and its value. */

import type { Json } from "../../packages/hf-files";
import { shown } from "../support/printable";

/** gelu: x Φ(x) exactly, by erf (Hendrycks and Gimpel 2016); gelu_new: its approximation by tanh. */
export type Activation = "gelu" | "gelu_new" | "relu";

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: "gelu",
  gelu_new: "gelu_new",
  gelu_pytorch_tanh: "gelu_new",
  relu: "relu",
};

/** Readers of one file's fields; a field that is missing or null has its fallback. */
export function fieldsOf(json: Json, path: string) {
  const refuse = (field: string, expected: string): never => {
    throw new Error(`${path}: ${field} is ${shown(json[field])}, but must be ${expected}`);
  };
  const number = (field: string, fallback?: number): number => {
    const value = json[field] ?? fallback;
    return typeof value === "number" && value >= 0 ? value : refuse(field, "a number");
  };
  const count = (field: string, fallback?: number, most = 100_000): number => {
    const value = number(field, fallback);
    if (value > most) refuse(field, `at most ${most}`); // networks are built before weights are looked at
    return Number.isInteger(value) && value > 0 ? value : refuse(field, "a whole number above 0");
  };
  return {
    refuse,
    /** From 0. */
    number,
    /** From 1 to `most`. */
    count,
    dropout: (field: string, fallback: number): number => {
      const value = number(field, fallback);
      return value < 1 ? value : refuse(field, "below 1");
    },
    flag: (field: string, fallback: boolean): boolean => {
      const value = json[field] ?? fallback;
      return typeof value === "boolean" ? value : refuse(field, "true or false");
    },
    activation: (field: string): Activation => {
      const name = json[field] ?? "gelu";
      return typeof name === "string" && Object.hasOwn(ACTIVATIONS, name)
        ? ACTIVATIONS[name]
        : refuse(field, `one of ${Object.keys(ACTIVATIONS).join(", ")}`);
    },
    /** Heads of attention, which share the width among them. */
    heads: (field: string, width: string): number => {
      const heads = count(field, undefined, 1000),
        hidden = count(width);
      return hidden % heads === 0 ? heads : refuse(field, `a divisor of ${width} ${hidden}`);
    },
  };
}
