/**
 * Layer normalisation and GELU, as packages/tfjs-graph computes them in several operations, found again: ONNX
 * has one operation for the first, and onnxruntime makes one of the second if it is written in its own way.
 */
import type { GraphNode } from "../tfjs-graph";

interface Reading {
  readonly nodeOf: (reference: string) => GraphNode | undefined;
  /** The one number that a constant is, if it is one. */
  readonly numberOf: (reference: string) => number | undefined;
  readonly isWeight: (reference: string) => boolean;
}

interface Normalisation {
  readonly x: string;
  readonly scale: string;
  readonly shift?: string;
  readonly epsilon: number;
}

const SUMS = ["Add", "AddV2"];

export function patternsOf({ nodeOf, numberOf, isWeight }: Reading) {
  /** The inputs of a node if it is one of these operations; casts of floats to floats are looked through. */
  function inputsOf(reference: string, ...ops: readonly string[]): readonly string[] | undefined {
    const node = nodeOf(reference);
    if (node === undefined) return undefined;
    if (node.op === "Cast") return inputsOf(node.inputs[0], ...ops);
    return ops.includes(node.op) ? node.inputs : undefined;
  }
  const same = (a: string | undefined, b: string) => a !== undefined && bare(a) === bare(b);
  const bare = (reference: string): string => {
    const node = nodeOf(reference);
    return node?.op === "Cast" ? bare(node.inputs[0]) : reference;
  };

  /** (x - mean) / √(mean of its square + ε) · scale. */
  function scaled(reference: string): Normalisation | undefined {
    const [normal = "", scale = ""] = inputsOf(reference, "Mul") ?? [];
    const [centred = "", inverse = ""] = inputsOf(normal, "Mul") ?? [];
    const [x = "", mean = ""] = inputsOf(centred, "Sub") ?? [];
    const [root = ""] = inputsOf(inverse, "Rsqrt") ?? [];
    const [variance = "", small = ""] = inputsOf(root, ...SUMS) ?? [];
    const [square = ""] = inputsOf(variance, "Mean") ?? [];
    const [squared] = inputsOf(square, "Square") ?? [];
    const [averaged] = inputsOf(mean, "Mean") ?? [];
    const epsilon = numberOf(small);
    return epsilon !== undefined && isWeight(scale) && same(squared, centred) && same(averaged, x)
      ? { x, scale, epsilon }
      : undefined;
  }

  return {
    /** What a node normalises, if it does. */
    layerNorm(node: GraphNode): Normalisation | undefined {
      const shifted = SUMS.includes(node.op) && isWeight(node.inputs[1]) ? scaled(node.inputs[0]) : undefined;
      if (shifted) return { ...shifted, shift: node.inputs[1] };
      return scaled(node.name);
    },
    /** x of a node that computes x · (erf(x / √2) / 2 + 1 / 2), if it does. */
    gelu(node: GraphNode): string | undefined {
      const [x = "", share = ""] = inputsOf(node.name, "Mul") ?? [];
      const [half = "", one = ""] = inputsOf(share, ...SUMS) ?? [];
      const [error = "", two = ""] = inputsOf(half, "Mul") ?? [];
      const [inner = ""] = inputsOf(error, "Erf") ?? [];
      const [within, root = ""] = inputsOf(inner, "Mul") ?? [];
      const numbers = [one, two, root].map(numberOf);
      return same(within, x) && `${numbers}` === `${[0.5, 0.5, Math.fround(Math.SQRT1_2)]}` ? x : undefined;
    },
  };
}
