/**
 * Frozen weights as matrix products read them fastest, with the same bits. A layer keeps [O, I], as PyTorch
 * does, and multiplies by the transpose; a library copies a transposed matrix into its own order first, and
 * where rows are long that is slow: 256 rows by [768, 3072] transposed took 1.6 times as long as by
 * [3072, 768] (oneDNN on an AMD EPYC). What is trained stays as it is: its gradient and moments have its
 * shape.
 */
import type { Graph, GraphNode } from "./graph";
import { AttributeType, type OpAttribute } from "./native";
import type { Variable } from "./optimizer-graph";

const TRANSPOSED = "transpose_b";

const isTransposed = ({ attributes }: GraphNode): boolean =>
  attributes.some(({ name, value }) => name === TRANSPOSED && Boolean(value));

const flipped = (node: GraphNode): GraphNode => ({
  ...node,
  attributes: node.attributes.map((one) =>
    one.name === TRANSPOSED ? { ...one, value: !isTransposed(node) } : one,
  ),
});

/** Whether products are faster with W [O, I] stored as [I, O]. */
function isFasterTurned(products: readonly GraphNode[], { value: { shape } }: Variable): boolean {
  const [outputs, inputs] = shape;
  return products.every(isTransposed) || inputs > outputs;
}

/**
 * Stores weights that are read by nothing but products, on their right, the other way round where that is
 * faster, and changes those products.
 * @param frozen matrices among them; others are left alone
 * @returns those that are to be filled with their transpose
 */
export function turnFrozen(graph: Graph, frozen: readonly Variable[]): ReadonlySet<Variable> {
  const byRead = new Map(
    frozen.filter(({ value }) => value.shape.length === 2).map((variable) => [variable.read, variable]),
  );
  const readers = new Map<Variable, GraphNode[]>();
  const others = new Set<Variable>();
  for (const node of graph.nodes)
    node.inputs.forEach((input, i) => {
      const variable = byRead.get(input);
      if (!variable) return;
      if (node.op !== "MatMul" || i !== 1) others.add(variable);
      readers.set(variable, [...(readers.get(variable) ?? []), node]);
    });
  const turned = new Set(
    [...readers]
      .filter(([variable, products]) => !others.has(variable) && isFasterTurned(products, variable))
      .map(([variable]) => variable),
  );
  const products = new Set([...turned].flatMap((variable) => readers.get(variable) ?? []));
  const handles = new Map([...turned].map((variable) => [variable.handle, variable]));
  graph.change((node) => {
    const variable = handles.get(node.name);
    if (variable) return { ...node, attributes: node.attributes.map((one) => turnedShape(one, variable)) };
    return products.has(node) ? flipped(node) : node;
  });
  return turned;
}

const turnedShape = (one: OpAttribute, { value: { shape } }: Variable): OpAttribute =>
  one.type === AttributeType.shape ? { ...one, value: [...shape].reverse() } : one;
