import assert from "node:assert/strict";
import test from "node:test";
import { explainedLog, explainLog, summarise } from "../../setup/explain-log.mjs";

const seed = `2020-05-20 00:56:45.899608: W tensorflow/stream_executor/platform/default/dso_loader.cc:55]
Could not load dynamic library 'libnvinfer.so.6';
dlerror: libnvinfer.so.6: cannot open shared object file:
No such file or directory

2020-05-20 00:56:45.899732: W tensorflow/stream_executor/platform/default/dso_loader.cc:55]
Could not load dynamic library 'libnvinfer_plugin.so.6';
dlerror: libnvinfer_plugin.so.6: cannot open shared object file:
No such file or directory

2020-05-20 00:56:45.899740: W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:30]
Cannot dlopen some TensorRT libraries.
If you would like to use Nvidia GPU with TensorRT,
please make sure the missing libraries mentioned above are installed properly.
`;

const missing = (library: string) =>
  "2020-05-20 00:56:45.899608: W tensorflow/stream_executor/platform/default/dso_loader.cc:55] " +
  `Could not load dynamic library '${library}'; dlerror: ${library}: cannot open shared object file`;

test("the missing libraries of TensorRT are harmless, wrapped over lines or not", () => {
  const explained = explainLog(seed);
  assert.deepEqual(
    explained.map(({ first, last, verdict }: { first: number; last: number; verdict: string }) => [
      first,
      last,
      verdict,
    ]),
    [
      [1, 4, "harmless"],
      [6, 9, "harmless"],
      [11, 14, "harmless"],
    ],
  );
  assert.match(explained[0].meaning, /^libnvinfer\.so\.6: .*TensorRT is not used/);
  assert.match(explained[1].meaning, /^libnvinfer_plugin\.so\.6: .*TensorRT is not used/);
  assert.match(explained[2].meaning, /TensorRT was not found/);
});

test("TensorRT is said not to be the cause", () => {
  assert.equal(
    summarise(explainLog(seed)),
    "Nothing in this log says that the GPU was not used. " +
      "The missing TensorRT libraries are not the cause of anything: they may stay missing.",
  );
});

for (const library of [
  "libcudart.so.10.1",
  "libcublas.so.12",
  "libcudnn.so.9",
  "libcusolver.so.11",
  "libcuda.so.1",
]) {
  test(`a missing ${library} means that the GPU is not used`, () => {
    const [{ verdict, meaning, remedy }] = explainLog(missing(library));
    assert.equal(verdict, "no GPU");
    assert.match(meaning, /the GPU is not used/);
    assert.match(remedy, library.startsWith("libcuda.") ? /driver/ : /npm run setup -- --gpu/);
    assert.match(
      summarise(explainLog(`${seed}${missing(library)}`)),
      new RegExp(`^The GPU was not used: line 15, ${library.replaceAll(".", "\\.")}`),
    );
  });
}

test("a line that no rule knows is said to be unknown", () => {
  assert.equal(
    explainLog("2020-05-20 00:56:45.9: I tensorflow/core/x.cc:1] Something new")[0].verdict,
    "unknown",
  );
  assert.match(
    explainLog(missing("libfoo.so.1"))[0].meaning,
    /libfoo\.so\.1 is missing. komalab does not know/,
  );
});

const lines: readonly [string, string][] = [
  [
    "I0000 00:00:1 1 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results",
    "harmless",
  ],
  [
    "W tensorflow/gpu_device.cc:2251] Cannot dlopen some GPU libraries. Skipping registering GPU devices...",
    "no GPU",
  ],
  ["I tensorflow/dso_loader.cc:44] Successfully opened dynamic library libcudart.so.10.1", "good"],
  [
    "W tensorflow/core/framework/cpu_allocator_impl.cc:81] Allocation of 93763584 exceeds 10% of free system memory.",
    "harmless",
  ],
  [
    "W tensorflow/op_kernel.cc:1] RESOURCE_EXHAUSTED: OOM when allocating tensor with shape[16,12,512,512]",
    "fault",
  ],
  [
    "E tensorflow/cuda_driver.cc:314] failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected",
    "no GPU",
  ],
];
for (const [line, verdict] of lines) {
  test(`"${line.slice(0, 60)}..." is ${verdict}`, () => assert.equal(explainLog(line)[0].verdict, verdict));
}

test("a log's control characters do not reach the terminal", () =>
  assert.match(explainedLog("E x.cc:1] \u001b[2Jgone\u202e"), /\| E x\.cc:1\] \ufffd\[2Jgone\ufffd\n/));
