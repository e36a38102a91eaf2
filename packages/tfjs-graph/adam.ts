/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) with PyTorch's arithmetic; the engines
 * carry it out. With g the gradient after clipping, t the step from 1 on:
 *   adam:   g ← g + weightDecay · w          adamw:  w ← w - rate · weightDecay · w          (decayed
 *   parameters only)
 *   m ← m + (1 - beta1)(g - m);  v ← v + (1 - beta2)(g² - v)
 *   w ← w - rate · m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon);  both corrections are 1 without
 *   biasCorrection
 */
export interface AdamW {
  readonly kind: "adamw" | "adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** False leaves out the corrections by 1 - beta^t, as Google's BERT code did. */
  readonly biasCorrection: boolean;
  readonly weightDecay: number;
  readonly decayed: (parameter: string) => boolean;
  /**
   * The gradients' global norm is cut to this, as torch.nn.utils.clip_grad_norm_ does; 0 leaves them as they
   * are.
   */
  readonly clipNorm: number;
}

/** torch.nn.utils.clip_grad_norm_ adds this to the norm. */
export const CLIP_EPSILON = 1e-6;

/** What changes from step to step: five scalars that are fed. */
export interface StepScalars {
  readonly rate: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly epsilon: number;
  /** rate · weightDecay for AdamW; weightDecay itself for Adam. */
  readonly decay: number;
}

/**
 * The scalars of step t in the form that TensorFlow's ResourceApplyAdam takes: w ← w - rate · sqrt(1 -
 * beta2^t) / (1 - beta1^t) · m / (sqrt(v) + ε). It adds ε to the root before the correction, PyTorch after
 * it; ε · sqrt(1 - beta2^t) makes both equal.
 */
export function stepScalars(optimizer: AdamW, t: number, rate: number): StepScalars {
  const { kind, beta1, beta2, epsilon, biasCorrection, weightDecay } = optimizer;
  const [beta1Power, beta2Power] = biasCorrection ? [beta1 ** t, beta2 ** t] : [0, 0];
  const decay = kind === "adamw" ? rate * weightDecay : weightDecay;
  return { rate, beta1Power, beta2Power, epsilon: epsilon * Math.sqrt(1 - beta2Power), decay };
}

/** Whether a parameter gets weight decay at all. */
export const decays = (optimizer: AdamW, name: string) =>
  optimizer.weightDecay !== 0 && optimizer.decayed(name);
