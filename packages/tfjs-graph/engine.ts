/**
 * A network with its weights and optimiser inside TensorFlow: feed a batch, get a loss. On native TensorFlow
 * steps are traced, one graph for every shape of input and one session for all of them, on the same
 * variables; elsewhere they run op by op.
 */
import { isNative } from "./backend";
import { EagerEngine } from "./eager";
import { ANY, ANY_ROWS, type Engine, type EngineSettings, type HostInputs, shapesOf } from "./engine-types";
import { stepsOf } from "./optimizer";
import { TraceRefusal } from "./shapes";
import { TracedEngine } from "./traced";

/**
 * Opens an engine; on wasm, await backend.ready() first.
 * @throws if a trainable parameter is unknown or not float32, or does not matter to the loss; if a shape does
 *   not fit the network; if the optimiser is a chain that is not carried out
 */
export const openEngine = (settings: EngineSettings): Engine =>
  opened(settings, (reason) => new EagerEngine(settings, reason));

/**
 * Opens an engine whose outputs() are asked for batches of any rows and tokens: one graph, or one for each
 * number of rows where that cannot be traced.
 * @param like the inputs of one batch, each [B, T, …]
 * @param rows all that batches will have
 */
export function openForBatches(
  settings: Pick<EngineSettings, "weights" | "outputs">,
  like: HostInputs,
  rows: readonly number[],
): Engine {
  const shapes = (first: number) =>
    Object.fromEntries(
      Object.entries(shapesOf(like)).map(([name, { shape, dtype }]) => [
        name,
        { shape: [first, ANY, ...shape.slice(2)], dtype },
      ]),
    );
  return opened({ ...settings, outputShapes: [shapes(ANY_ROWS)] }, () =>
    openEngine({ ...settings, outputShapes: [...new Set(rows)].map(shapes) }),
  );
}

/** @param otherwise the engine where there can be no graph of these settings, for a reason */
function opened(settings: EngineSettings, otherwise: (reason: string) => Engine): Engine {
  check(settings);
  if (settings.mode === "eager") return new EagerEngine(settings, "eager steps were asked for");
  if (!isNative()) return new EagerEngine(settings, "graphs need native TensorFlow");
  try {
    return new TracedEngine(settings);
  } catch (error) {
    if (error instanceof TraceRefusal) return otherwise(error.message);
    throw error;
  }
}

function check({ weights, trainable = [], loss, optimizer }: EngineSettings): void {
  for (const name of trainable) {
    if (!weights[name]) throw new Error(`the trainable parameter ${name} is not among the weights`);
    if (weights[name].data instanceof Int32Array)
      throw new Error(`${name} is int32: only float32 can be trained`);
  }
  if (optimizer) stepsOf(optimizer);
  if (loss && (trainable.length === 0 || !optimizer))
    throw new Error("a loss needs trainable parameters and an optimizer");
}
