/**
 * Tensors of a pytorch_model.bin, in today's zip format and in the one before PyTorch 1.6. Such a file is a
 * pickle, which can name any Python function to be called; the reader here knows the few names that tensors
 * need (pickle.ts), runs nothing, and refuses the file by name for everything else.
 */
import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { brief, shown } from "../../lib/support/printable";
import { BYTES, decode, type OpenFile, withFile } from "./numbers";
import { isTensor, type StoredTensor, unpickle } from "./pickle";
import { zipEntries } from "./zip";

const MAGIC = 0x1950a86a20f9469cfc6cn; // the first pickle of the old format
const HEAD = 1 << 16;

/** Where the bytes of the storage with this key begin. */
type Locate = (key: string) => number;

/** Copies a tensor out of its storage, whatever its strides. */
function copyOut(file: OpenFile, name: string, tensor: StoredTensor, start: number): HostArray {
  const { storage, offset, shape, stride } = tensor;
  const bytes = BYTES[storage.type];
  const size = sizeOf(shape);
  const counts = [offset, storage.size, ...shape, ...stride];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || shape.length !== stride.length)
    throw new Error(
      `${file.path}: tensor ${brief(name)} has a size or place that is no whole number; download it again`,
    );
  if (size > storage.size)
    throw new Error(
      `${file.path}: tensor ${brief(name)} of shape ${shown(shape)} has more elements than its storage of ${storage.size}; save it as a contiguous tensor`,
    );
  const extent = size === 0 ? 0 : 1 + shape.reduce((last, length, i) => last + (length - 1) * stride[i], 0);
  if (offset + extent > storage.size) {
    throw new Error(
      `${file.path}: tensor ${brief(name)} of shape ${shown(shape)} reaches beyond its storage of ${storage.size}`,
    );
  }
  const stored = decode(storage.type, file.read(start + offset * bytes, extent * bytes));
  const dense = shape.every((length, i) => length === 1 || stride[i] === sizeOf(shape.slice(i + 1)));
  if (dense) return { shape, data: stored };
  const data = stored instanceof Float32Array ? new Float32Array(size) : new Int32Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]) * stride[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    data[i] = stored[from];
  }
  return { shape, data };
}

function tensorsOf(file: OpenFile, root: unknown, locate: Locate): Weights {
  if (!(root instanceof Map))
    throw new Error(`${file.path}: holds no dictionary of tensors; save a state_dict`);
  const weights: Record<string, HostArray> = {};
  for (const [name, value] of root as Map<unknown, unknown>) {
    if (typeof name !== "string" || !isTensor(value)) {
      throw new Error(
        `${file.path}: ${brief(String(name))} is not a tensor; save the model's state_dict() alone`,
      );
    }
    weights[name] = copyOut(file, name, value, locate(value.storage.key));
  }
  return weights;
}

function readZip(file: OpenFile): Weights {
  const entries = zipEntries(file);
  const pickleName = [...entries.keys()].find((name) => name.endsWith("/data.pkl"));
  if (pickleName === undefined)
    throw new Error(`${file.path}: a zip file without data.pkl, not one that torch.save wrote`);
  const folder = pickleName.slice(0, -"data.pkl".length);
  const order = entries.get(`${folder}byteorder`);
  if (order && file.read(order.start, order.size).toString() !== "little") {
    throw new Error(`${file.path}: written big-endian; save it again on a little-endian machine`);
  }
  const pickle = entries.get(pickleName)!;
  const { value } = unpickle(file.read(pickle.start, pickle.size), 0, file.path);
  return tensorsOf(file, value, (key) => {
    const entry = entries.get(`${folder}data/${key}`);
    if (!entry) throw new Error(`${file.path}: storage ${brief(key)} is missing; download the file again`);
    return entry.start;
  });
}

/**
 * Four pickles (magic number, protocol, machine, tensors), a fifth with the order of the storages, then each
 * storage.
 */
function readOld(file: OpenFile): Weights {
  // The pickles come first and are small, but nothing says how long they are: the whole file is looked at in
  // one piece.
  const bytes = file.read(0, file.size);
  const pickles: unknown[] = [];
  let end = 0;
  for (let i = 0; i < 5; i++) {
    const { value, next } = unpickle(bytes, end, file.path);
    pickles.push(value);
    end = next;
  }
  const [, protocol, machine, root, keys] = pickles;
  if (protocol !== 1001 || !(machine instanceof Map) || machine.get("little_endian") !== true) {
    throw new Error(
      `${file.path}: torch.save protocol ${String(protocol)} or a big-endian machine; save it again with a newer PyTorch`,
    );
  }
  if (!(root instanceof Map) || !Array.isArray(keys))
    throw new Error(`${file.path}: its pickles hold no tensors; download it again`);
  const widths = new Map<string, number>();
  for (const value of (root as Map<string, unknown>).values()) {
    if (isTensor(value)) widths.set(value.storage.key, BYTES[value.storage.type]);
  }
  const starts = new Map<string, number>();
  for (const key of keys as string[]) {
    if (!(end + 8 <= bytes.length))
      throw new Error(
        `${file.path}: the storage ${brief(key)} lies beyond its end: it is cut off; download it again`,
      );
    const count = bytes.readBigInt64LE(end);
    if (count < 0n || count > BigInt(bytes.length))
      throw new Error(
        `${file.path}: the storage ${brief(key)} has ${count} elements, but it has ${bytes.length} bytes in all; download it again`,
      );
    starts.set(key, end + 8);
    end += 8 + Number(count) * (widths.get(key) ?? 4);
  }
  return tensorsOf(file, root, (key) => {
    const start = starts.get(key);
    if (start === undefined)
      throw new Error(
        `${file.path}: it has no storage ${brief(key)}, which a tensor names; download it again`,
      );
    return start;
  });
}

/**
 * Reads every tensor of a pytorch_model.bin.
 * @throws if the file is in neither format, is cut off, or names anything that is not a tensor
 */
export function readPyTorch(path: string): Weights {
  return withFile(path, (file) => {
    const head = file.read(0, Math.min(file.size, HEAD));
    if (head.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) return readZip(file);
    if (head[0] === 0x80 && unpickle(head, 0, path).value === MAGIC) return readOld(file);
    throw new Error(
      `${path}: neither of PyTorch's formats (zip, or the pickles before 1.6); download it again`,
    );
  });
}
