/** Tells of an input whose reading never ends, which the process that reads it cannot. */
import { Worker } from "node:worker_threads";

const SECONDS = 60;
const WATCH = `
const { workerData: { current, name, seconds } } = require("node:worker_threads");
let input = -1, since = Date.now();
setInterval(() => {
  const now = Atomics.load(current, 0);
  if (now !== input) [input, since] = [now, Date.now()];
  else if (Date.now() - since > 1000 * seconds) {
    require("node:fs").writeSync(2, \`\${name}: input \${input} did not end in \${seconds} s\\n\`);
    process.kill(process.pid, "SIGKILL");
  }
}, 1000);
`;

/** Ends the process, with a line that says so, if an input takes more than a minute. */
export function watch(name: string) {
  const current = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const worker = new Worker(WATCH, { eval: true, workerData: { current, name, seconds: SECONDS } });
  return { onInput: (input: number) => void Atomics.store(current, 0, input), end: () => worker.terminate() };
}
