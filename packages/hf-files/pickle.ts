/**
 * An unpickler that knows tensors and nothing else (the opcodes of Python's pickletools, protocol 2, as
 * torch.save writes). A pickle is a program that may name any Python function; here a name is only compared
 * with a short list, and one outside it is refused. No constructor, no attribute and no code of the file is
 * ever looked up or run.
 */
import { brief } from "../../lib/support/printable";
import type { StoredType } from "./numbers";

interface Storage {
  readonly type: StoredType;
  readonly key: string;
  /** Number of elements. */
  readonly size: number;
}

/** A tensor as PyTorch stores it: a view of a storage, offset and strides in elements. */
export interface StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

const STORAGES: Readonly<Record<string, StoredType>> = {
  "torch.FloatStorage": "f32",
  "torch.HalfStorage": "f16",
  "torch.BFloat16Storage": "bf16",
  "torch.DoubleStorage": "f64",
  "torch.LongStorage": "i64",
  "torch.IntStorage": "i32",
};
const DICTIONARY = "collections.OrderedDict";
const TENSOR = "torch._utils._rebuild_tensor_v2";
const PARAMETER = "torch._utils._rebuild_parameter";
const KNOWN = new Set([DICTIONARY, TENSOR, PARAMETER, ...Object.keys(STORAGES)]);

class Name {
  constructor(readonly name: string) {}
}
class Tensor implements StoredTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}
}
const MARK = Symbol("mark");

export const isTensor = (value: unknown): value is StoredTensor => value instanceof Tensor;

const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && (x as number) >= 0);

/**
 * Reads the pickle that begins at `start`.
 * @returns its value (dictionaries as Map, tuples and lists as arrays, large integers as bigint) and where
 *   the next byte is
 * @throws if it names anything but tensors, or has an opcode that torch.save does not write
 */
export function unpickle(
  bytes: Buffer,
  start: number,
  path: string,
): { readonly value: unknown; readonly next: number } {
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = start;
  const damaged = (what: string) =>
    new Error(`${path}: ${what} at byte ${at}: not a file that torch.save wrote; nothing of it was run`);
  const take = (length: number) => {
    if (at + length > bytes.length) throw damaged("the pickle ends too early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw damaged("the pickle ends too early");
    return take(end + 1 - at)
      .toString("utf8")
      .slice(0, -1);
  };
  const pop = () => {
    if (stack.length === 0) throw damaged("an empty stack");
    return stack.pop();
  };
  const popToMark = () => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw damaged("a missing mark");
    const items = stack.splice(mark);
    return items.slice(1);
  };
  const setItems = (items: readonly unknown[]) => {
    const target = stack.at(-1);
    if (!(target instanceof Map)) throw damaged("items for something that is no dictionary");
    for (let i = 0; i + 1 < items.length; i += 2) target.set(items[i], items[i + 1]);
  };
  const append = (items: readonly unknown[]) => {
    const target = stack.at(-1);
    if (!Array.isArray(target)) throw damaged("items for something that is no list");
    for (const item of items) target.push(item);
  };
  const storage = (id: unknown): Storage => {
    const [kind, type, key, , size, view] = Array.isArray(id) ? (id as unknown[]) : [];
    const stored = type instanceof Name ? STORAGES[type.name] : undefined;
    if (
      kind !== "storage" ||
      !stored ||
      typeof key !== "string" ||
      typeof size !== "number" ||
      (view ?? null) !== null
    ) {
      throw damaged("an unknown kind of storage");
    }
    return { type: stored, key, size };
  };
  const call = (name: unknown, given: unknown): unknown => {
    const values = given as unknown[];
    if (name instanceof Name && Array.isArray(given)) {
      if (name.name === DICTIONARY && values.length === 0) return new Map();
      if (name.name === PARAMETER && values[0] instanceof Tensor) return values[0];
      const [from, offset, shape, stride] = values;
      const sized =
        areNumbers(shape) && areNumbers(stride) && shape.length === stride.length && areNumbers([offset]);
      if (name.name === TENSOR && sized && from !== null && typeof from === "object" && "key" in from) {
        return new Tensor(from as Storage, offset as number, shape, stride);
      }
    }
    throw damaged(
      `a call of ${name instanceof Name ? name.name : "something unnamed"} with unknown arguments`,
    );
  };
  const long = (length: number) => {
    const digits = take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i]);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  };

  for (;;) {
    const code = String.fromCharCode(take(1)[0]);
    switch (code) {
      case "\x80":
        take(1);
        break; // the protocol's number
      case ".":
        return { value: pop(), next: at };
      case "(":
        stack.push(MARK);
        break;
      case "N":
        stack.push(null);
        break;
      case "\x88":
        stack.push(true);
        break;
      case "\x89":
        stack.push(false);
        break;
      case "K":
        stack.push(take(1)[0]);
        break;
      case "M":
        stack.push(take(2).readUInt16LE());
        break;
      case "J":
        stack.push(take(4).readInt32LE());
        break;
      case "G":
        stack.push(take(8).readDoubleBE());
        break;
      case "\x8a":
        stack.push(long(take(1)[0]));
        break;
      case "X":
        stack.push(take(take(4).readUInt32LE()).toString("utf8"));
        break;
      case "}":
        stack.push(new Map());
        break;
      case "]":
      case ")":
        stack.push([]);
        break;
      case "t":
        stack.push(popToMark());
        break;
      case "\x85":
        stack.push([pop()]);
        break;
      case "\x86":
        stack.push([pop(), pop()].reverse());
        break;
      case "\x87":
        stack.push([pop(), pop(), pop()].reverse());
        break;
      case "a":
        append([pop()]);
        break;
      case "e":
        append(popToMark());
        break;
      case "s":
        setItems([pop(), pop()].reverse());
        break;
      case "u":
        setItems(popToMark());
        break;
      case "q":
        memo.set(take(1)[0], stack.at(-1));
        break;
      case "r":
        memo.set(take(4).readUInt32LE(), stack.at(-1));
        break;
      case "h":
        stack.push(memo.get(take(1)[0]));
        break;
      case "j":
        stack.push(memo.get(take(4).readUInt32LE()));
        break;
      case "Q":
        stack.push(storage(pop()));
        break;
      case "b":
        pop();
        break; // attributes (a state_dict's _metadata) are left out
      case "R": {
        const given = pop();
        stack.push(call(pop(), given));
        break;
      }
      case "c": {
        const name = `${line()}.${line()}`;
        if (!KNOWN.has(name)) throw damaged(`it names ${brief(name)}, which is no part of a tensor,`);
        stack.push(new Name(name));
        break;
      }
      default:
        throw damaged(`opcode ${JSON.stringify(code)} (protocol 2 is read)`);
    }
  }
}
