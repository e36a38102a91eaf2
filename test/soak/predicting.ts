/** Predicts lines in a process of its own: the peak above what it was with model and lines, in MB. */
import { classifier } from "../../lib/models/heads";
import { fill, loadPretrained } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { freezeMode } from "../../lib/train/freeze";
import { predict } from "../../lib/train/predict";
import { ready } from "../../packages/tfjs-graph";
import { randomOf } from "../fuzz/mutate";

const [, , folder, lines, mode] = process.argv,
  random = randomOf(1);
const texts = Array.from({ length: Number(lines) }, () => {
  const ids = Array.from({ length: 12 + Math.floor(12 * random()) }, () => 5 + Math.floor(1000 * random()));
  return { ids, segmentIds: ids.map(() => 0) };
});

async function main(): Promise<void> {
  await ready();
  const pretrained = loadPretrained(folder);
  const { model } = fill(
    classifier(pretrained.encoder, { head: "linear", classes: 2 }, new Random(1)),
    pretrained,
  );
  const freeze = mode === "all" ? () => true : freezeMode("last", model, { newPooler: false });
  const peak = () => (1024 * process.resourceUsage().maxRSS) / 1e6,
    before = peak(),
    began = performance.now();
  const answers = await predict(model, texts, { freeze, cache: "memory", batchSize: 16 });
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(JSON.stringify({ lines: answers.length, megabytes: peak() - before, seconds }));
}

void main();
