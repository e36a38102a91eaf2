/** What a JSON file of ours is to hold: faults by their place. */
import { brief } from "../../lib/support/printable";

/** As much of JSON Schema as docs/report.schema.json uses. */
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

/** What of a value is not as the schema says, each with its place. */
export function faultsOf(value: unknown, schema: Schema, place = ""): string[] {
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
