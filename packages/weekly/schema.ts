/**
 * A value against a JSON Schema, of which docs/report.schema.json uses nine keywords: less than a package of
 * validators would bring along. A keyword that is not known here is an error, so that none is passed over.
 */
import { brief } from "../../lib/support/printable";

export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

const typeOf = (value: unknown): readonly string[] =>
  value === null
    ? ["null"]
    : Array.isArray(value)
      ? ["array"]
      : typeof value === "number" && Number.isInteger(value)
        ? ["integer", "number"]
        : [typeof value];

const KNOWN = new Set(
  "type const enum items properties required additionalProperties description $schema $id title".split(" "),
);

/** What of a value is not as the schema says, with its place. @throws if the schema has another keyword */
export function faultsOf(value: unknown, schema: Schema, place = ""): string[] {
  const foreign = Object.keys(schema).find((name) => !KNOWN.has(name));
  if (foreign !== undefined) throw new Error(`the schema of ${place || "/"} has the keyword ${foreign}`);
  const { type, properties = {}, required = [], additionalProperties = true } = schema;
  if ("const" in schema && value !== schema.const) return [`${place}: not ${String(schema.const)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${place}: none of ${schema.enum.join(", ")}`];
  const allowed = type === undefined ? [] : [type].flat();
  if (allowed.length > 0 && !typeOf(value).some((one) => allowed.includes(one)))
    return [`${place}: no ${allowed.join(" or ")}`];
  if (Array.isArray(value))
    return value.flatMap((one, i) => (schema.items ? faultsOf(one, schema.items, `${place}/${i}`) : []));
  if (value === null || typeof value !== "object") return [];
  const own = value as Readonly<Record<string, unknown>>;
  return [
    ...required.filter((name) => !Object.hasOwn(own, name)).map((name) => `${place}/${name}: missing`),
    ...Object.entries(own).flatMap(([name, one]) => {
      const of = Object.hasOwn(properties, name) ? properties[name]! : additionalProperties,
        inside = `${place}/${brief(name)}`;
      if (of === false) return [`${inside}: unknown`];
      return of === true ? [] : faultsOf(one, of, inside);
    }),
  ];
}
