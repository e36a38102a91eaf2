/**
 * What Node 20 has and TypeScript 5.0 does not declare: methods of arrays that give a changed copy, and
 * strings without half characters. For cells and for the library alike; test/types.test.ts asks the Node.
 */
interface ChangedCopies<Item, Copy> {
  /** A copy in reverse order. */
  toReversed(): Copy;
  /** A sorted copy; without `compare` items are compared as text, numbers of typed arrays as numbers. */
  toSorted(compare?: (a: Item, b: Item) => number): Copy;
  /** A copy with another item at `index`, which may count from the end (-1). */
  with(index: number, value: Item): Copy;
}
interface SplicedCopies<Item> {
  /** A copy without `deleteCount` items from `start` on, with `items` in their place. */
  toSpliced(start: number, deleteCount?: number, ...items: Item[]): Item[];
}
interface ReadonlyArray<T> extends ChangedCopies<T, T[]>, SplicedCopies<T> {}
interface Array<T> extends ChangedCopies<T, T[]>, SplicedCopies<T> {}
interface Int8Array extends ChangedCopies<number, Int8Array> {}
interface Uint8Array extends ChangedCopies<number, Uint8Array> {}
interface Uint8ClampedArray extends ChangedCopies<number, Uint8ClampedArray> {}
interface Int16Array extends ChangedCopies<number, Int16Array> {}
interface Uint16Array extends ChangedCopies<number, Uint16Array> {}
interface Int32Array extends ChangedCopies<number, Int32Array> {}
interface Uint32Array extends ChangedCopies<number, Uint32Array> {}
interface Float32Array extends ChangedCopies<number, Float32Array> {}
interface Float64Array extends ChangedCopies<number, Float64Array> {}
interface BigInt64Array extends ChangedCopies<bigint, BigInt64Array> {}
interface BigUint64Array extends ChangedCopies<bigint, BigUint64Array> {}
interface String {
  /** Whether no half of a pair of surrogates stands alone. */
  isWellFormed(): boolean;
  /** The text with U+FFFD for halves that stand alone. */
  toWellFormed(): string;
}
