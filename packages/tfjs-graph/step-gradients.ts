/**
 * The loss of a step and its gradients, as both engines compute them: of the whole batch, or of its parts one
 * after another, which takes the memory of one part and gives the same sums.
 */
import { type Tensor, tf } from "./backend";
import { type Order, recomputing } from "./checkpoint";
import type { EngineSettings, StepContext } from "./engine-types";
import { gradientsOf, siteDropout } from "./gradients";

type Tensors = StepContext["inputs"];

interface Step {
  readonly settings: EngineSettings;
  readonly context: Pick<StepContext, "parameters" | "inputs">;
  /** Of dropout, int32 [2]. */
  readonly seed: Tensor;
  /** The parameters that are trained. */
  readonly trained: readonly (readonly [string, Tensor])[];
  readonly order: Order;
}

interface StepGradients {
  readonly value: Tensor;
  /** In the order of `trained`. */
  readonly gradients: readonly Tensor[];
  /** What the loss hands back beside its value; to be disposed of. */
  readonly aux?: Tensor;
}

/** @throws if the loss does not depend on a parameter, or rows cannot be cut into the parts */
export function stepGradients({ settings, context, seed, trained, order }: Step): StepGradients {
  const { loss, accumulate = 1, checkpointing } = settings;
  if (!loss) throw new Error("this engine was opened without a loss");
  const sites = { next: 0 },
    dropout = siteDropout(seed, sites),
    names = new Set(trained.map(([name]) => name));
  const recompute = checkpointing ? recomputing({ seed, sites, trained: names, order }) : undefined;
  const auxes: Tensor[] = [];
  const partly = (inputs: Tensors) =>
    gradientsOf(() => {
      const whole = accumulate > 1 ? context.inputs : undefined;
      const result = loss({ ...context, inputs, whole, dropout, recompute });
      if (!("loss" in result)) return result;
      auxes.push(tf.keep(tf.clone(result.aux)));
      return result.loss;
    }, trained);
  const [first, ...parts] = partsOf(context.inputs, accumulate);
  let sum = partly(first);
  for (const part of parts) {
    // else TensorFlow would compute all parts at once
    const { value, gradients } = partly(mapped(part, (x) => order.after(x, sum.gradients)));
    sum = {
      value: tf.add(sum.value, value),
      gradients: sum.gradients.map((gradient, i) => tf.add(gradient, gradients[i])),
    };
  }
  if (auxes.length < 2) return { ...sum, ...(auxes.length > 0 && { aux: auxes[0] }) };
  const aux = tf.keep(tf.concat(auxes));
  tf.dispose(auxes);
  return { ...sum, aux };
}

/** The inputs cut into parts along their rows. */
function partsOf(inputs: Tensors, count: number): readonly Tensors[] {
  if (count === 1) return [inputs];
  const cut = mapped(inputs, (x, name) => {
    const [rows = 1] = x.shape;
    if (rows % count === 0) return tf.split(x, count);
    throw new Error(
      `accumulate = ${count}: ${rows} rows of ${name} cannot be cut into ${count} equal parts; take a batch size that is a multiple of ${count}`,
    );
  });
  return Array.from({ length: count }, (_, i) => mapped(cut, (parts) => parts[i]));
}

const mapped = <A, B>(named: Readonly<Record<string, A>>, f: (one: A, name: string) => B) =>
  Object.fromEntries(Object.entries(named).map(([name, one]) => [name, f(one, name)]));
