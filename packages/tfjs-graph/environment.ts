/**
 * What TensorFlow reads from the environment while it is loaded; imported before it. The thread count changes
 * the last bits of every sum, so a run that is to be repeated sets TF_NUM_INTRAOP_THREADS.
 */
import { availableParallelism } from "node:os";
import { oneDnnAsked } from "../../lib/support/one-dnn";

process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // errors only
process.env.TF_NUM_INTRAOP_THREADS ??= String(availableParallelism());
const oneDnn = oneDnnAsked();
if (oneDnn !== undefined) process.env.TF_ENABLE_ONEDNN_OPTS = oneDnn;

/**
 * Threads within one op: TF_NUM_INTRAOP_THREADS, else the processors that this process may use. A setting of
 * every run.
 */
export const threadCount = Number(process.env.TF_NUM_INTRAOP_THREADS);
