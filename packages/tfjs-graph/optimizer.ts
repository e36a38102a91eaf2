/**
 * An optimiser as a chain of transforms, with optax's names: each takes the gradients g that the one before
 * gives, and what comes out, times the step's learning rate, is subtracted from the weights w. PyTorch's
 * arithmetic; t counts steps from 1:
 *   clipByGlobalNorm   g ← g · min(1, norm / (‖g‖ + 1e-6)), ‖g‖ over all parameters
 *   scaleByAdam        m ← m + (1 - beta1)(g - m);  v ← v + (1 - beta2)(g² - v);
 *                      g ← m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *   addDecayedWeights  g ← g + weightDecay · w, for the parameters of a group
 *   scaleByParameter   g ← factor · g, another for each parameter: PyTorch's groups with rates of their own
 * AdamW (Loshchilov and Hutter 2019) decays weights after scaleByAdam; Adam (Kingma and Ba 2015) in PyTorch
 * before it.
 */

interface ClipByGlobalNorm {
  readonly name: "clipByGlobalNorm";
  readonly norm: number;
}

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** False leaves out the corrections by 1 - beta^t, as Google's BERT code did. */
  readonly biasCorrection: boolean;
}

interface ScaleByAdam extends AdamOptions {
  readonly name: "scaleByAdam";
}

interface AddDecayedWeights {
  readonly name: "addDecayedWeights";
  readonly weightDecay: number;
  readonly isDecayed: (parameter: string) => boolean;
}

interface ScaleByParameter {
  readonly name: "scaleByParameter";
  readonly factorOf: (parameter: string) => number;
}

export type Optimizer = readonly (ClipByGlobalNorm | ScaleByAdam | AddDecayedWeights | ScaleByParameter)[];

/** As torch.nn.utils.clip_grad_norm_ does; 0 leaves gradients as they are. */
export const clipByGlobalNorm = (norm: number): ClipByGlobalNorm => ({ name: "clipByGlobalNorm", norm });

export const scaleByAdam = (options: AdamOptions): ScaleByAdam => ({ name: "scaleByAdam", ...options });

/** @param isDecayed the group, by names of parameters */
export const addDecayedWeights = (
  weightDecay: number,
  isDecayed: AddDecayedWeights["isDecayed"],
): AddDecayedWeights => ({ name: "addDecayedWeights", weightDecay, isDecayed });

/** @param factorOf of the learning rate, by names of parameters; above 0 */
export const scaleByParameter = (factorOf: ScaleByParameter["factorOf"]): ScaleByParameter => ({
  name: "scaleByParameter",
  factorOf,
});

/** torch.nn.utils.clip_grad_norm_ adds this to the norm. */
export const CLIP_EPSILON = 1e-6;

/** What changes from step to step: five scalars that are fed. */
export interface StepScalars {
  readonly rate: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly epsilon: number;
  /** learningRate · weightDecay where weights decay after Adam; weightDecay itself before it. */
  readonly decay: number;
}

/** A chain as the engines carry it out. */
export interface Steps {
  /** 0 for none. */
  readonly clipNorm: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Whether a parameter decays, and if before Adam sees its gradient. */
  readonly decays: (parameter: string) => boolean;
  readonly decaysFirst: boolean;
  /** Of a parameter's learning rate, and so of its decay after Adam; 1 where none is asked for. */
  readonly factorOf: (parameter: string) => number;
  /**
   * The scalars of step t in the form that TensorFlow's ResourceApplyAdam takes: w ← w - rate · sqrt(1 -
   * beta2^t) / (1 - beta1^t) · m / (sqrt(v) + ε). It adds ε to the root before the correction, PyTorch after
   * it; ε · sqrt(1 - beta2^t) makes both equal.
   */
  scalars(t: number, learningRate: number): StepScalars;
}

/**
 * @throws if the chain is not one that the engines know: clip, then Adam with decay before or after it, then
 *   factors
 */
export function stepsOf(optimizer: Optimizer): Steps {
  const rest = [...optimizer];
  const clip = rest[0]?.name === "clipByGlobalNorm" ? rest.shift() : undefined;
  const factors = rest[rest.length - 1]?.name === "scaleByParameter" ? rest.pop() : undefined;
  const first = rest[0]?.name === "addDecayedWeights" ? rest.shift() : undefined;
  const [adam, last, ...more] = rest;
  const decay = first ?? last;
  if (
    adam?.name !== "scaleByAdam" ||
    (decay && decay.name !== "addDecayedWeights") ||
    (first && last) ||
    more.length > 0
  )
    throw new Error(
      `an optimiser of ${optimizer.map(({ name }) => name).join(", ")}: it must be clipByGlobalNorm or nothing, then scaleByAdam, with addDecayedWeights before or after it or not at all, and scaleByParameter or nothing at the end`,
    );
  const { beta1, beta2, epsilon, biasCorrection } = adam;
  const weightDecay = decay?.weightDecay ?? 0;
  return {
    clipNorm: clip?.name === "clipByGlobalNorm" ? clip.norm : 0,
    beta1,
    beta2,
    decays: (parameter) => weightDecay !== 0 && decay!.isDecayed(parameter),
    decaysFirst: first !== undefined,
    factorOf: factors?.name === "scaleByParameter" ? factors.factorOf : () => 1,
    scalars: (t, learningRate) => {
      const [beta1Power, beta2Power] = biasCorrection ? [beta1 ** t, beta2 ** t] : [0, 0];
      return {
        rate: learningRate,
        beta1Power,
        beta2Power,
        epsilon: epsilon * Math.sqrt(1 - beta2Power),
        decay: first ? weightDecay : learningRate * weightDecay,
      };
    },
  };
}
