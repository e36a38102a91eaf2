/**
 * The inner loop of word2vec's negative sampling (Mikolov et al. 2013; word2vec.c) in WebAssembly with SIMD,
 * which JavaScript itself does not have. The module is some 300 bytes and is put together here, instruction
 * by instruction, so that no compiler is needed. Its numbers are those of IEEE 754 single precision in a
 * fixed order: equal bits on every machine.
 */

/** Bytes of one operand or of a statement; an operand leaves one value. */
type Code = readonly number[];
/** A local variable by number, the parameters first. */
type Local = number;

const [I32, F32, V128] = [0x7f, 0x7d, 0x7b];

/** LEB128, signed; non-negative numbers below 64 are also their own unsigned form. */
function signed(n: number): Code {
  return n >= -64 && n < 64 ? [n & 0x7f] : [(n & 0x7f) | 0x80, ...signed(n >> 7)];
}
function unsigned(n: number): Code {
  return n < 128 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)];
}

const operation =
  (...opcode: number[]) =>
  (...operands: Code[]): Code => [...operands.flat(), ...opcode];
const get = (local: Local): Code => [0x20, local];
const set = (local: Local, value: Code): Code => [...value, 0x21, local];
const i32 = (n: number): Code => [0x41, ...signed(n)];
const f32 = (x: number): Code => [0x43, ...new Uint8Array(Float32Array.of(x).buffer)];
const add = operation(0x6a),
  times = operation(0x6c),
  less = operation(0x49),
  equal = operation(0x46);
const fAdd = operation(0x92),
  fSubtract = operation(0x93),
  fTimes = operation(0x94),
  fDivide = operation(0x95);
const fMin = operation(0x96),
  fMax = operation(0x97),
  fromInteger = operation(0xb2),
  toInteger = operation(0xfc, 0);
const vAdd = operation(0xfd, 0xe4, 1),
  vTimes = operation(0xfd, 0xe6, 1),
  splat = operation(0xfd, 0x13);
const lane = (vector: Code, i: number): Code => [...vector, 0xfd, 0x1f, i];
const load = (address: Code): Code => [...address, 0x28, 2, 0];
const fLoad = (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)];
const fStore = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  0x38,
  2,
  ...unsigned(offset),
];
const vLoad = (address: Code, offset: number): Code => [...address, 0xfd, 0, 4, offset];
const vStore = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  0xfd,
  0x0b,
  4,
  offset,
];
/** Adds `step` to the local after each round of the body, at least once, while it is below `end`. */
const loop = (local: Local, step: number, end: Code, ...body: Code[]): Code => [
  0x03,
  0x40,
  ...body.flat(),
  ...set(local, add(get(local), i32(step))),
  ...less(get(local), end),
  0x0d,
  0,
  0x0b,
];

/** Sigmoid by table, which begins at address 0: from -LIMIT to LIMIT, off by at most .0005. */
export const SIGMOID = Float32Array.from({ length: 4096 }, (_, i) => 1 / (1 + Math.exp(8 - (i + 0.5) / 256)));
const LIMIT = 8;
const STEPS = SIGMOID.length / (2 * LIMIT); // of the table, for 1

/** Vectors' rows are filled up with zeros to a multiple of so many numbers. */
export const UNROLLED = 8;

/** At most so many targets; their scores are kept so many bytes behind their addresses. */
export const MOST_TARGETS = 32;
const BEHIND = 4 * MOST_TARGETS;

/**
 * One step for one word. Inputs and targets are lists of addresses of rows; the first target is the word that
 * is there, the others are words drawn at random. With h the mean of the inputs, each target v has g = label
 * - σ(h · v). Then all targets get targetRate g h, and every learning input gets rate Σ g v, not divided by
 * the number of inputs, as in word2vec.c.
 */
export type Step = (
  inputs: number,
  inputCount: number,
  learningInputs: number,
  targets: number,
  targetCount: number,
  rowBytes: number,
  scratch: number,
  rate: number,
  targetRate: number,
) => void;

function stepCode(): Code {
  const [inputs, inputCount, learning, targets, targetCount, bytes, h, rate, targetRate] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ]; // parameters
  const [j, at, end, row, e, score, a, b, c] = [9, 10, 11, 12, 13, 14, 15, 16, 17]; // locals
  const zero = splat(f32(0));
  const there = (base: Local) => add(get(base), get(j));
  const part = (base: Local, offset: number) => vLoad(there(base), offset);
  const grow = (base: Local, offset: number, by: Code) =>
    vStore(there(base), offset, vAdd(part(base, offset), by));
  /** Eight numbers a round, as two vectors of four. */
  const alongRow = (...body: Code[]): Code => [
    ...set(j, i32(0)),
    ...loop(j, 4 * UNROLLED, get(bytes), ...body),
  ];
  const eachRow = (list: Local, count: Local, ...body: Code[]): Code => [
    ...set(at, get(list)),
    ...set(end, add(get(list), times(get(count), i32(4)))),
    ...loop(at, 4, get(end), set(row, load(get(at))), ...body),
  ];
  const place = fMin(
    fMax(fAdd(fTimes(get(score), f32(STEPS)), f32(LIMIT * STEPS)), f32(0)),
    f32(SIGMOID.length - 1),
  );
  const sigmoid = fLoad(times(toInteger(place), i32(4)));
  const label = fromInteger(equal(get(at), get(targets)));
  return [
    set(e, add(get(h), get(bytes))),
    alongRow(vStore(there(h), 0, zero), vStore(there(h), 16, zero)),
    eachRow(inputs, inputCount, alongRow(grow(h, 0, part(row, 0)), grow(h, 16, part(row, 16)))),
    set(c, splat(fDivide(f32(1), fromInteger(get(inputCount))))),
    alongRow(
      vStore(there(h), 0, vTimes(get(c), part(h, 0))),
      vStore(there(h), 16, vTimes(get(c), part(h, 16))),
    ),

    // all scores first, so that one row can be waited for while another is read
    eachRow(
      targets,
      targetCount,
      set(a, zero),
      set(b, zero),
      alongRow(
        set(a, vAdd(get(a), vTimes(part(h, 0), part(row, 0)))),
        set(b, vAdd(get(b), vTimes(part(h, 16), part(row, 16)))),
      ),
      set(a, vAdd(get(a), get(b))),
      set(score, fAdd(fAdd(lane(get(a), 0), lane(get(a), 1)), fAdd(lane(get(a), 2), lane(get(a), 3)))),
      fStore(get(at), BEHIND, fSubtract(label, sigmoid)),
    ),
    alongRow(
      set(a, zero),
      set(b, zero),
      eachRow(
        targets,
        targetCount,
        set(c, splat(fTimes(fLoad(get(at), BEHIND), get(rate)))),
        set(a, vAdd(get(a), vTimes(get(c), part(row, 0)))),
        set(b, vAdd(get(b), vTimes(get(c), part(row, 16)))),
        set(c, splat(fTimes(fLoad(get(at), BEHIND), get(targetRate)))),
        grow(row, 0, vTimes(get(c), part(h, 0))),
        grow(row, 16, vTimes(get(c), part(h, 16))),
      ),
      vStore(there(e), 0, get(a)),
      vStore(there(e), 16, get(b)),
    ),
    eachRow(inputs, learning, alongRow(grow(row, 0, part(e, 0)), grow(row, 16, part(e, 16)))),
  ].flat();
}

const PAGE = 65536;
const MOST_PAGES = 65536; // addresses have 32 bits

/** The module as bytes: one type, an imported memory, one function. */
function moduleBytes(): Uint8Array {
  const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
  const section = (id: number, ...bytes: Code[]): Code => [id, ...sized(bytes.flat())];
  const name = (text: string): Code => sized([...Buffer.from(text)]);
  const parameters = [...Array<number>(7).fill(I32), F32, F32];
  const locals = [3, 5, I32, 1, F32, 3, V128];
  const body = sized([...locals, ...stepCode(), 0x0b]);
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [1, 0x60], sized(parameters), [0]),
    ...section(2, [1], name("env"), name("memory"), [2, 1, 1, ...unsigned(MOST_PAGES)]), // 1 page to MOST_PAGES
    ...section(3, [1, 0]),
    ...section(7, [1], name("step"), [0, 0]),
    ...section(10, [1], body),
  ]);
}

/** The memory that holds a model's numbers. */
interface Memory {
  readonly buffer: ArrayBuffer;
}

/**
 * What is used of Node.js's WebAssembly; TypeScript counts it among the browser's types, which komalab does
 * not load.
 */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly step: Step } };
};

/**
 * Memory of at least so many bytes, all 0 but SIGMOID at its beginning.
 * @throws if that is more than the 4 GB that can be addressed
 */
export function newMemory(bytes: number): Memory {
  const initial = Math.ceil(bytes / PAGE);
  if (initial > MOST_PAGES)
    throw new Error(
      `doc2vec's vectors need ${(bytes / 1e9).toFixed(1)} GB, more than 4: use fewer documents or dimensions`,
    );
  const memory = new WebAssembly.Memory({ initial, maximum: MOST_PAGES });
  new Float32Array(memory.buffer).set(SIGMOID);
  return memory;
}

let compiled: object | undefined;

/** The step over rows in `memory`; `scratch` is room for two rows. */
export function kernelOver(memory: Memory): Step {
  compiled ??= new WebAssembly.Module(moduleBytes());
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports.step;
}
