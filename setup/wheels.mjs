// @ts-check
/**
 * The TensorFlow builds whose shared libraries the addon runs on. Its C interface does not depend on Python:
 * one cp311 wheel serves everywhere. Hashes are those that the Python package index publishes for exactly
 * these files.
 * @typedef {{ name: string, version: string, tag: string, sha256: string, megabytes: number, libraries:
 *   readonly string[] }} Wheel
 */

export const tensorflowVersion = "2.21.0";

const linuxLibraries = /** @type {const} */ (["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]);

/**
 * By "<platform>-<arch>-<runtime>".
 * @type {Readonly<Record<string, Wheel>>}
 */
export const wheels = {
  "linux-x64-cpu": {
    name: "tensorflow-cpu",
    version: tensorflowVersion,
    tag: "manylinux_2_27_x86_64",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    megabytes: 274,
    libraries: linuxLibraries,
  },
  "linux-x64-gpu": {
    name: "tensorflow",
    version: tensorflowVersion,
    tag: "manylinux_2_27_x86_64",
    sha256: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    megabytes: 573,
    libraries: linuxLibraries,
  },
  "linux-arm64-cpu": {
    name: "tensorflow",
    version: tensorflowVersion,
    tag: "manylinux_2_27_aarch64",
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
    megabytes: 277,
    libraries: linuxLibraries,
  },
  "darwin-arm64-cpu": {
    name: "tensorflow",
    version: tensorflowVersion,
    tag: "macosx_12_0_arm64",
    sha256: "51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88",
    megabytes: 233,
    libraries: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
  },
};

/** The headers that the addon includes, directly or not (155 KB of the wheel's 100 MB). */
export const headers = /** @type {const} */ ([
  "tensorflow/c/c_api.h",
  "tensorflow/c/c_api_macros.h",
  "tensorflow/c/eager/c_api.h",
  "tensorflow/c/tf_attrtype.h",
  "tensorflow/c/tf_buffer.h",
  "tensorflow/c/tf_datatype.h",
  "tensorflow/c/tf_status.h",
  "tensorflow/c/tf_tensor.h",
  "tensorflow/c/tf_tstring.h",
  "tensorflow/core/platform/ctstring.h",
  "tensorflow/core/platform/ctstring_internal.h",
  "tsl/platform/ctstring.h",
  "tsl/platform/ctstring_internal.h",
  "xla/tsl/c/tsl_status.h",
]);

/** Folders under nvidia/ of the packages in setup/cuda.txt that hold shared libraries (CUDA 12, cuDNN 9). */
export const cudaFolders = /** @type {const} */ ([
  "cublas",
  "cuda_cupti",
  "cuda_nvrtc",
  "cuda_runtime",
  "cudnn",
  "cufft",
  "curand",
  "cusolver",
  "cusparse",
  "nccl",
  "nvjitlink",
]);
