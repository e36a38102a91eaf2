/** A model read from a folder beside the run that it was exported from. */
import assert from "node:assert/strict";
import type { TrialRun } from "../../lib/experiment/spec";
import { classifier } from "../../lib/models/heads";
import { fill, type PretrainedModel } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { predict } from "../../lib/train/predict";
import { openTokenizer } from "../../packages/tokenizer";
import { EXAMPLES } from "./tiny-trials";

/** Every weight is there, and predictions are the run's. */
export async function checkModel(run: TrialRun, pretrained: PretrainedModel): Promise<void> {
  const { model, missing, leftOver } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 2 }, new Random(9)),
    pretrained,
  );
  assert.deepEqual([missing, leftOver], [[], []]);
  const tokenizer = await openTokenizer(pretrained.folder);
  const predictions = await predict(
    model,
    run.result.items.map((id) => tokenizer.encode(EXAMPLES[Number(id.slice(1))].text)),
    { cache: "memory" },
  );
  // runs store probabilities to four places, and weights as half floats
  predictions.forEach(({ probabilities }, i) =>
    assert.ok(Math.abs(probabilities[1] - run.result.probabilities![i][1]) < 2e-3),
  );
}
