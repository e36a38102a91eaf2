// @ts-check
/**
 * Which TensorFlow a machine gets: a pure function of facts, so that every case can be tested on any machine.
 * @typedef {import("./wheels.mjs").Wheel} Wheel
 * @typedef {"auto" | "cpu" | "gpu" | "wasm"} Wish what the user asked for
 * @typedef {object} Machine
 * @property {string} platform as process.platform
 * @property {string} arch as process.arch
 * @property {string | null} glibc version of the C library; null if it is another one (musl) or the system is
 *   not Linux
 * @property {string | null} compiler path of a C++ compiler
 * @property {boolean} gpu an NVIDIA driver is loaded
 * @property {readonly string[]} driverFolders folders outside the loader's cache that hold the driver's
 *   libcuda (WSL, some containers)
 * @typedef {{ backend: "native", runtime: "cpu" | "gpu", wheel: Wheel, cuda: boolean, notes: readonly
 *   string[] }} NativePlan
 * @typedef {{ backend: "wasm", reason: string, remedy: string }} WasmPlan
 */
import { cudaFolders, wheels } from "./wheels.mjs";

const OLDEST_GLIBC = 27; // minor version: manylinux_2_27

/**
 * @param {Machine} machine @param {Wish} wish
 * @returns {NativePlan | WasmPlan}
 */
export function plan(machine, wish) {
  if (wish === "wasm")
    return wasm(
      "it was asked for (--wasm or KOMALAB_BACKEND)",
      "npm run setup -- --cpu goes back to native TensorFlow",
    );
  const { platform, arch } = machine;
  const cpuWheel = wheels[`${platform}-${arch}-cpu`];
  const gpuWheel = wheels[`${platform}-${arch}-gpu`];
  if (!cpuWheel)
    return wasm(
      `there is no TensorFlow wheel for ${platform} on ${arch}`,
      "use Linux (x64, arm64) or a Mac with Apple silicon; on Windows: WSL",
    );
  if (platform === "linux" && !isRecent(machine.glibc)) {
    const found = machine.glibc ? `glibc ${machine.glibc}` : "another C library (musl?)";
    return wasm(
      `TensorFlow's wheel needs glibc 2.${OLDEST_GLIBC} or newer; here is ${found}`,
      "use a current Debian, Ubuntu or Fedora (Alpine does not serve)",
    );
  }
  if (!machine.compiler)
    return wasm(
      "no C++ compiler was found (g++, clang++, c++), so TensorFlow's addon cannot be built",
      compilerRemedy(platform),
    );
  const wantsGpu = wish === "gpu" || (wish === "auto" && machine.gpu);
  if (!wantsGpu) return { backend: "native", runtime: "cpu", wheel: cpuWheel, cuda: false, notes: [] };
  if (!gpuWheel) {
    return {
      backend: "native",
      runtime: "cpu",
      wheel: cpuWheel,
      cuda: false,
      notes: [`TensorFlow has no CUDA wheel for ${platform} on ${arch}: the CPU computes`],
    };
  }
  const notes = machine.gpu
    ? []
    : [
        "no NVIDIA driver is loaded: the CUDA build is made as asked for, and computes on the CPU until there is one",
      ];
  return { backend: "native", runtime: "gpu", wheel: gpuWheel, cuda: true, notes };
}

/**
 * What the environment of a process needs so that TensorFlow finds its CUDA libraries.
 * @param {NativePlan | WasmPlan} chosen
 * @param {Machine} machine
 * @param {string} cudaRoot folder into which setup/cuda.txt was installed
 * @returns {Readonly<Record<string, string>>} PATH and LD_LIBRARY_PATH hold only what is to be put in front
 *   of the present value
 */
export function gpuVariables(chosen, machine, cudaRoot) {
  if (chosen.backend !== "native" || !chosen.cuda) return {};
  const folders = cudaFolders.map((name) => `${cudaRoot}/nvidia/${name}/lib`);
  return {
    LD_LIBRARY_PATH: [...folders, ...machine.driverFolders].join(":"),
    PATH: `${cudaRoot}/nvidia/cuda_nvcc/bin`, // ptxas
    TF_FORCE_GPU_ALLOW_GROWTH: "true", // else the first of several processes takes all of the GPU's memory
    XLA_FLAGS: `--xla_gpu_cuda_data_dir=${cudaRoot}/nvidia/cuda_nvcc`, // libdevice
  };
}

/** @param {string} reason @param {string} remedy @returns {WasmPlan} */
function wasm(reason, remedy) {
  return { backend: "wasm", reason, remedy };
}

/** @param {string | null} glibc */
function isRecent(glibc) {
  const [major, minor] = (glibc ?? "0.0").split(".").map(Number);
  return major > 2 || (major === 2 && minor >= OLDEST_GLIBC);
}

/** @param {string} platform */
function compilerRemedy(platform) {
  return platform === "darwin"
    ? "xcode-select --install, then npm run setup"
    : "apt-get install g++ (or your system's package of that name), then npm run setup";
}
