/** What a row of the table is, and what comes out of measuring one. */

/** A program of this folder, .ts or .py, and its options: see side.ts. */
export interface Side {
  readonly program: string;
  /** A commit of komalab whose program it is; by default what stands here. */
  readonly commit?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * What `ratio` is. faster: peer / komalab, of times; more: komalab / peer, of rates; share: komalab / peer,
 * of what should be small, as memory; value: komalab's own number.
 */
export type Ratio = "faster" | "more" | "share" | "value";

export interface Row {
  readonly name: string;
  /** One line for the reader of the table. */
  readonly what: string;
  readonly unit: string;
  readonly ratio: Ratio;
  readonly komalab: Side;
  readonly peer: Side;
  /** PyTorch if left out. */
  readonly peerName?: string;
  readonly repeats: number;
  /** Every repeat in a new process: for what happens once a process, or fills its memory. */
  readonly fresh?: boolean;
  /** On both sides; by default those of the whole bench. */
  readonly threads?: number;
  /** Gives options for both sides, for instance the path of data that both read. */
  readonly prepare?: () => Promise<Readonly<Record<string, unknown>>>;
  /** Why the row cannot be measured here. */
  readonly skip?: string;
}

export interface RowResult {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  /** Medians over the repeats. */
  readonly komalab: number;
  readonly pytorch: number;
  /** The peer's name; its number is under `pytorch` whatever it is. */
  readonly peer: string;
  /** Of the medians; what it means is in `means`. */
  readonly ratio: number;
  readonly means: Ratio;
  /** The lowest and the highest ratio of one repeat's pair. */
  readonly spread: readonly [number, number];
  readonly repeats: number;
  /** What the sides said of themselves. */
  readonly note?: string;
  readonly date: string;
  /** The commit; "+" if files had changed since. */
  readonly code: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function ratioOf(means: Ratio, komalab: number, peer: number): number {
  if (means === "value") return komalab;
  return means === "faster" ? peer / komalab : komalab / peer;
}

const round = (value: number) => Number(value.toPrecision(4));

/** The numbers of a row from those of its repeats, pair by pair. */
export function summary(means: Ratio, komalab: readonly number[], peer: readonly number[]) {
  const ratios = komalab.map((value, i) => ratioOf(means, value, peer[i]));
  const spread: [number, number] = [round(Math.min(...ratios)), round(Math.max(...ratios))];
  const ratio = round(ratioOf(means, median(komalab), median(peer)));
  return { komalab: round(median(komalab)), pytorch: round(median(peer)), ratio, spread };
}
