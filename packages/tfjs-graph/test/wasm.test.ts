/** The wasm backend, in a process of its own: what a machine without a compiler trains with. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { onNative } from "./native";

interface Steps {
  readonly backend: string;
  readonly mode: string;
  readonly reason: string;
  readonly losses: readonly number[];
  readonly tensors: readonly number[];
  readonly left: number;
}

function stepsOn(backend: "wasm" | "native"): Steps {
  const command = ["--import", "tsx", join(__dirname, "wasm-steps.ts")];
  const output = execFileSync(process.execPath, command, {
    env: { ...process.env, KOMALAB_BACKEND: backend },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output.toString()) as Steps;
}

const wasm = stepsOn("wasm");

test("on wasm steps run eagerly, and the engine says why", () => {
  assert.deepEqual(
    [wasm.backend, wasm.mode, wasm.reason],
    ["wasm", "eager", "graphs need native TensorFlow"],
  );
});
test("the number of tensors stays, and none is left", () => {
  assert.equal(new Set(wasm.tensors).size, 1);
  assert.equal(wasm.left, 0);
});
test("wasm gives native TensorFlow's losses, dropout included", onNative, () => {
  stepsOn("native").losses.forEach((loss, i) =>
    assert.ok(Math.abs(wasm.losses[i] / loss - 1) < 1e-5, `${wasm.losses[i]}, native ${loss}`),
  );
});
