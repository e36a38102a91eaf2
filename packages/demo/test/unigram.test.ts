/** A demo of a ModernBERT with a unigram model: its pieces in the page, cut, and its logits there. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runTrial } from "../../../lib/experiment/classification";
import { chooseModel } from "../../../lib/experiment/trials";
import { readEncoder } from "../../../lib/models/encoders";
import { savePretrained } from "../../../lib/models/pretrained";
import { Random } from "../../../lib/support/random";
import { openBrowser } from "../../../test/browser";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { trainedModel } from "../../export";
import { byTensorFlow, furthest } from "../../onnx/test/small";
import { threadCount } from "../../tfjs-graph";
import { openTokenizer } from "../../tokenizer";
import reference from "../../unigram/test/unigram.json";
import { demoOf } from "..";

const folder = runsFolder(),
  model = join(folder, "modernbert");
const NEAR = 0.02;

/** With random weights, and the pieces of a reference of packages/unigram. */
function writeModel(): void {
  mkdirSync(model);
  const { file } = reference.tokenizers.nfkc;
  const ids = [...file.model.vocab.keys(), ...file.added_tokens.map(({ id }) => id)];
  const files = {
    "tokenizer.json": file,
    "tokenizer_config.json": {
      ...{ cls_token: "<cls>", sep_token: "<sep>", pad_token: "<pad>", mask_token: "<mask>" },
      tokenizer_class: "PreTrainedTokenizerFast",
    },
    "config.json": {
      ...{ model_type: "modernbert", hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2 },
      ...{ intermediate_size: 32, max_position_embeddings: 40, initializer_range: 0.1 },
      vocab_size: Math.max(...ids) + 1,
    },
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(model, name), JSON.stringify(content));
  const { encoder } = readEncoder(join(model, "config.json"));
  savePretrained(model, { encoder, weights: encoder.network(new Random(3)).weights, tokenizerFrom: model });
}

test("pieces of a unigram model stand in the page, and its logits are TensorFlow's", async (context) => {
  writeModel();
  const [trial] = await tinyTrials(folder, 1, { epochs: 2, threads: threadCount, pooling: "mean" });
  const run = await runTrial({ ...trial, model: await chooseModel(model) });
  const file = join(folder, "unigram.html"),
    { html, distance } = await demoOf(run, { title: "01 Lines / 台詞" });
  writeFileSync(file, html);
  assert.ok(distance.largest < NEAR, JSON.stringify(distance));
  assert.match(html, /語彙の全 \d+ 件が入っている/);
  const browser = await openBrowser({ japaneseFont: true });
  if (typeof browser === "string") return context.skip(browser);
  try {
    const page = await browser.newPage(),
      { encode } = await openTokenizer(model),
      own = await trainedModel(run);
    await page.goto(pathToFileURL(file).href);
    for (const text of ["とても良い", "𠮷野家で どこだ"]) {
      await page.waitForSelector('#demo-result[data-state="marked"]');
      await page.fill("#demo-text", text);
      await page.press("#demo-text", "Enter");
      await page.waitForSelector('#demo-result[data-state="marked"]');
      const logits = JSON.parse((await page.getAttribute("#demo-result", "data-logits"))!) as number[];
      const far = furthest(logits, await byTensorFlow(own, [encode(text)]));
      assert.ok(far < NEAR, `${text}: ${far}`);
      assert.equal(await page.locator("#demo-result .marked").innerText(), text);
    }
  } finally {
    await browser.close();
  }
});
