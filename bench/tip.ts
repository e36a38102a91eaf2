/**
 * One configuration of tips.ts, as a side: a training step of lib/train on a random BERT of middle size, with
 * one thing changed; or an epoch over texts of unequal length, or the first steps on several lengths.
 */
import { ACTIVATE } from "../lib/models/layers";
import { sizeOf } from "../lib/support/host-array";
import { Random } from "../lib/support/random";
import { planBatches } from "../lib/train/batches";
import { type HostInputs, nativeBackend, shapesOf, type Tensor, tf } from "../packages/tfjs-graph";
import { prepare, randomExamples, type StepOptions } from "./model";
import { type Opened, secondsOf, serve } from "./side";

/** 6 layers of 384, 16 texts of 64 tokens: a step takes about half a second on two cores. */
export const MIDDLE: StepOptions = {
  encoder: "bert",
  layers: 6,
  hidden: 384,
  heads: 12,
  vocabulary: 8000,
  batch: 16,
  tokens: 64,
  freeze: "all",
  precision: "float32",
  dropout: 0.1,
  batches: 4,
};

export interface TipOptions extends Partial<StepOptions> {
  /**
   * step: seconds of one step; outputs: of the same batch without gradients; epoch: of TEXTS texts of unequal
   * length; lengths: of compiling and one step on each of LENGTHS.
   */
  readonly measure?: "step" | "outputs" | "epoch" | "lengths";
  /** So many steps count as one: where configurations have batches of other sizes, or share the work. */
  readonly steps?: number;
  /** Batches are made before time is taken. */
  readonly ahead?: boolean;
  /** As many floats as there are gradients are set to 0 before every step. */
  readonly zeroed?: boolean;
  /** All weights are read after every step. */
  readonly reading?: boolean;
  /** In the place of dropout as many random numbers are drawn in JavaScript and compared. */
  readonly drawn?: boolean;
  /** tfjs checks and prints every operation. */
  readonly debug?: boolean;
  /** plain: GELU by tfjs's own operations and gradients. */
  readonly gelu?: "plain";
  /** passes: Adam by TensorFlow's operations, each a pass over memory. */
  readonly adam?: "passes";
  /** Texts are padded to so many tokens. */
  readonly padded?: number;
  /** Of an epoch: longest pads all texts to the longest of all. */
  readonly batching?: "by length" | "longest";
  /** each: a graph for every length. */
  readonly graphs?: "each";
}

const SECONDS = 0.5; // steps are repeated that long
const TEXTS = 64; // of an epoch
const LENGTHS = [0.5, 0.75, 1]; // of the longest
const SHORTEST = 6; // tokens
const RATE = 2e-5;

/** GELU as one would write it, its gradient left to tfjs. */
const plainGelu = (x: Tensor) =>
  tf.mul(x, tf.mul(tf.add(tf.erf(tf.div(x, tf.scalar(Math.SQRT2))), tf.scalar(1)), tf.scalar(0.5)));

/** Elements of all dropout masks of a step. */
const maskSize = ({ layers, hidden, heads, batch, tokens }: StepOptions) =>
  batch * tokens * (hidden * (1 + 2 * layers) + layers * heads * tokens);

/** Draws numbers as tf.dropout does, in JavaScript, and gives them to TensorFlow. */
const draw = (count: number) =>
  tf.tidy(() => void tf.cast(tf.greaterEqual(tf.randomUniform([count]), 0.1), "float32"));

/** A batch of each of LENGTHS. */
function ofLengths(options: StepOptions) {
  const { texts, labels } = randomExamples({ ...options, batches: LENGTHS.length });
  const cut = texts.map(({ ids, segmentIds }, i) => {
    const tokens = Math.round(LENGTHS[Math.floor(i / options.batch)] * options.tokens);
    return { ids: ids.slice(0, tokens), segmentIds: segmentIds.slice(0, tokens) };
  });
  return { texts: cut, labels };
}

/** Short texts are many, as among lines and reviews. */
function unequal(options: StepOptions) {
  const random = new Random(3),
    longest = options.tokens;
  const examples = randomExamples({ ...options, batches: Math.ceil(TEXTS / options.batch) });
  const texts = examples.texts.slice(0, TEXTS).map(({ ids, segmentIds }, i) => {
    const tokens = i === 0 ? longest : Math.round(SHORTEST + (longest - SHORTEST) * random.uniform() ** 2);
    return { ids: ids.slice(0, tokens), segmentIds: segmentIds.slice(0, tokens) };
  });
  return { texts, labels: examples.labels.slice(0, TEXTS) };
}

function examplesOf(measure: TipOptions["measure"], options: StepOptions) {
  if (measure === "epoch") return unequal(options);
  return measure === "lengths" ? ofLengths(options) : randomExamples(options);
}

async function open(given: TipOptions): Promise<Opened> {
  const { measure = "step", steps = 1, debug, gelu, adam, drawn } = given;
  const options: StepOptions & TipOptions = { ...MIDDLE, ...given, ...(drawn && { dropout: 0 }) };
  if (gelu === "plain") (ACTIVATE as Record<string, typeof plainGelu>).gelu = plainGelu;
  const prepared = await prepare(options, examplesOf(measure, options));
  const backend = nativeBackend() as { isUsingGpuDevice: boolean };
  if (adam === "passes") backend.isUsingGpuDevice = true; // as on a GPU, which our own op does not know
  const opened = (more?: Parameters<typeof prepared.open>[0]) => {
    try {
      return prepared.open(more);
    } finally {
      backend.isUsingGpuDevice = false;
    }
  };
  if (debug) {
    console.log = () => {}; // it prints every operation
    tf.enableDebugMode();
  }
  const { batch, batches, tokens, padded = tokens } = options;
  const items = (i: number) => Array.from({ length: batch }, (_, row) => (i % batches) * batch + row);
  if (measure === "lengths") {
    const some = LENGTHS.map((share, i) => prepared.inputs(items(i), Math.round(share * tokens)));
    const first = () => {
      const engine = opened(given.graphs === "each" ? { trainShapes: some.map(shapesOf) } : {});
      some.forEach((one, seed) => engine.step(one, { learningRate: RATE, seed }));
    };
    return { measure: () => secondsOf(first, 0) }; // engines stay open, else the next one has their session
  }
  const engine = opened({ outputs: prepared.apply, outputShapes: [prepared.loader.shapes(false)] });
  let count = 0;
  const stepOn = (inputs: HostInputs) => engine.step(inputs, { learningRate: RATE, seed: ++count });
  if (measure === "epoch") {
    const plan = planBatches(prepared.loader, new Random(1));
    const run = () => {
      for (const batch of plan)
        stepOn(prepared.inputs(batch.items, given.batching === "longest" ? tokens : batch.tokens));
    };
    run();
    return { measure: () => secondsOf(run, 0), note: `${TEXTS} texts` };
  }
  const ready = Array.from({ length: batches }, (_, i) => prepared.inputs(items(i), padded));
  const inputs = () => (given.ahead ? ready[count % batches] : prepared.inputs(items(count), padded));
  const { ids, segmentIds, mask } = ready[0];
  const weights = engine.weights();
  const gradients = Object.values(weights).map(({ shape }) => new Float32Array(sizeOf(shape)));
  const once = () => {
    if (measure === "outputs") {
      engine.outputs({ ids, segmentIds, mask });
      return;
    }
    if (given.zeroed) for (const gradient of gradients) gradient.fill(0);
    if (drawn) draw(maskSize(options));
    stepOn(inputs());
    if (given.reading) engine.weights();
  };
  const work = () => {
    for (let i = 0; i < steps; i++) once();
  };
  once();
  once();
  return { measure: () => secondsOf(work, steps > 1 ? 0 : SECONDS) };
}

if (require.main === module) void serve(open);
