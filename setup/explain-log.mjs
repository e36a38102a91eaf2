// @ts-check
/**
 * What the lines of a TensorFlow log mean: `npm run doctor -- --log FILE`. Pure: text in, explanations out.
 */

/**
 * @typedef {"good" | "harmless" | "no GPU" | "fault" | "unknown"} Verdict
 * @typedef {{ first: number, last: number, text: string, verdict: Verdict, meaning: string, remedy: string }}
 *   Explanation lines count from 1
 * @typedef {readonly [pattern: RegExp, verdict: Verdict, meaning: string, remedy?: string]} Rule $1 in a text
 *   is the pattern's first group
 */

const NOTHING = "Nothing to do.";
const TENSORRT =
  "TensorRT only speeds up finished models that were converted for it; training never uses it, and whether the GPU " +
  "is used does not depend on it.";
const BRING_CUDA =
  "`npm run setup -- --gpu` brings the CUDA 12 and cuDNN 9 libraries that fit this TensorFlow; no CUDA of the system " +
  "is needed. (For another TensorFlow: the version in the file's name.)";
const DRIVER =
  "Without an NVIDIA GPU: nothing to do. With one: install or repair its driver until `nvidia-smi` shows the GPU.";

/**
 * Libraries by the start of their names. First match counts.
 * @type {readonly (readonly [RegExp, Verdict, string, string])[]}
 */
const libraries = [
  [
    /^libnvinfer|^libnvonnxparser/,
    "harmless",
    `a library of TensorRT is missing: TensorRT is not used. ${TENSORRT}`,
    NOTHING,
  ],
  [
    /^libcuda\.so/,
    "no GPU",
    "the NVIDIA driver's library is missing: the GPU is not used, the CPU computes.",
    DRIVER,
  ],
  [
    /^libcudart/,
    "no GPU",
    "CUDA's runtime library is missing: the GPU is not used, the CPU computes.",
    BRING_CUDA,
  ],
  [/^libcudnn/, "no GPU", "cuDNN is missing: the GPU is not used, the CPU computes.", BRING_CUDA],
  [
    /^lib(cublas|cublasLt|cufft|curand|cusolver|cusparse|nvJitLink|cupti|nccl)\b/,
    "no GPU",
    "a library of CUDA is missing: the GPU is not used, the CPU computes.",
    BRING_CUDA,
  ],
];

/**
 * First match counts.
 * @type {readonly Rule[]}
 */
const rules = [
  [
    /Cannot dlopen some TensorRT libraries|Could not find TensorRT/,
    "harmless",
    `TensorRT was not found and is not used. ${TENSORRT}`,
  ],
  [
    /Cannot dlopen some GPU libraries|Skipping registering GPU devices/,
    "no GPU",
    "a CUDA library named above is missing: the GPU is not used, the CPU computes.",
    BRING_CUDA,
  ],
  [/Could not find cuda drivers/i, "no GPU", "no NVIDIA driver is loaded: the CPU computes.", DRIVER],
  [
    /failed call to cuInit: (?:CUDA_ERROR_NO_DEVICE|.*no CUDA-capable device)/,
    "no GPU",
    "the driver sees no GPU: the CPU computes.",
    "Look at CUDA_VISIBLE_DEVICES (empty or -1 hides every GPU) and at `nvidia-smi`.",
  ],
  [/failed call to cuInit/, "no GPU", "the NVIDIA driver did not start: the CPU computes.", DRIVER],
  [
    /kernel driver does not appear to be running/,
    "no GPU",
    "the NVIDIA driver is not loaded: the CPU computes.",
    DRIVER,
  ],
  [
    /kernel version (\S+) does not match DSO version (\S+)/,
    "no GPU",
    "the loaded driver ($1) and its library ($2) are of different versions, as after an update: the GPU is not used.",
    "Restart the machine.",
  ],
  [
    /Loaded runtime CuDNN library: (\S+) but source was compiled with: (\S+)/,
    "fault",
    "cuDNN $1 was found where $2 is needed: operations on the GPU fail.",
    "`npm run setup -- --gpu`, and take other cuDNN folders out of LD_LIBRARY_PATH.",
  ],
  [
    /Could not create cudnn handle/i,
    "fault",
    "cuDNN could not start, mostly because the GPU's memory is full.",
    "`nvidia-smi` shows who uses the GPU; a smaller batch, or TF_FORCE_GPU_ALLOW_GROWTH=true.",
  ],
  [
    /OOM when allocating|RESOURCE_?EXHAUSTED|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate|ran out of memory/i,
    "fault",
    "there was not enough memory.",
    "A smaller batch, shorter texts, or freeze mode `last` or `fixed`.",
  ],
  [
    /Allocation of (\d+) exceeds (\d+)% of free system memory/,
    "harmless",
    "one tensor takes $1 bytes, more than $2% of the free memory. It was still given.",
    "If memory runs out: a smaller batch or shorter texts.",
  ],
  [
    /oneDNN custom operations are on/,
    "harmless",
    "TensorFlow uses Intel's fast CPU routines; the last bits of a sum may differ from a run without them.",
  ],
  [
    /binary is optimized to use available CPU instructions|binary was not compiled to use|rebuild TensorFlow with/,
    "harmless",
    "TensorFlow says which instructions the processor has. Its matrix products use them already.",
  ],
  [/Successfully opened dynamic library (\S+)/, "good", "$1 was found."],
  [/Created (?:TensorFlow )?device .*GPU:0.*name: ([^,)]+)/, "good", "the GPU is used: $1."],
  [/Adding visible gpu devices: (\S+)|Found device \d+ with properties/, "good", "a GPU was found."],
  [
    /Unable to register cu\w+ factory|computation placer already registered/,
    "harmless",
    "two parts of TensorFlow register the same CUDA library; the second is left out.",
  ],
  [
    /NUMA node/,
    "harmless",
    "the system does not say which processor the GPU hangs on. Only machines with several processors would gain.",
  ],
  [/before absl::InitializeLog/, "harmless", "TensorFlow's log is not set up yet and goes to the terminal."],
  [
    /driver's CUDA version is (\S+) which is older than the (?:ptxas|PTX compiler) CUDA version/,
    "harmless",
    "the driver (CUDA $1) is older than CUDA's compiler: some operations are compiled more slowly.",
    "A newer NVIDIA driver makes this line go away.",
  ],
  [
    /XLA service|StreamExecutor device|Compiled cluster using XLA|MLIR|Disabling MLIR crash reproducer/,
    "harmless",
    "TensorFlow tells about its compiler.",
  ],
  [
    /TF_FORCE_GPU_ALLOW_GROWTH/,
    "harmless",
    "the GPU's memory is taken as it is needed, because a variable asks for it.",
  ],
];

/** The library that an entry says is missing. */
const missingLibrary =
  /(?:Could not load (?:dynamic )?library|cannot open shared object file|dlerror:).*?['":\s](lib[\w.+-]+?\.so[.\d]*)/i;

/**
 * Explains a log, entry by entry: an entry begins with TensorFlow's time stamp or after an empty line, and
 * may be wrapped over several lines.
 * @param {string} log
 * @returns {readonly Explanation[]} in the order of the log; what no rule knows is "unknown"
 */
export function explainLog(log) {
  return entries(log).map(({ first, last, text }) => {
    const flat = text.replace(/\s+/g, " ");
    const library = missingLibrary.exec(flat)?.[1];
    const known = library && libraries.find(([name]) => name.test(library));
    if (known)
      return { first, last, text, verdict: known[1], meaning: `${library}: ${known[2]}`, remedy: known[3] };
    for (const [pattern, verdict, meaning, remedy = NOTHING] of rules) {
      const match = pattern.exec(flat);
      if (match)
        return {
          first,
          last,
          text,
          verdict,
          meaning: meaning.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? ""),
          remedy,
        };
    }
    const meaning = library
      ? `${library} is missing. komalab does not know this library.`
      : "komalab does not know this line.";
    return {
      first,
      last,
      text,
      verdict: "unknown",
      meaning,
      remedy: "Search for its words, without the time and the file name.",
    };
  });
}

/**
 * @param {string} log
 * @returns {readonly { first: number, last: number, text: string }[]}
 */
function entries(log) {
  const stamp = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d|[IWEF]\d{4} )/;
  /** @type {{ first: number, last: number, text: string }[]} */
  const found = [];
  let open = false; // a stamped entry takes the lines that follow it
  log.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") {
      open = false;
    } else if (open && !stamp.test(line)) {
      const entry = found[found.length - 1];
      found[found.length - 1] = { first: entry.first, last: index + 1, text: `${entry.text}\n${line}` };
    } else {
      open = stamp.test(line);
      found.push({ first: index + 1, last: index + 1, text: line });
    }
  });
  return found;
}

/**
 * The answer in one sentence: was the GPU used?
 * @param {readonly Explanation[]} explanations @returns {string}
 */
export function summarise(explanations) {
  const without = explanations.find(({ verdict }) => verdict === "no GPU");
  const fault = explanations.find(({ verdict }) => verdict === "fault");
  const tensorrt = explanations.some(({ meaning }) => meaning.includes("TensorRT"));
  const used = explanations.find(({ meaning }) => meaning.startsWith("the GPU is used"));
  const gpu = without
    ? `The GPU was not used: line ${without.first}, ${without.meaning}`
    : used
      ? `The GPU was used (line ${used.first}).`
      : "Nothing in this log says that the GPU was not used.";
  const cause = tensorrt
    ? " The missing TensorRT libraries are not the cause of anything: they may stay missing."
    : "";
  return `${gpu}${cause}${fault ? ` Line ${fault.first} is an error: ${fault.meaning}` : ""}`;
}

/** What moves a terminal's cursor or hides text, as in lib/support/printable.ts. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The explained log as text for a terminal.
 * @param {string} log @returns {string}
 */
export function explainedLog(log) {
  const explanations = explainLog(log);
  const parts = explanations.map(({ first, last, text, verdict, meaning, remedy }) => {
    const where = first === last ? `line ${first}` : `lines ${first}-${last}`;
    const quoted = text
      .split("\n")
      .map((line) => `  | ${line.trim().replace(CONTROL, "\ufffd")}`)
      .join("\n");
    return `${where}: ${verdict}\n${quoted}\n  ${meaning}\n  ${remedy}`;
  });
  return [...parts, explanations.length ? summarise(explanations) : "The file holds no lines."].join("\n\n");
}
