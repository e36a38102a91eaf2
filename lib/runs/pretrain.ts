/** npm run pretrain: makes the built-in model again, or another like it, from raw text. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder, projectRoot } from "../files";
import type { Progress } from "../progress";
import { STOPPED, StoppedError, stopOn } from "../stop";
import { EVERYDAY_CHARACTERS } from "../text/vocabulary";
import { prepareCorpus } from "./corpus-cache";
import { pretrain, PRETRAIN_DEFAULTS } from "./pretraining";

const USAGE = `npm run pretrain -- [options]     pre-trains a BERT of 4 layers x 256 by masked words

  --steps N       steps in all (3000); what was begun with other numbers goes on, unless its rate falls already
  --text FOLDER   aozora/ and kyoto-wikipedia/ with their gzipped texts (../shared/data)
  --into FOLDER   where the model goes (data/model)

Checkpoints and the corpus as tokens are kept in the cache folder: after an interruption the same command goes on.
TF_NUM_INTRAOP_THREADS sets the number of threads.
`;

const CORPUS = { proseCharacters: 10e6, articleCharacters: 4e6, heldOutEvery: 50 };
const VOCABULARY = { size: 9000, alphabet: 4800, always: EVERYDAY_CHARACTERS };

/** A line every few seconds, and always for the last of a task. */
function reporter(pause: number): (progress: Progress) => void {
  let last = 0;
  return ({ task, done, total, values = {} }) => {
    if (Date.now() - last < pause && done < total && task !== "held out") return;
    last = Date.now();
    const numbers = Object.entries(values).map(([name, value]) => `, ${name} ${value.toFixed(3)}`);
    console.log(`${new Date().toISOString().slice(11, 19)}  ${task}: ${done} of ${total}${numbers.join("")}`);
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      steps: { type: "string", default: "3000" },
      text: { type: "string", default: process.env.KOMALAB_SHARED ? join(process.env.KOMALAB_SHARED, "data") : join(projectRoot, "../shared/data") },
      into: { type: "string", default: join(projectRoot, "data/model") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const steps = Number(values.steps);
  if (!Number.isInteger(steps) || steps < 10) throw new Error(`--steps ${values.steps} is not a whole number of at least 10`);
  const cache = join(cacheFolder(), "pretraining");
  const onProgress = reporter(10_000);
  const corpus = await prepareCorpus({ from: resolve(values.text!), cache, corpus: CORPUS, vocabulary: VOCABULARY, onProgress });
  const curve = await pretrain({ settings: PRETRAIN_DEFAULTS, steps, corpus, folder: cache, saveTo: resolve(values.into!), onProgress, signal: stopOn().signal });
  console.log(`${resolve(values.into!)}: ${JSON.stringify(curve.at(-1))}`);
}

if (require.main === module) {
  main().catch((error: Error) => {
    const stopped = error instanceof StoppedError;
    console.error(stopped ? `${error.message}: the same command goes on` : error.message);
    process.exitCode = stopped ? STOPPED : 1;
  });
}
