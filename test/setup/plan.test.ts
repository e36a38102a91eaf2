import assert from "node:assert/strict";
import test from "node:test";
import { gpuVariables, plan } from "../../setup/plan.mjs";
import { wheels } from "../../setup/wheels.mjs";

const debian = {
  platform: "linux",
  arch: "x64",
  glibc: "2.36",
  compiler: "/usr/bin/g++",
  gpu: false,
  driverFolders: [],
};

test("a Linux PC without a GPU takes the small CPU wheel", () => {
  assert.deepEqual(plan(debian, "auto"), {
    backend: "native",
    runtime: "cpu",
    wheel: wheels["linux-x64-cpu"],
    cuda: false,
    notes: [],
  });
});

test("a Linux PC with an NVIDIA driver takes the CUDA wheel and the CUDA libraries", () => {
  assert.deepEqual(plan({ ...debian, gpu: true }, "auto"), {
    backend: "native",
    runtime: "gpu",
    wheel: wheels["linux-x64-gpu"],
    cuda: true,
    notes: [],
  });
});

test("--cpu on a machine with a GPU stays on the CPU", () => {
  assert.equal(plan({ ...debian, gpu: true }, "cpu").wheel, wheels["linux-x64-cpu"]);
});

test("--gpu without a driver is obeyed, and said to be of no use yet", () => {
  const chosen = plan(debian, "gpu");
  assert.equal(chosen.runtime, "gpu");
  assert.match(chosen.notes[0], /no NVIDIA driver/);
});

test("--gpu where there is no CUDA wheel computes on the CPU and says so", () => {
  const chosen = plan({ ...debian, arch: "arm64" }, "gpu");
  assert.equal(chosen.runtime, "cpu");
  assert.equal(chosen.wheel, wheels["linux-arm64-cpu"]);
  assert.match(chosen.notes[0], /no CUDA wheel for linux on arm64/);
});

test("a Mac with Apple silicon takes its wheel", () => {
  assert.equal(
    plan({ ...debian, platform: "darwin", arch: "arm64", glibc: null }, "auto").wheel,
    wheels["darwin-arm64-cpu"],
  );
});

const withoutNative: readonly [string, object, RegExp][] = [
  ["no compiler", { compiler: null }, /no C\+\+ compiler/],
  ["musl", { glibc: null }, /musl/],
  ["an old glibc", { glibc: "2.17" }, /here is glibc 2\.17/],
  ["a platform without a wheel", { platform: "win32" }, /no TensorFlow wheel for win32 on x64/],
  ["an Intel Mac", { platform: "darwin" }, /no TensorFlow wheel for darwin on x64/],
];
for (const [name, facts, reason] of withoutNative) {
  test(`${name}: wasm, with a reason and a remedy`, () => {
    const chosen = plan({ ...debian, ...facts }, "auto");
    assert.equal(chosen.backend, "wasm");
    assert.match(chosen.reason, reason);
    assert.ok(chosen.remedy.length > 10);
  });
}

test("the library path of a GPU plan: every CUDA folder, then the driver's", () => {
  const machine = { ...debian, gpu: true, driverFolders: ["/usr/lib/wsl/lib"] };
  const { LD_LIBRARY_PATH, PATH, XLA_FLAGS } = gpuVariables(plan(machine, "auto"), machine, "/cache/tf");
  const names =
    "cublas cuda_cupti cuda_nvrtc cuda_runtime cudnn cufft curand cusolver cusparse nccl nvjitlink".split(
      " ",
    );
  assert.deepEqual(LD_LIBRARY_PATH.split(":"), [
    ...names.map((name) => `/cache/tf/nvidia/${name}/lib`),
    "/usr/lib/wsl/lib",
  ]);
  assert.equal(PATH, "/cache/tf/nvidia/cuda_nvcc/bin");
  assert.equal(XLA_FLAGS, "--xla_gpu_cuda_data_dir=/cache/tf/nvidia/cuda_nvcc");
});

test("processes that share a GPU take its memory as they need it", () => {
  const machine = { ...debian, gpu: true };
  assert.equal(gpuVariables(plan(machine, "auto"), machine, "/cache/tf").TF_FORCE_GPU_ALLOW_GROWTH, "true");
});

test("a CPU plan sets no variables", () => {
  assert.deepEqual(gpuVariables(plan(debian, "auto"), debian, "/cache/tf"), {});
});

test("every wheel is pinned by a whole SHA-256", () => {
  for (const wheel of Object.values<{ sha256: string }>(wheels)) assert.match(wheel.sha256, /^[0-9a-f]{64}$/);
});
