/**
 * The tips of PyTorch's "Performance Tuning Guide" (pytorch/tutorials, tuning_guide.py, after S. Migacz's
 * talk at ECCV 2020), in its order. Their Japanese names stand in packages/japanese.
 */

export interface Tip {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly group: "general" | "CPU" | "GPU" | "distributed";
  /** switch: a setting, variable or command; done: always on; none: there is no counterpart. */
  readonly here: "switch" | "done" | "none";
  /** The setting or function that does it; of "none" what was looked for. */
  readonly by: string;
  /** Why there is no counterpart. */
  readonly why?: string;
}

type Rest = readonly [name: string, here: Tip["here"], by: string, why?: string];

const [NO_CONVOLUTION, ONE_PROCESS] = ["no encoder has convolutions", "TensorFlow.js trains in one process"];

const GENERAL: readonly Rest[] = [
  ["loading in the background", "none", "tf.data, worker_threads", "a step makes its own batch"],
  ["no gradients in validation", "done", "Engine.outputs"],
  ["no bias before batch normalisation", "none", "tf.batchNorm", "no encoder has batch normalisation"],
  ["no zeroing of gradients", "done", "values of the graph"],
  ["fused pointwise operations", "done", "gelu, KomalabAdam"],
  ["channels last", "none", "tf.conv2d: dataFormat", NO_CONVOLUTION],
  ["checkpointing of activations", "switch", "checkpointing: true"],
  ["no debugging", "done", "tf.enableDebugMode"],
];
const CPU: readonly Rest[] = [
  ["binding to a NUMA node", "switch", "numactl --membind=0"],
  ["threads and affinity", "switch", "threads, taskset"],
  ["Intel's OpenMP", "none", "libiomp5, libgomp", "TensorFlow has threads of its own"],
  ["another allocator", "switch", "LD_PRELOAD, GLIBC_TUNABLES"],
  ["oneDNN", "switch", "TF_ENABLE_ONEDNN_OPTS"],
  ["a process for each socket", "switch", "processes: 2"],
];
const GPU: readonly Rest[] = [
  ["precision of matrix products", "switch", "ONEDNN_DEFAULT_FPMATH_MODE"],
  ["a graph in the place of single calls", "done", 'mode: "traced"'],
  ["trying algorithms of convolution", "none", "TF_CUDNN_USE_AUTOTUNE", NO_CONVOLUTION],
  ["no needless synchronisation", "done", "Engine.step"],
  ["tensors made where they are used", "done", "StatelessRandomUniform…"],
  ["mixed precision and sizes in multiples of 8", "switch", 'precision: "bfloat16"'],
  ["room for the longest text", "done", "trainShapes: ANY"],
];
const DISTRIBUTED: readonly Rest[] = [
  ["processes in the place of threads", "none", "tf.distribute", ONE_PROCESS],
  ["one exchange for several batches", "switch", "accumulate: 4"],
  ["the order of layers", "none", "tf.distribute", ONE_PROCESS],
  ["equal loads by length", "done", "planBatches"],
];

const GROUPS = { general: GENERAL, CPU, GPU, distributed: DISTRIBUTED } as const;

/** All 25, by their numbers. */
export const TIPS: readonly Tip[] = Object.entries(GROUPS)
  .flatMap(([group, all]) =>
    all.map(([name, here, by, why]) => ({ name, group: group as Tip["group"], here, by, why })),
  )
  .map((tip, i) => ({ number: i + 1, ...tip }));
