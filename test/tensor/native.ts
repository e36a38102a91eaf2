/** Options of tests that need native TensorFlow; on wasm they are skipped with the reason. */
import { isNative } from "../../lib/tensor/backend";

export const onNative = { skip: isNative() ? false : "needs native TensorFlow" };
