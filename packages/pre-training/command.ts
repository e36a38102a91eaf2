/** npm run pretrain: makes the built-in model again, or another like it, from raw text. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder, projectRoot } from "../../lib/support/files";
import { complain } from "../../lib/support/printable";
import type { Progress } from "../../lib/support/progress";
import { ABOVE_0, numberOf, whole } from "../../lib/support/settings";
import { STOPPED, StoppedError, stopOn } from "../../lib/support/stop";
import { prepareCorpus } from "./corpus-cache";
import { LONGEST, PRETRAIN_DEFAULTS, pretrain } from "./pretraining";
import { EVERYDAY_CHARACTERS } from "./vocabulary";

const USAGE = `npm run pretrain -- [options]     pre-trains a BERT of 4 layers x 256 by masked words

  --steps N       steps in all (20000); what was begun with other numbers goes on, unless its rate falls already
  --batch N       tokens of a batch, padding counted (${PRETRAIN_DEFAULTS.batchTokens})
  --rate X        the highest learning rate (${PRETRAIN_DEFAULTS.peakRate})
  --every N       steps between two checkpoints (${PRETRAIN_DEFAULTS.checkpointEvery})
  --text FOLDER   aozora/ and kyoto-wikipedia/ with their gzipped texts (../shared/data)
  --into FOLDER   where the model goes (data/model)

Checkpoints and the corpus as tokens are kept in the cache folder: after an interruption the same command goes on.
TF_NUM_INTRAOP_THREADS sets the number of threads. The defaults made data/model: minutes on a GPU, days on two cores; there
--steps 2100 --batch 2048 --rate 6e-4 --every 200 gives a model of use in half an hour.
`;

const CORPUS = { proseCharacters: 50e6, articleCharacters: 20e6, heldOutEvery: 30 }; // all there is
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
      steps: { type: "string", default: "20000" },
      batch: { type: "string", default: String(PRETRAIN_DEFAULTS.batchTokens) },
      rate: { type: "string", default: String(PRETRAIN_DEFAULTS.peakRate) },
      every: { type: "string", default: String(PRETRAIN_DEFAULTS.checkpointEvery) },
      text: {
        type: "string",
        default: process.env.KOMALAB_SHARED
          ? join(process.env.KOMALAB_SHARED, "data")
          : join(projectRoot, "../shared/data"),
      },
      into: { type: "string", default: join(projectRoot, "data/model") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const [steps, batchTokens, checkpointEvery] = (
    [
      ["steps", 10],
      ["batch", LONGEST],
      ["every", 10],
    ] as const
  ).map(([name, least]) => numberOf(name, values[name], whole(least))!);
  const peakRate = numberOf("rate", values.rate, ABOVE_0)!;
  const cache = join(cacheFolder(), "pretraining");
  const onProgress = reporter(10_000);
  const corpus = await prepareCorpus({
    from: resolve(values.text!),
    cache,
    corpus: CORPUS,
    vocabulary: VOCABULARY,
    onProgress,
  });
  const settings = { ...PRETRAIN_DEFAULTS, batchTokens, peakRate, checkpointEvery };
  const curve = await pretrain({
    settings,
    steps,
    corpus,
    folder: cache,
    saveTo: resolve(values.into!),
    onProgress,
    signal: stopOn().signal,
  });
  console.log(`${resolve(values.into!)}: ${JSON.stringify(curve.at(-1))}`);
}

if (require.main === module) {
  main().catch((error: Error) => {
    const stopped = error instanceof StoppedError;
    complain(stopped ? `${error.message}: the same command goes on` : error.message);
    process.exitCode = stopped ? STOPPED : 1;
  });
}
