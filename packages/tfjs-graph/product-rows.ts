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
  const tensor = (rows: number, numberAt: (i: number) => number) =>
    binding.createTensor(
      [rows, WIDTH],
      DataType.float32,
      Float32Array.from({ length: rows * WIDTH }, (_, i) => numberAt(i)),
    );
  const weights = tensor(WIDTH, Math.sin);
  const attributes = [
    typeAttribute("T", "float32"),
    boolAttribute("transpose_a", false),
    boolAttribute("transpose_b", true),
  ];
  /** Of equal rows, all numbers of the product's rows. */
  const product = (rows: number): Int32Array => {
    const left = tensor(rows, (i) => Math.cos(i % WIDTH)),
      [{ id }] = binding.executeOp("MatMul", attributes, [left, weights], 1);
    const { buffer, byteOffset, length } = binding.tensorDataSync(id) as Float32Array,
      bits = new Int32Array(buffer, byteOffset, length).slice();
    for (const one of [left, id]) binding.deleteTensor(one);
    return bits;
  };
  const row = product(ROWS[0]).slice(0, WIDTH),
    sees = ROWS.some((rows) => product(rows).some((bits, i) => bits !== row[i % WIDTH]));
  binding.deleteTensor(weights);
  return sees;
}
