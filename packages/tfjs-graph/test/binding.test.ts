import assert from "node:assert/strict";
import { test } from "node:test";
import { DataType, nativeBackend } from "../native";
import { onNative } from "./native";

test(
  "a tensor keeps its values when the array that it was made from changes, wherever the array begins",
  onNative,
  () => {
    const { binding } = nativeBackend();
    for (let start = 0; start < 16; start++) {
      // 16 x 4 bytes: each place in a line of 64
      const values = new Float32Array(new ArrayBuffer(256), start * 4, 16).fill(1);
      const id = binding.createTensor([16], DataType.float32, values);
      values.fill(2);
      assert.deepEqual(binding.tensorDataSync(id), new Float32Array(16).fill(1), `${start}`);
      binding.deleteTensor(id);
    }
  },
);
