/**
 * The number formats of checkpoint files, turned into what TensorFlow.js computes with and back. All are
 * little-endian.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export type StoredType = "f16" | "bf16" | "f32" | "f64" | "i32" | "i64";

export const BYTES: Readonly<Record<StoredType, number>> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i32: 4,
  i64: 8,
};

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** One IEEE 754 half (16 bits) as a number. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let allHalves: Float32Array | undefined;

/** Every half by its 16 bits: looking up is ten times as fast as computing, and models have millions. */
const halves = () => (allHalves ??= Float32Array.from({ length: 65536 }, (_, half) => fromHalf(half)));

/** The nearest half of a number, ties to even; numbers above 65,519 become infinite. */
function toHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = Math.abs(float[0]);
  if (Number.isNaN(magnitude)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  const unit = magnitude < 2 ** -14 ? 2 ** -24 : 2 ** (((bits[0] >>> 23) & 255) - 127 - 10);
  const steps = magnitude / unit; // exact: unit is a power of two
  const low = Math.floor(steps);
  const rounded = low + (steps - low > 0.5 || (steps - low === 0.5 && low % 2 === 1) ? 1 : 0);
  // The pattern of halves grows by 1 from each half to the next, across exponents too.
  return sign | (magnitude < 2 ** -14 ? rounded : ((((bits[0] >>> 23) & 255) - 127 + 14) << 10) + rounded);
}

/** Halves of `values`, two bytes each. */
export function encodeHalf(values: ArrayLike<number>): Uint8Array {
  const encoded = new Uint16Array(values.length);
  for (let i = 0; i < encoded.length; i++) encoded[i] = toHalf(values[i]);
  return new Uint8Array(encoded.buffer);
}

/**
 * The numbers of `bytes`: floats as Float32Array, integers as Int32Array (64-bit ones lose their upper half).
 */
export function decode(type: StoredType, bytes: Uint8Array): Float32Array | Int32Array {
  const { buffer } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const start = bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0;
  const count = bytes.byteLength / BYTES[type];
  if (type === "f32") return new Float32Array(buffer, start, count);
  if (type === "i32") return new Int32Array(buffer, start, count);
  if (type === "f64") return Float32Array.from(new Float64Array(buffer, start, count));
  if (type === "i64") return new Int32Array(buffer, start, count * 2).filter((_, i) => i % 2 === 0);
  const words = new Uint16Array(buffer, start, count);
  const values = new Float32Array(count);
  if (type === "f16") {
    const table = halves();
    for (let i = 0; i < count; i++) values[i] = table[words[i]];
  } else new Uint32Array(values.buffer).set(Uint32Array.from(words, (word) => word << 16));
  return values;
}

/** A file that is read in pieces, so that a large checkpoint is never in memory twice. */
export interface OpenFile {
  readonly path: string;
  readonly size: number;
  /** @throws if the file ends before `offset + length` */
  read(offset: number, length: number): Buffer;
}

/** Opens `path` for `work` and closes it. */
export function withFile<T>(path: string, work: (file: OpenFile) => T): T {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    const read = (offset: number, length: number) => {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new Error(
          `${path}: the file has ${size} bytes, but bytes ${offset} to ${offset + length} are needed; download it again`,
        );
      }
      const bytes = Buffer.from(new ArrayBuffer(length)); // an own buffer, so that views of it are aligned
      for (let done = 0, piece = 1; done < length; done += piece) {
        piece = readSync(descriptor, bytes, done, length - done, offset + done);
        if (piece === 0) throw new Error(`${path}: the file was cut off while it was read; copy it again`);
      }
      return bytes;
    };
    return work({ path, size, read });
  } finally {
    closeSync(descriptor);
  }
}
