/**
 * Weights as matrix products read them fastest. A layer keeps [O, I], as PyTorch does, and multiplies by the
 * transpose; a library copies a transposed matrix into its own order first, and where rows are long that is
 * slow: 256 rows by [768, 3072] transposed took 1.6 times as long as by [3072, 768] (oneDNN on an AMD EPYC).
 * Products give the same bits; the norm before clipping adds up a trained weight's gradient in another order.
 */
import type { Graph, GraphNode } from "./graph";
import { AttributeType, type OpAttribute } from "./native";
import { ADAM, ADAM_GRADIENT, type Slot, type Variable } from "./optimizer-graph";

const TRANSPOSED = ["transpose_a", "transpose_b"] as const;

const isSet = ({ attributes }: GraphNode, name: string): boolean =>
  attributes.some((one) => one.name === name && Boolean(one.value));

const set = (node: GraphNode, values: Readonly<Record<string, boolean>>): GraphNode => ({
  ...node,
  attributes: node.attributes.map((one) => (one.name in values ? { ...one, value: values[one.name] } : one)),
});

const isTransposed = (product: GraphNode): boolean => isSet(product, "transpose_b");

/** A product with its right factor stored the other way round. */
const flipped = (product: GraphNode) => set(product, { transpose_b: !isTransposed(product) });

/** A product whose result is the transpose of what it was: (A B)ᵀ = Bᵀ Aᵀ. */
function turnedProduct(product: GraphNode): GraphNode {
  const [a, b, ...more] = product.inputs,
    [first, second] = TRANSPOSED.map((name) => isSet(product, name));
  const swapped = { ...product, inputs: [b, a, ...more] };
  return set(swapped, { transpose_a: !second, transpose_b: !first });
}

interface Reader {
  readonly node: GraphNode;
  /** Which input it is. */
  readonly input: number;
}

/** The nodes that read what a node gives. */
function readersOf({ nodes }: Graph): (node: string) => readonly Reader[] {
  const readers = new Map<string, Reader[]>();
  for (const node of nodes)
    node.inputs.forEach((name, input) => {
      const known = readers.get(name);
      if (known) known.push({ node, input });
      else readers.set(name, [{ node, input }]);
    });
  return (node) => readers.get(node) ?? [];
}

const isRightFactor = ({ node, input }: Reader) => node.op === "MatMul" && input === 1;

/** Whether products are faster with W [O, I] stored as [I, O]. */
function isFasterTurned(products: readonly GraphNode[], { value: { shape } }: Variable): boolean {
  const [outputs, inputs] = shape;
  return products.every(isTransposed) || inputs > outputs;
}

/**
 * Stores matrices that are read by nothing but products, on their right, the other way round where that is
 * faster, and changes those products. Of what is trained, the optimiser and averages read weight, moments and
 * gradient besides, number by number; the gradient has to be a product's own result.
 * @returns the variables that are to be filled with their transpose, and give it when they are read
 */
export function turnWeights(
  graph: Graph,
  frozen: readonly Variable[],
  slots: readonly Slot[] = [],
): ReadonlySet<Variable> {
  const readers = readersOf(graph),
    nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const turned = new Set<Variable>(),
    changes = new Map<string, (node: GraphNode) => GraphNode>();
  const turn = (variables: readonly Variable[], products: readonly GraphNode[]) => {
    for (const variable of variables) {
      turned.add(variable);
      changes.set(variable.handle, (node) => turnedShape(node, variable));
    }
    for (const { name } of products) changes.set(name, flipped);
  };
  for (const variable of frozen.filter(isMatrix)) {
    const own = readers(variable.read),
      products = own.map(({ node }) => node);
    if (own.length > 0 && own.every(isRightFactor) && isFasterTurned(products, variable))
      turn([variable], products);
  }
  for (const slot of slots.filter(({ weight }) => isMatrix(weight))) {
    const { weight, average } = slot,
      own = [weight, ...(average ? [average] : [])].flatMap(({ read }) => readers(read));
    const products = own.filter(isRightFactor).map(({ node }) => node),
      others = own.filter((reader) => !isRightFactor(reader)).map(({ node }) => node);
    const steps = others.filter(({ op }) => op === ADAM),
      gradients = steps.map(({ inputs }) => nodes.get(inputs[ADAM_GRADIENT])!);
    const canTurn =
      steps.length > 0 &&
      others.every(goesByNumbers) &&
      gradients.every(
        ({ name, op }) => op === "MatMul" && readers(name).every(({ node }) => goesByNumbers(node)),
      );
    if (!canTurn || !isFasterTurned(products, weight)) continue;
    turn([weight, slot.first, slot.second, ...(average ? [average] : [])], products);
    for (const { name } of gradients) changes.set(name, turnedProduct);
  }
  graph.change((node) => changes.get(node.name)?.(node) ?? node);
  return turned;
}

const isMatrix = ({ value }: Variable) => value.shape.length === 2;
/**
 * Whether it does not matter to an op how a matrix lies: the norm, the optimiser's, and what moves averages. A
 * loss that reads a weight by itself has no product for its gradient.
 */
const goesByNumbers = ({ op }: GraphNode) => op === ADAM || op === "L2Loss" || op === "Sub";

const turnedShape = (node: GraphNode, { value: { shape } }: Variable): GraphNode => ({
  ...node,
  attributes: node.attributes.map(
    (one): OpAttribute => (one.type === AttributeType.shape ? { ...one, value: [...shape].reverse() } : one),
  ),
});
