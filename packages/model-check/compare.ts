/** Where komalab and transformers differ on texts. */

/** What one side makes of a text. */
export interface Made {
  /** Null where its tokenizer could not be opened. */
  readonly ids: readonly number[] | null;
  /** The first token's vector after the last layer, [H]. */
  readonly vector: readonly number[];
  /** [C], where the model brings a head. */
  readonly logits: readonly number[] | null;
}

/** Two float32 computations of one network differ by less, as a share of the largest number. */
export const LIMIT = 1e-4;

const far = (here: readonly number[], there: readonly number[]) =>
  here.length === there.length
    ? Math.max(...there.map((x, i) => Math.abs(here[i] - x))) / Math.max(...there.map(Math.abs))
    : Infinity;

/** Ids around the first that differs, of both sides. */
function firstDifference(here: readonly number[], there: readonly number[], nameOf: (id: number) => string) {
  const at = Array.from({ length: Math.max(here.length, there.length) }, (_, i) => i).find(
    (i) => here[i] !== there[i],
  );
  if (at === undefined) return undefined;
  const shown = (ids: readonly number[]) =>
    ids
      .slice(at, at + 4)
      .map((id) => `${id} ${nameOf(id)}`)
      .join(", ") || "nothing";
  return `token ${at}: komalab ${shown(here)}; transformers ${shown(there)}`;
}

interface Compared {
  /** A line for each text and each thing that differs. */
  readonly differences: readonly string[];
  /** Of the texts that Python's tokenizer read: those with the same ids, and all. */
  readonly alike: number;
  readonly read: number;
  /** The largest differences of vectors and logits, as shares. */
  readonly vector: number;
  readonly logits?: number;
}

/** @param nameOf the token of an id */
export function compare(
  lines: readonly string[],
  here: readonly Made[],
  there: readonly Made[],
  nameOf: (id: number) => string,
): Compared {
  const ids = lines.map((_, i) => {
    const other = there[i].ids;
    return other && firstDifference(here[i].ids ?? [], other, nameOf);
  });
  const vectors = lines.map((_, i) => far(here[i].vector, there[i].vector));
  const logits = lines.flatMap((_, i) => {
    const other = there[i].logits;
    return other ? [far(here[i].logits ?? [], other)] : [];
  });
  const read = there.filter((made) => made.ids !== null).length;
  const numbers = (name: string, shares: readonly number[]) =>
    shares.flatMap((share, i) =>
      share <= LIMIT ? [] : [`${lines[i]}: ${name} differ by ${share.toExponential(1)} of the largest`],
    );
  return {
    differences: [
      ...ids.flatMap((difference, i) => (difference ? [`${lines[i]}: ${difference}`] : [])),
      ...numbers("vectors", vectors),
      ...numbers("logits", logits),
    ],
    alike: read - ids.filter(Boolean).length,
    read,
    vector: Math.max(...vectors),
    ...(logits.length > 0 && { logits: Math.max(...logits) }),
  };
}
