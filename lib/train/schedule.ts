/** Learning rates over the steps of a run. */
export type Schedule = (step: number) => number;

export interface LinearSchedule {
  /** The highest rate. */
  readonly learningRate: number;
  /** Steps in which the rate grows from 0 to the highest. */
  readonly warmUpSteps: number;
  /** Steps of the whole run; the rate falls to 0 at the end of them. */
  readonly steps: number;
}

/** Linear warm-up and decay, equal to transformers' get_linear_schedule_with_warmup; steps count from 0. */
export function linearSchedule({ learningRate: rate, warmUpSteps, steps }: LinearSchedule): Schedule {
  return (step) => {
    if (step < warmUpSteps) return (rate * step) / warmUpSteps;
    return rate * Math.max(0, (steps - step) / Math.max(1, steps - warmUpSteps));
  };
}

/** The same rate at every step after the warm-up, as plain Adam in PyTorch has it. */
export function constantSchedule({
  learningRate: rate,
  warmUpSteps,
}: Omit<LinearSchedule, "steps">): Schedule {
  return (step) => (step < warmUpSteps ? (rate * step) / warmUpSteps : rate);
}
