/**
 * A whole run of lib/train on a random BERT and the sentences of reviews.ts: seconds, compiling and caching
 * included.
 */
import { readFileSync } from "node:fs";
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

void serve(({ data, epochs, ...given }: FitOptions) => {
  const options = { ...BERT_BASE, ...given };
  const model = randomModel(options);
  const reviews = JSON.parse(readFileSync(data, "utf8")) as Reviews;
  const freeze = freezeMode(options.freeze, model, { newPooler: false });
  const parts = { train: examples(reviews.train), validation: examples(reviews.validation) };
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
    note: `${parts.train.labels.length} sentences, ${parts.validation.labels.length} for validation`,
  };
});
