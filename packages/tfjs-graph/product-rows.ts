/** Whether a row of a matrix product depends, in its last bits, on the rows beside it. */
import { isNative } from "./backend";
import { boolAttribute, DataType, nativeBackend, typeAttribute } from "./native";

const WIDTH = 768;
/** Of batches that features are computed in (packages/feature-store): few and many, multiples of 8. */
const ROWS = [256, 264, 272, 280, 2048];

let known: boolean | undefined;

/**
 * Asks the library once: products of one vector, in few rows and in many. False where TensorFlow does not
 * compute: other libraries are not asked.
 */
export function productsSeeRows(): boolean {
  known ??= isNative() && seesRows();
  return known;
}

function seesRows(): boolean {
  const { binding } = nativeBackend();
  const tensor = (values: Float32Array) =>
    binding.createTensor([values.length / WIDTH, WIDTH], DataType.float32, values);
  const weights = tensor(Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => Math.sin(i)));
  const attributes = [
    typeAttribute("T", "float32"),
    boolAttribute("transpose_a", false),
    boolAttribute("transpose_b", true),
  ];
  const vector = bytesOf(Float32Array.from({ length: WIDTH }, (_, i) => Math.cos(i)));
  /** The bits of as many rows, each the product of the same vector. */
  const product = (rows: number): Buffer => {
    const left = tensor(new Float32Array(repeated(vector, rows).buffer)),
      [{ id }] = binding.executeOp("MatMul", attributes, [left, weights], 1);
    const bits = bytesOf(binding.tensorDataSync(id));
    for (const one of [left, id]) binding.deleteTensor(one);
    return bits;
  };
  const row = product(ROWS[0]).subarray(0, vector.length),
    sees = ROWS.some((rows) => !product(rows).equals(repeated(row, rows)));
  binding.deleteTensor(weights);
  return sees;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** In memory of its own. */
const repeated = (row: Buffer, times: number): Buffer => Buffer.alloc(times * row.length, row);
