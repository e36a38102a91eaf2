/**
 * The safetensors format (https://huggingface.co/docs/safetensors): 8 bytes with the length of a JSON header,
 * the header {name: {dtype, shape, data_offsets}}, and the numbers. It can hold nothing that runs.
 */
import { writeBeside } from "../../lib/support/files";
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { brief, shown } from "../../lib/support/printable";
import { isObject } from "./json";
import { BYTES, decode, encodeHalf, type OpenFile, type StoredType, withFile } from "./numbers";

const TYPES: Readonly<Record<string, StoredType>> = {
  F16: "f16",
  BF16: "bf16",
  F32: "f32",
  F64: "f64",
  I32: "i32",
  I64: "i64",
};

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly (readonly [name: string, entry: Entry])[];
  /** Where the numbers begin. */
  readonly end: number;
}

function parseHeader(text: string, path: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (isObject(header)) return header;
  } catch {}
  throw new Error(`${path}: the header is no JSON object, so this is no safetensors file; download it again`);
}

/** A size or a place. */
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isEntry = (value: unknown): value is Entry => {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof dtype === "string" &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount)
  );
};

/** @throws unless the tensors follow one another from the header to the end of the file, as they must. */
function readHeader(file: OpenFile): Header {
  const { path } = file;
  const broken = (what: string) => new Error(`${path}: ${what}; download it again`);
  if (file.size < 8) throw broken("no safetensors file, or cut off");
  const bytes = Number(file.read(0, 8).readBigUInt64LE());
  if (bytes > file.size - 8) throw broken("no safetensors file, or cut off");
  const { __metadata__: metadata = {}, ...others } = parseHeader(file.read(8, bytes).toString("utf8"), path);
  const entries = Object.entries(others).map(([name, entry]): readonly [string, Entry] => {
    if (!isEntry(entry)) throw broken(`tensor ${brief(name)} has no type, shape and place in whole numbers`);
    return [name, entry];
  });
  const places = entries.map(([, { data_offsets }]) => data_offsets).sort(([a, b], [c, d]) => a - c || b - d);
  let at = 0;
  for (const [start, end] of places) {
    if (start !== at || end < start)
      throw broken(`its tensors leave a hole or overlap at byte ${at}, where one begins at ${start}`);
    at = end;
  }
  if (8 + bytes + at !== file.size)
    throw broken(`its tensors end at byte ${8 + bytes + at}, the file at ${file.size}: cut off or not whole`);
  return { metadata: metadata as Header["metadata"], entries, end: 8 + bytes };
}

/** What a safetensors file says beside its tensors. */
export function readMetadata(path: string): Readonly<Record<string, string>> {
  return withFile(path, (file) => readHeader(file).metadata);
}

/**
 * Reads every tensor of a safetensors file.
 * @throws if the file is cut off, or a tensor has an unknown type or a size that does not fit its shape
 */
export function readSafetensors(path: string): Weights {
  return withFile(path, (file) => {
    const { entries, end: begin } = readHeader(file);
    const read = (name: string, { dtype, shape, data_offsets: [start, end] }: Entry): HostArray => {
      const type = TYPES[dtype];
      if (!type)
        throw new Error(
          `${path}: tensor ${brief(name)} has type ${shown(dtype)}; readable are ${Object.keys(TYPES).join(", ")}`,
        );
      if (end - start !== sizeOf(shape) * BYTES[type]) {
        throw new Error(`${path}: tensor ${brief(name)} of shape ${shown(shape)} holds ${end - start} bytes`);
      }
      return { shape, data: decode(type, file.read(begin + start, end - start)) };
    };
    return Object.fromEntries(entries.map(([name, entry]) => [name, read(name, entry)]));
  });
}

interface SafetensorsOptions {
  readonly type?: "f32" | "f16";
  /** What else the file says, beside its format. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file: its header, and a piece for every tensor. Equal weights give equal bytes.
 * @throws if a number is not finite in f16
 */
export function safetensorsPieces(
  weights: Weights,
  { type = "f32", metadata = {} }: SafetensorsOptions = {},
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const header: Record<string, unknown> = { __metadata__: { format: "pt", ...metadata } };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(weights)) {
    const whole = data instanceof Int32Array;
    if (type === "f16" && !whole && data.some((x) => !(Math.abs(x) < 65520))) {
      throw new Error(`tensor ${name} holds a number that f16 cannot; save it as f32`);
    }
    const bytes =
      type === "f16" && !whole
        ? encodeHalf(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    header[name] = {
      dtype: whole ? "I32" : type.toUpperCase(),
      shape,
      data_offsets: [offset, offset + bytes.length],
    };
    parts.push(bytes);
    offset += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, " "); // numbers start at a multiple of 8
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return [length, padded, ...parts];
}

/**
 * Writes `weights` as f32 or f16 beside `path` and renames it.
 * @throws if a number is not finite in f16
 */
export function writeSafetensors(path: string, weights: Weights, type: "f32" | "f16" = "f32"): void {
  writeBeside(path, safetensorsPieces(weights, { type }));
}
