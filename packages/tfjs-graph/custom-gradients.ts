/** Operations with gradients of their own, each computed only where something trained asks for it. */
import { type Tensor, tf } from "./backend";

interface WithGradients {
  readonly value: Tensor;
  /** For each input what computes its gradient. */
  readonly gradFunc: (dy: Tensor, saved: readonly Tensor[]) => readonly (() => Tensor)[];
}

/** The part of tfjs's engine that its own operations go through; tf.customGrad computes every gradient. */
interface Kernels {
  runKernelFunc(kernel: {
    readonly inputs: Readonly<Record<number, Tensor>>;
    readonly forwardFunc: (backend: unknown, save: tf.GradSaveFunc) => Tensor;
    readonly backwardsFunc: (dy: Tensor, saved: Tensor[]) => Readonly<Record<number, () => Tensor>>;
  }): Tensor;
}

/**
 * tf.customGrad that computes no gradient of a frozen weight.
 * @param f gets the inputs and what keeps tensors for the gradients
 */
export function customGradients(
  f: (inputs: readonly Tensor[], save: tf.GradSaveFunc) => WithGradients,
): (...inputs: Tensor[]) => Tensor {
  return (...inputs) => {
    let gradFunc: WithGradients["gradFunc"];
    return (tf.engine() as unknown as Kernels).runKernelFunc({
      inputs: { ...inputs },
      forwardFunc: (_, save) => {
        const result = f(inputs, save);
        gradFunc = result.gradFunc;
        return result.value;
      },
      backwardsFunc: (dy, saved) => ({ ...gradFunc(dy, saved) }),
    });
  };
}
