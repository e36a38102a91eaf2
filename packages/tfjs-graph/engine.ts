/**
 * A network with its weights and optimiser inside TensorFlow: feed a batch, get a loss. On native TensorFlow
 * steps are traced, one graph for every shape of input and one session for all of them, on the same
 * variables; elsewhere they run op by op.
 */
import { isNative } from "./backend";
import { EagerEngine } from "./eager";
import type { Engine, EngineSettings } from "./engine-types";
import { stepsOf } from "./optimizer";
import { TraceRefusal } from "./shapes";
import { TracedEngine } from "./traced";

/**
 * Opens an engine; on wasm, await backend.ready() first.
 * @throws if a trainable parameter is unknown or not float32, or does not matter to the loss; if a shape does
 *   not fit the network; if the optimiser is a chain that is not carried out
 */
export function openEngine(settings: EngineSettings): Engine {
  check(settings);
  if (settings.mode === "eager") return new EagerEngine(settings, "eager steps were asked for");
  if (!isNative()) return new EagerEngine(settings, "graphs need native TensorFlow");
  try {
    return new TracedEngine(settings);
  } catch (error) {
    if (error instanceof TraceRefusal) return new EagerEngine(settings, error.message);
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
