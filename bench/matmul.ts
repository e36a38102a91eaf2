/**
 * GFLOPS of TensorFlow's product of [2048, 768] and [768, 3072], the largest of BERT-base's layers, without
 * anything around it.
 */
import { boolAttribute, DataType, nativeBackend, ready, typeAttribute } from "../packages/tfjs-graph";
import { secondsOf, serve } from "./side";

const [ROWS, INNER, COLUMNS] = [2048, 768, 3072];

void serve(async ({ precision }: { readonly precision: "float32" | "bfloat16" }) => {
  await ready();
  const { binding } = nativeBackend();
  const operand = (rows: number, columns: number) => {
    const values = Float32Array.from({ length: rows * columns }, (_, i) => (i % 7) - 3);
    const id = binding.createTensor([rows, columns], DataType.float32, values);
    const attributes = [
      typeAttribute("SrcT", "float32"),
      typeAttribute("DstT", precision),
      boolAttribute("Truncate", false),
    ];
    return precision === "float32" ? id : binding.executeOp("Cast", attributes, [id], 1)[0].id;
  };
  const inputs = [operand(ROWS, INNER), operand(INNER, COLUMNS)];
  const attributes = [
    typeAttribute("T", precision),
    boolAttribute("transpose_a", false),
    boolAttribute("transpose_b", false),
  ];
  const product = () => binding.deleteTensor(binding.executeOp("MatMul", attributes, inputs, 1)[0].id);
  product();
  return { measure: () => (2 * ROWS * INNER * COLUMNS) / secondsOf(product, 1) / 1e9 };
});
