/**
 * Freeze modes as functions from a parameter's name to "is it trained?". Names are read by their parts, as
 * Hugging Face writes them: `…embeddings.…`, `…layer.3.…`, `…pooler.…`; everything else is the head, which is
 * always trained.
 */

/**
 * all: everything · last: the last encoder layer · "last 2": the last two · fixed: no encoder layer. The head
 * is trained in each.
 */
export type FreezeMode = "all" | "last" | `last ${number}` | "fixed";
export type Freeze = (parameter: string) => boolean;

interface FreezeOptions {
  /**
   * Whether the pooler has random weights because the checkpoint has none. It is then trained in every mode;
   * a pre-trained one in `last` and `all` only.
   */
  readonly newPooler: boolean;
}

const layerOf = (name: string) => Number(/(?:^|\.)layer\.(\d+)\./.exec(name)?.[1] ?? NaN);
const isEmbedding = (name: string) => /(?:^|\.)embeddings\./.test(name);
const isPooler = (name: string) => /(?:^|\.)pooler\./.test(name);

/**
 * The part of the network that a parameter belongs to: embeddings, layer.0 (the lowest) and so on, pooler,
 * head.
 */
export function stageOf(name: string): string {
  const layer = layerOf(name);
  return isEmbedding(name)
    ? "embeddings"
    : isPooler(name)
      ? "pooler"
      : Number.isNaN(layer)
        ? "head"
        : `layer.${layer}`;
}

/** How many encoder layers a mode trains. */
function trainedLayers(mode: FreezeMode, layers: number): number {
  if (mode === "all") return layers;
  if (mode === "fixed") return 0;
  const count = mode === "last" ? 1 : Number(/^last (\d+)$/.exec(mode)?.[1] ?? NaN);
  if (count >= 1 && count <= layers) return count;
  throw new Error(
    `freeze mode "${mode}": use all, last, fixed, or "last k" with k from 1 to the model's ${layers} layers`,
  );
}

/**
 * The freeze mode for a model with these parameters.
 * @throws if the mode is unknown, or trains more layers than there are
 */
export function freezeMode(
  mode: FreezeMode,
  parameters: readonly string[],
  { newPooler }: FreezeOptions,
): Freeze {
  const layers = 1 + Math.max(-1, ...parameters.map(layerOf).filter((layer) => !Number.isNaN(layer)));
  const firstTrained = layers - trainedLayers(mode, layers);
  return (name) => {
    if (isEmbedding(name)) return mode === "all";
    if (isPooler(name)) return mode !== "fixed" || newPooler;
    const layer = layerOf(name);
    return Number.isNaN(layer) || layer >= firstTrained;
  };
}
