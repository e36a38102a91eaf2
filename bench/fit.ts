/**
 * A whole run of lib/train on a random BERT and the sentences of reviews.ts: seconds, compiling and caching
 * included.
 */
import { readFileSync } from "node:fs";
import { Random } from "../lib/support/random";
import { planBatches } from "../lib/train/batches";
import { train } from "../lib/train/fit";
import { freezeMode } from "../lib/train/freeze";
import { BERT_BASE, randomModel, type StepOptions } from "./model";
import type { Labelled, Reviews } from "./reviews";
import { serve } from "./side";

interface FitOptions extends Partial<StepOptions> {
  readonly data: string;
  readonly epochs: number;
}

const examples = ({ ids, labels }: Labelled) => ({
  texts: ids.map((one) => ({ ids: one, segmentIds: one.map(() => 0) })),
  labels,
});

/** Tokens of an epoch, and those that its batches compute, padding included. */
function tokensOf({ ids }: Labelled, batchSize: number): readonly [real: number, computed: number] {
  const lengths = ids.map(({ length }) => length),
    batches = planBatches({ lengths, batchSize }, new Random(1));
  return [
    lengths.reduce((sum, length) => sum + length, 0),
    batches.reduce((sum, { tokens }) => sum + batchSize * tokens, 0),
  ];
}

void serve(({ data, epochs, ...given }: FitOptions) => {
  const options = { ...BERT_BASE, ...given };
  const model = randomModel(options);
  const reviews = JSON.parse(readFileSync(data, "utf8")) as Reviews;
  const freeze = freezeMode(options.freeze, model, { newPooler: false });
  const parts = { train: examples(reviews.train), validation: examples(reviews.validation) };
  const [real, computed] = tokensOf(reviews.train, options.batch);
  const measure = async () => {
    const start = performance.now();
    await train({
      model,
      freeze,
      data: parts,
      settings: { epochs, batchSize: options.batch },
      cache: "memory",
    });
    return (performance.now() - start) / 1000;
  };
  return {
    measure,
    note: `${parts.train.labels.length} sentences, ${parts.validation.labels.length} for validation; an epoch computes ${computed} tokens for ${real}`,
  };
});
