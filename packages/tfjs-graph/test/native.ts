/** Options of tests that need native TensorFlow; on wasm they are skipped with the reason. */
import { isNative } from "../backend";

export const onNative = { skip: isNative() ? false : "needs native TensorFlow" };
