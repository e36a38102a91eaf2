/** Which run of a notebook is put into a page: one with stored weights, else a short one that is trained. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { storedTrial } from "../../lib/experiment/classification";
import { loadDataset } from "../../lib/experiment/dataset";
import { isEncoder } from "../../lib/experiment/doc2vec";
import type { Trial, TrialRun } from "../../lib/experiment/spec";
import { nameOf, runTrials } from "../../lib/experiment/trials";
import { ready } from "../tfjs-graph";

/** Of a run that trains inside the encoder: more steps take too long beside a report. */
const MOST_STEPS = 500;

const stepsOf = ({ split, settings: { epochs, batchSize } }: Trial) =>
  epochs * Math.ceil(split.train.length / batchSize);

/** The validation accuracy of the epoch that a run has kept. */
export const validationOf = ({ result: { history, bestEpoch } }: TrialRun): number =>
  history.find(({ epoch }) => epoch === bestEpoch)?.validationAccuracy ?? 0;

const keepsWeights = ({ folder, result, changes }: TrialRun) =>
  result.diverged === undefined && changes.length === 0 && existsSync(join(folder, "trained.safetensors"));

/** Of the trials that take a moment one of the last layer, else one of the head; the first seed. */
function shortOne(trials: readonly Trial[]): Trial | undefined {
  const first = trials.filter(({ settings }) => settings.initSeed === 1),
    ofLast = first.filter(({ settings }) => settings.freeze.startsWith("last")),
    short = ofLast.filter((trial) => stepsOf(trial) <= MOST_STEPS);
  return (
    short.sort((a, b) => stepsOf(a) - stepsOf(b))[0] ??
    first.find(({ settings }) => settings.freeze === "fixed")
  );
}

interface ChooseOptions {
  /** Of the notebook, for messages. */
  readonly name: string;
  readonly signal?: AbortSignal;
  /** Words such as "training …". */
  readonly onProgress: (words: string) => void;
}

/**
 * Of the stored runs that have their weights the one with the best validation accuracy, the first of equals:
 * test lines choose nothing. Where none is stored, one is trained and stored: the last layer where that takes
 * at most 500 steps, else the head alone.
 * @param trials of the notebook, their data sets stored
 * @throws with the notebook and the remedy if it trains no encoder on single lines, or has neither
 */
export async function chooseRun(
  trials: readonly Trial[],
  { name, signal, onProgress }: ChooseOptions,
): Promise<TrialRun> {
  await ready(); // the backend is part of a run's name
  const ofEncoder = trials.filter(({ model, settings }) => isEncoder(model.folder) && settings.pretrained);
  if (ofEncoder.length === 0)
    throw new Error(
      `${name} fine-tunes no encoder before its other trainings: name another notebook, as with --only 02`,
    );
  const inContext = new Map<string, boolean>();
  for (const { dataset } of ofEncoder)
    if (!inContext.has(dataset.sha256))
      inContext.set(
        dataset.sha256,
        loadDataset(dataset).some(({ context }) => context?.length),
      );
  const alone = ofEncoder.filter(({ dataset }) => !inContext.get(dataset.sha256));
  if (alone.length === 0)
    throw new Error(
      `${name} reads lines after others, and a page has one line: name another notebook, as with --only 01`,
    );
  const stored = alone.flatMap((trial) => storedTrial(trial) ?? []),
    kept = stored.filter(keepsWeights);
  if (kept.length > 0)
    return kept.reduce((best, run) => (validationOf(run) > validationOf(best) ? run : best));

  const trial = shortOne(alone.filter((one) => !stored.some((run) => run.trial === one)));
  if (trial === undefined)
    throw new Error(
      `${name} keeps no trained weights${stored.length > 0 ? ` with its ${stored.length} stored runs of today's versions` : ""}, ` +
        "and has no short run to train (the head, or the last layer in at most 500 steps): " +
        `npm run report -- --full --fresh --only ${name.split("-")[0]} trains it again, with weights unless its cells say keepWeights: false`,
    );
  const told = `no weights are stored: training ${nameOf(trial)}`;
  onProgress(told);
  const [run] = await runTrials([{ ...trial, keepWeights: true }], {
    signal,
    onJobs: ([{ share }]) => onProgress(`${told}, ${Math.round(100 * share)} %`),
  });
  return run;
}
