/** A ModernBERT with a unigram tokenizer comes from a hub by its name, and is trained as it lies in a folder. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { runTrial } from "../../lib/experiment/classification";
import { storeDataset } from "../../lib/experiment/dataset";
import { chooseModel, planTrials } from "../../lib/experiment/trials";
import { readEncoder } from "../../lib/models/encoders";
import { savePretrained } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { threadCount } from "../../packages/tfjs-graph";
import reference from "../../packages/unigram/test/unigram.json";
import { EXAMPLES, indices, runsFolder } from "./tiny-trials";

const folder = runsFolder(),
  source = join(folder, "source");
const CONFIG = {
  model_type: "modernbert",
  vocab_size: 810,
  hidden_size: 16,
  num_hidden_layers: 3,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 64,
  classifier_pooling: "mean",
};
const NAMES = { cls_token: "<cls>", sep_token: "<sep>", pad_token: "<pad>", mask_token: "<mask>" };

mkdirSync(source);
for (const [name, content] of Object.entries({
  "config.json": CONFIG,
  "tokenizer.json": reference.tokenizers.nfkc.file,
  "tokenizer_config.json": { tokenizer_class: "PreTrainedTokenizerFast", ...NAMES },
}))
  writeFileSync(join(source, name), JSON.stringify(content));
const { encoder } = readEncoder(join(source, "config.json"));
savePretrained(source, { encoder, weights: encoder.network(new Random(3)).weights, tokenizerFrom: source });

const hub = createServer((request, response): unknown => {
  const [, owner, name, , , file] = request.url!.split("/");
  if (`${owner}/${name}` !== "someone/modernbert-ja" || !readdirSync(source).includes(file))
    return response.writeHead(404).end("Entry not found");
  const body = readFileSync(join(source, file)),
    hash = createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");
  response.writeHead(200, { etag: `"${hash}"`, "content-length": body.length });
  return response.end(request.method === "HEAD" ? undefined : body);
});
after(() => hub.close());

async function predictedWith(model: string): Promise<readonly (readonly number[])[]> {
  const [trial] = planTrials({
    experiment: "hub",
    systems: [{ system: "all", settings: { freeze: "all" } }],
    splits: [{ name: "test", train: indices(0, 24), validation: indices(24, 32), test: indices(32, 40) }],
    seeds: 1,
    classes: ["悪い", "良い"],
    dataset: storeDataset(EXAMPLES),
    model: await chooseModel(model),
    settings: { epochs: 2, batchSize: 8, maxLength: 40, threads: threadCount },
  });
  return (await runTrial({ ...trial, force: true })).result.probabilities!;
}

test("a ModernBERT of the hub gives what its folder gives, and without a network afterwards", async () => {
  await new Promise<void>((done) => hub.listen(0, "127.0.0.1", done));
  process.env.HF_ENDPOINT = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const there = await predictedWith(source);
  assert.deepEqual(await predictedWith("someone/modernbert-ja"), there);
  hub.close();
  hub.closeAllConnections();
  assert.deepEqual(await predictedWith("someone/modernbert-ja"), there);
});
