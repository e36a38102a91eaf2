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
}

type Rest = readonly [name: string, here: Tip["here"], by: string];

const GENERAL: readonly Rest[] = [
  ["loading in the background", "none", "tf.data prefetch, worker_threads: a step makes its batch"],
  ["no gradients in validation", "done", "Engine.outputs"],
  ["no bias before batch normalisation", "none", "tf.layers.batchNormalization: in no encoder"],
  ["no zeroing of gradients", "done", "gradients are values of the graph"],
  ["fused pointwise operations", "done", "gelu, layerNorm, KomalabAdam"],
  ["channels last", "none", "tf.conv2d's dataFormat: in no encoder"],
  ["checkpointing of activations", "switch", "checkpointing: true"],
  ["no debugging", "done", "no tf.enableDebugMode"],
];
const CPU: readonly Rest[] = [
  ["binding to a NUMA node", "switch", "numactl --cpunodebind=0 --membind=0"],
  ["threads and affinity", "switch", "threads, TF_NUM_INTEROP_THREADS, taskset"],
  ["Intel's OpenMP", "none", "libiomp5, libgomp: TensorFlow is linked to neither"],
  ["another allocator", "switch", "LD_PRELOAD=libtcmalloc_minimal.so.4, GLIBC_TUNABLES"],
  ["oneDNN", "switch", "TF_ENABLE_ONEDNN_OPTS, 1 by default"],
  ["a process for each socket", "switch", "processes: trainings side by side"],
];
const GPU: readonly Rest[] = [
  ["precision of matrix products", "switch", "ONEDNN_DEFAULT_FPMATH_MODE, TF_SET_ONEDNN_FPMATH_MODE"],
  ["a graph in the place of single calls", "done", "openEngine traces a step"],
  ["trying algorithms of convolution", "none", "TF_CUDNN_USE_AUTOTUNE: convolutions alone"],
  ["no needless synchronisation", "done", "a step gives loss and logits; weights stay"],
  ["tensors made where they are used", "done", "StatelessRandomUniformFullInt"],
  ["mixed precision and sizes in multiples of 8", "switch", 'precision: "bfloat16"'],
  ["room for the longest text", "done", "ANY: one graph for texts of any length"],
];
const DISTRIBUTED: readonly Rest[] = [
  ["processes in the place of threads", "none", "tf.distribute: not in TensorFlow.js"],
  ["one exchange for several batches", "switch", "accumulate: 4"],
  ["the order of layers", "none", "tf.distribute: not in TensorFlow.js"],
  ["equal loads by length", "done", "planBatches"],
];

const GROUPS = { general: GENERAL, CPU, GPU, distributed: DISTRIBUTED } as const;

/** All 25, by their numbers. */
export const TIPS: readonly Tip[] = Object.entries(GROUPS)
  .flatMap(([group, all]) =>
    all.map(([name, here, by]) => ({ name, group: group as Tip["group"], here, by })),
  )
  .map((tip, i) => ({ number: i + 1, ...tip }));
