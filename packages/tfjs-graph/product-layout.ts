/**
 * Weights as matrix products read them fastest. A layer keeps [O, I], as PyTorch does, and multiplies by the
 * transpose; a library copies a transposed matrix into its own order first, and where rows are long that is
 * slow: 256 rows by [768, 3072] transposed took 1.6 times as long as by [3072, 768] (oneDNN with AVX-512). A
 * transposed [768, 768] takes 1.2 times as long as one that lies as it is read. With AVX2 it is the other way
 * round: a transposed matrix costs nothing, and one with long rows is slow read as it lies
 * (lib/support/one-dnn.ts). Products give the same bits; the norm before clipping adds up a trained weight's
 * gradient in another order.
 */
import type { Graph, GraphNode } from "./graph";
import { AttributeType, type OpAttribute } from "./native";
import { ADAM, ADAM_GRADIENT, type Slot, type Variable } from "./optimizer-graph";

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
    swapped = { ...product, inputs: [b, a, ...more] };
  return set(swapped, { transpose_a: !isTransposed(product), transpose_b: !isSet(product, "transpose_a") });
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

/** Whether what is stored once is faster with W [O, I] stored as [I, O]: one product may be slower. */
function isFasterTurned(
  products: readonly GraphNode[],
  { value: { shape } }: Variable,
  slowTransposed: boolean,
): boolean {
  const [outputs, inputs] = shape;
  return products.every(isTransposed) ? slowTransposed : inputs > outputs;
}

interface Weights {
  readonly frozen: readonly Variable[];
  readonly slots?: readonly Slot[];
  /** Whether what is frozen may be stored twice, for products that read it both ways. */
  readonly twice?: boolean;
  /** Whether products read a transposed matrix slowly; true by default. */
  readonly slowTransposed?: boolean;
}

interface Layout {
  /** Variables that are to be filled with their transpose, and give it when they are read. */
  readonly turned: ReadonlySet<Variable>;
  /** Those of them that are a second copy of what is frozen. */
  readonly copies: readonly Variable[];
}

/**
 * Stores matrices that are read by nothing but products, on their right, the other way round where that is
 * faster, and changes those products. Of what is trained, the optimiser's op reads weight, moments and
 * gradient besides, number by number; the gradient has to be a product's own result, which nothing but it and
 * the norm reads. What moves averages, number by number, is to be added afterwards.
 */
export function layOut(graph: Graph, weights: Weights): Layout {
  const { frozen, slots = [], twice = false, slowTransposed = true } = weights;
  const readers = readersOf(graph),
    nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const turned = new Set<Variable>(),
    copies: Variable[] = [],
    changes = new Map<string, (node: GraphNode) => GraphNode>();
  const turn = (variable: Variable, products: readonly GraphNode[]) => {
    turned.add(variable);
    changes.set(variable.handle, (node) => turnedShape(node, variable));
    for (const { name } of products) changes.set(name, (node) => flipped(reading(node, variable)));
  };
  for (const variable of frozen.filter(isMatrix)) {
    const own = readers(variable.read),
      products = own.map(({ node }) => node),
      slow = products.filter(isTransposed);
    if (slow.length === 0 || !own.every(isRightFactor)) continue;
    if (twice && slowTransposed && slow.length < products.length) {
      const copy = copyOf(graph, variable, nodes);
      copies.push(copy);
      turn(copy, slow);
    } else if (isFasterTurned(products, variable, slowTransposed)) turn(variable, products);
  }
  for (const { weight, average, first, second } of slots.filter((slot) => isMatrix(slot.weight))) {
    const read = average ? [weight, average] : [weight];
    const own = read.flatMap((variable) => readers(variable.read)),
      others = own.filter((reader) => !isRightFactor(reader)).map(({ node }) => node);
    const gradients = others.map(({ inputs }) => nodes.get(inputs[ADAM_GRADIENT]));
    const isOfThis = ({ node }: Reader) => node.op === "L2Loss" || others.includes(node),
      isFree = ({ name }: GraphNode) => !changes.has(name); // a node is changed once
    const canTurn =
      others.length > 0 &&
      others.every(({ op }) => op === ADAM) &&
      own.every(({ node }) => isFree(node)) &&
      gradients.every((one) => one?.op === "MatMul" && isFree(one) && readers(one.name).every(isOfThis));
    const productsOf = (variable: Variable) =>
      readers(variable.read)
        .filter(isRightFactor)
        .map(({ node }) => node);
    if (!canTurn || !isFasterTurned(read.flatMap(productsOf), weight, slowTransposed)) continue;
    for (const variable of read) turn(variable, productsOf(variable));
    for (const moment of [first, second]) turn(moment, []);
    for (const one of gradients) changes.set(one!.name, turnedProduct);
  }
  graph.change((node) => changes.get(node.name)?.(node) ?? node);
  return { turned, copies };
}

/** A second variable of a variable's shape and value. */
function copyOf(graph: Graph, variable: Variable, nodes: ReadonlyMap<string, GraphNode>): Variable {
  const [own, read] = [variable.handle, variable.read].map((name) => nodes.get(name)!);
  const name = `${own.name}_turned`;
  const attributes = own.attributes.map((one) =>
    one.name === "shared_name" ? { ...one, value: name } : one,
  );
  const handle = graph.node(own.op, own.inputs, attributes, name);
  return { ...variable, handle, read: graph.node(read.op, [handle], read.attributes, `${name}_read`) };
}

const reading = (product: GraphNode, { read }: Variable): GraphNode => ({
  ...product,
  inputs: product.inputs.map((input, i) => (i === 1 ? read : input)),
});

const isMatrix = ({ value }: Variable) => value.shape.length === 2;
const turnedShape = (node: GraphNode, { value: { shape } }: Variable): GraphNode => ({
  ...node,
  attributes: node.attributes.map(
    (one): OpAttribute => (one.type === AttributeType.shape ? { ...one, value: [...shape].reverse() } : one),
  ),
});
