/**
 * The engine where nothing can be traced (wasm, or an op without a shape rule): every op runs when it is
 * called.
 */

import type { HostArray, Weights } from "../../lib/support/host-array";
import { type Tensor, tf } from "./backend";
import {
  checkAveraged,
  type Engine,
  type EngineSettings,
  fitting,
  type GraphShapes,
  type HostInputs,
  normsOf,
  type OptimizerState,
  type StepOptions,
  type StepResult,
  stagesOf,
} from "./engine-types";
import { CLIP_EPSILON, type StepScalars, type Steps, stepsOf } from "./optimizer";
import { checkedState } from "./restore";
import { stepGradients } from "./step-gradients";

/** A trainable parameter and Adam's moments. */
type Slot = readonly [weight: Tensor, first: Tensor, second: Tensor];
type Named = Readonly<Record<string, Tensor>>;

export class EagerEngine implements Engine {
  readonly mode = "eager";
  private readonly frozen: Readonly<Record<string, Tensor>>;
  private readonly slots = new Map<string, Slot>();
  /** Of trained weights; none without averages. */
  private averageTensors: Named = {};
  private steps = 0;

  constructor(
    private readonly settings: EngineSettings,
    readonly reason: string,
  ) {
    const { weights, trainable = [], precision = "float32" } = settings;
    if (precision !== "float32")
      throw new Error(`products in ${precision} need traced steps (${reason}): use precision "float32"`);
    const trained = new Set(trainable);
    const frozen = Object.entries(weights).filter(([name]) => !trained.has(name));
    this.frozen = Object.fromEntries(frozen.map(([name, value]) => [name, toTensor(value)]));
    for (const name of trainable) {
      const { shape } = weights[name];
      this.slots.set(name, [toTensor(weights[name]), tf.zeros([...shape]), tf.zeros([...shape])]);
    }
    this.setAverages((name) => toTensor(weights[name]));
  }

  step(inputs: HostInputs, { learningRate, seed }: StepOptions): StepResult {
    const { settings } = this,
      { loss, optimizer, trainShapes } = settings,
      stages = stagesOf(settings);
    if (!loss || !optimizer) throw new Error("this engine was opened without a loss and an optimizer");
    check(trainShapes, inputs, "step");
    this.steps++;
    let told: HostArray | undefined;
    const updates: Slot[] = [];
    const slots = [...this.slots].map(([name, [weight]]) => [name, weight] as const);
    const [total, norms] = tf.tidy(() => {
      const context = { parameters: this.parameters(), inputs: toTensors(inputs) };
      const { value, gradients, aux } = stepGradients({
        ...{ settings, context, trained: slots },
        seed: tf.tensor1d(Int32Array.of(seed, 0), "int32"),
        order: { after: (x) => x, asWritten: (work) => work() },
      });
      if (aux) told = toHost(aux);
      tf.dispose(aux ?? []);
      const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
      const norm = tf.sqrt(tf.addN(squares));
      const chain = stepsOf(optimizer),
        clip = chain.clipNorm;
      const factor = clip > 0 ? tf.minimum(tf.div(clip, tf.add(norm, CLIP_EPSILON)), 1) : null;
      const clipByGlobalNorm = (gradient: Tensor) => (factor ? tf.mul(gradient, factor) : gradient);
      const scalars = chain.scalars(this.steps, learningRate);
      [...this.slots].forEach(([name, slot], i) => {
        const own = ownScalars(chain, name, scalars);
        const moved = tf.tidy(() => move(slot, clipByGlobalNorm(gradients[i]), { ...chain, ...own }));
        updates.push(moved.map((tensor) => tf.keep(tensor)) as unknown as Slot);
      });
      const parts = [...stages.values()].map((members) => tf.sqrt(tf.addN(members.map((i) => squares[i]))));
      return [value.dataSync()[0], [norm, ...parts].map((one) => one.dataSync()[0])];
    }) as unknown as [number, number[]];
    [...this.slots].forEach(([name, slot], i) => {
      tf.dispose([...slot]);
      this.slots.set(name, updates[i]);
    });
    return { loss: total, ...normsOf(norms, stages), ...(told ? { aux: told } : {}) };
  }

  outputs(inputs: HostInputs): HostArray {
    const { outputs, outputShapes } = this.settings;
    if (!outputs) throw new Error("this engine was opened without outputs");
    check(outputShapes, inputs, "outputs");
    let result: HostArray | undefined;
    tf.tidy(() => {
      result = toHost(
        outputs({
          parameters: { ...this.parameters(), ...this.averageTensors },
          inputs: toTensors(inputs),
          dropout: (x) => x,
        }),
      );
    });
    return result as unknown as HostArray;
  }

  weights(): Weights {
    return { ...this.settings.weights, ...this.read(0) };
  }

  average(share: number): void {
    checkAveraged(this.settings);
    const before = this.averageTensors;
    this.setAverages((name, weight) =>
      tf.tidy(() => tf.sub(weight, tf.mul(tf.sub(weight, before[name]), 1 - share))),
    );
  }

  averages(): Weights {
    return { ...this.weights(), ...hosted(this.averageTensors) };
  }

  optimizerState(): OptimizerState {
    return {
      steps: this.steps,
      firstMoments: this.read(1),
      secondMoments: this.read(2),
      ...(this.settings.averaged && { averages: hosted(this.averageTensors) }),
    };
  }

  restore(weights: Weights, optimizer?: OptimizerState): void {
    const names = [...this.slots.keys()];
    const state = checkedState(names, this.settings.weights, weights, optimizer);
    names.forEach((name, i) => {
      const [weight, first, second] = this.slots.get(name) as Slot;
      tf.dispose(optimizer ? [weight, first, second] : [weight]);
      const moments = optimizer
        ? [toTensor(state.moments[i]), toTensor(state.moments[names.length + i])]
        : [first, second];
      this.slots.set(name, [toTensor(state.weights[i]), moments[0], moments[1]]);
    });
    const averages = new Map(names.map((name, i) => [name, state.averages[i]]));
    this.setAverages((name) => toTensor(averages.get(name) as HostArray));
    if (optimizer) this.steps = optimizer.steps;
  }

  dispose(): void {
    tf.dispose([this.frozen, [...this.slots.values()].flat(), this.averageTensors]);
    this.slots.clear();
    this.averageTensors = {};
  }

  private setAverages(make: (name: string, weight: Tensor) => Tensor): void {
    if (!this.settings.averaged) return;
    const made = [...this.slots].map(([name, [weight]]) => [name, make(name, weight)] as const);
    tf.dispose(this.averageTensors);
    this.averageTensors = Object.fromEntries(made);
  }

  private parameters(): Record<string, Tensor> {
    return {
      ...this.frozen,
      ...Object.fromEntries([...this.slots].map(([name, [weight]]) => [name, weight])),
    };
  }

  private read(part: 0 | 1 | 2): Weights {
    return Object.fromEntries([...this.slots].map(([name, slot]) => [name, toHost(slot[part])]));
  }
}

interface Move extends StepScalars, Pick<Steps, "beta1" | "beta2" | "decaysFirst"> {
  readonly decays: boolean;
}

/** The scalars of a step for one parameter. */
function ownScalars(
  { decays, decaysFirst, factorOf }: Steps,
  parameter: string,
  scalars: StepScalars,
): StepScalars & Pick<Move, "decays"> {
  const times = factorOf(parameter),
    { rate, decay } = scalars;
  return {
    ...scalars,
    rate: rate * times,
    decay: decaysFirst ? decay : decay * times,
    decays: decays(parameter),
  };
}

/** What the optimiser makes of one parameter and its moments. */
function move(slot: Slot, gradient: Tensor, { decays, decaysFirst, decay, ...adam }: Move): Tensor[] {
  const [weight, first, second] = slot;
  if (!decays) return scaleByAdam(slot, gradient, adam);
  const decayed = tf.mul(weight, decay);
  return decaysFirst
    ? scaleByAdam(slot, tf.add(gradient, decayed), adam)
    : scaleByAdam([tf.sub(weight, decayed), first, second], gradient, adam);
}

/** One step of Adam in TensorFlow's own arithmetic (ResourceApplyAdam). */
function scaleByAdam(
  [weight, first, second]: Slot,
  gradient: Tensor,
  { beta1, beta2, rate, beta1Power, beta2Power, epsilon }: Omit<Move, "decays" | "decaysFirst" | "decay">,
): Tensor[] {
  const m = tf.add(first, tf.mul(tf.sub(gradient, first), 1 - beta1));
  const v = tf.add(second, tf.mul(tf.sub(tf.square(gradient), second), 1 - beta2));
  const size = (rate * Math.sqrt(1 - beta2Power)) / (1 - beta1Power);
  return [tf.sub(weight, tf.div(tf.mul(m, size), tf.add(tf.sqrt(v), epsilon))), m, v];
}

const check = (known: readonly GraphShapes[] = [], inputs: HostInputs, what: string) =>
  fitting(
    known.map((shapes) => ({ shapes })),
    inputs,
    what,
  );
const toTensor = ({ shape, data }: HostArray) =>
  tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
const toTensors = (inputs: HostInputs) =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]));
const hosted = (tensors: Named): Weights =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toHost(tensor)]));
const toHost = (tensor: Tensor): HostArray => ({
  shape: tensor.shape,
  data: tensor.dataSync().slice() as HostArray["data"],
});
