/** Exported runs opened by transformers.js, in Node and in Chromium, and what they say of texts. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { before, test } from "node:test";
import { readReviews } from "../../../lib/data/reviews";
import type { TrialRun } from "../../../lib/experiment/spec";
import { projectRoot } from "../../../lib/support/files";
import { softmax } from "../../../lib/support/softmax";
import { openBrowser } from "../../../test/browser";
import { BUILTIN_MODEL, BUILTIN_REVIEWS } from "../../../test/builtin";
import { runsFolder } from "../../../test/experiment/tiny-trials";
import { readObject } from "../../hf-files";
import { copyTokenizer, openTokenizer } from "../../tokenizer";
import { openOnnx, writeOnnxFolder } from "..";
import { modelOf, networkOf } from "./small";
import { answersOf, exported } from "./tiny-runs";

const folder = runsFolder();
const KINDS = ["bert", "distilbert"] as const;
type Kind = (typeof KINDS)[number];

const runs: Partial<Record<Kind, TrialRun>> = {};
before(async () => {
  runs.bert = await exported(folder, "bert", { head: "3MLP", pooling: "mean", freeze: "all" });
  runs.distilbert = await exported(folder, "distilbert", { freeze: "lora", loraAlpha: 96 });
  for (const run of Object.values(runs)) {
    const good = answersOf(run).map((answer) => answer.good);
    assert.ok(Math.max(...good) - Math.min(...good) > 0.1, `it has learnt to tell its texts apart: ${good}`);
  }
});

/** Runs store probabilities to four places, and weights as half floats. */
const CLOSE = 2e-3;
/** Of bytes; the tiny networks are the worst case. */
const NEAR = 0.02;

interface Answer {
  readonly label: string;
  readonly score: number;
}
interface Transformers {
  readonly env: { localModelPath: string };
  readonly AutoTokenizer: {
    from_pretrained(
      name: string,
      options: object,
    ): Promise<(text: string, options?: object) => { readonly input_ids: { readonly data: BigInt64Array } }>;
  };
  pipeline(
    task: "text-classification",
    model: string,
    options: object,
  ): Promise<(texts: readonly string[]) => Promise<Answer[]>>;
}
async function transformers(): Promise<Transformers> {
  const all = (await import("@xenova/transformers" as string)) as Transformers;
  all.env.localModelPath = folder;
  return all;
}
const LOCAL = { local_files_only: true };
const goodOf = ({ label, score }: Answer) => (label === "良い" ? score : 1 - score);
const furthest = (run: TrialRun, good: readonly number[]) =>
  Math.max(...answersOf(run).map((answer, i) => Math.abs(answer.good - good[i])));

/** As transformers.js reads texts: MeCab's words between spaces. */
async function wordsOf(kind: Kind): Promise<string[]> {
  const tokenizer = await openTokenizer(join(folder, kind));
  return answersOf(runs[kind]!).map(({ text }) => tokenizer.words(text).join(" "));
}

for (const kind of KINDS)
  for (const quantized of [false, true])
    test(`${kind}: the pipeline of transformers.js answers as the run does, ${quantized ? "nearly, from" : "without"} quantized weights`, async () => {
      const { pipeline } = await transformers();
      const classify = await pipeline("text-classification", kind, { ...LOCAL, quantized });
      const good = (await classify(await wordsOf(kind))).map(goodOf);
      assert.ok(furthest(runs[kind]!, good) < (quantized ? NEAR : CLOSE));
    });

for (const precision of ["f32", "f16", "int8"] as const)
  test(`bert: given our ids, transformers.js answers as the run does in ${precision}`, async () => {
    const classify = await openOnnx(join(folder, "bert"), precision),
      { encode } = await openTokenizer(join(folder, "bert"));
    const logits = await classify(answersOf(runs.bert!).map(({ text }) => encode(text)));
    const good = logits.map((row) => softmax(row)[1]);
    assert.ok(furthest(runs.bert!, good) < (precision === "int8" ? NEAR : CLOSE));
  });

test("with a number of threads onnxruntime itself answers, as transformers.js does", async () => {
  const { encode } = await openTokenizer(join(folder, "bert")),
    texts = answersOf(runs.bert!).map(({ text }) => encode(text));
  const [theirs, itself] = await Promise.all(
    [undefined, 1].map(async (threads) => (await openOnnx(join(folder, "bert"), "f32", threads))(texts)),
  );
  itself.forEach((row, i) => row.forEach((value, c) => assert.ok(Math.abs(value - theirs[i][c]) < 1e-5)));
});

test("a text that is longer than the model takes is refused with both lengths", async () => {
  const classify = await openOnnx(join(folder, "bert")),
    zeros = new Array<number>(41).fill(0);
  await assert.rejects(
    classify([{ ids: zeros, segmentIds: zeros }]),
    /a text of 41 tokens, but .*bert takes 40: truncate/,
  );
});

test("in Chromium, without a network, the pipeline answers as the runs do", async (context) => {
  const browser = await openBrowser();
  if (typeof browser === "string") return context.skip(browser);
  const library = join(projectRoot, "node_modules/@xenova/transformers/dist"),
    types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };
  const server = createServer(({ url = "/" }, response) => {
    const [, place, ...rest] = url.split("/"),
      path = join(place === "library" ? library : folder, ...rest);
    if (url === "/") return response.setHeader("content-type", "text/html").end("<!doctype html>");
    if (!existsSync(path)) return response.writeHead(404).end();
    response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
    return response.end(readFileSync(path));
  }).listen(0, "127.0.0.1");
  try {
    const page = await browser.newPage(),
      { port } = server.address() as AddressInfo,
      home = `http://127.0.0.1:${port}/`;
    const elsewhere: string[] = [];
    page.on("request", (request) => void (request.url().startsWith(home) || elsewhere.push(request.url())));
    await page.goto(home);
    for (const kind of KINDS)
      for (const quantized of [false, true]) {
        const answers = await page.evaluate(
          async ({ name, words, isQuantized }): Promise<Answer[]> => {
            const { env, pipeline } = await import("/library/transformers.min.js" as string);
            Object.assign(env, { localModelPath: "/models/", allowRemoteModels: false });
            Object.assign(env.backends.onnx.wasm, { wasmPaths: "/library/", numThreads: 1 });
            const classify = await pipeline("text-classification", name, { quantized: isQuantized });
            return classify(words);
          },
          { name: kind, words: await wordsOf(kind), isQuantized: quantized },
        );
        assert.ok(furthest(runs[kind]!, answers.map(goodOf)) < (quantized ? NEAR : CLOSE));
      }
    assert.deepEqual(elsewhere, []);
  } finally {
    await browser.close();
    server.close();
  }
});

test("ModernBERT, which this transformers.js does not know, is run by onnxruntime", async () => {
  const run = await exported(folder, "modernbert"),
    made = join(folder, "modernbert");
  const classify = await openOnnx(made),
    { encode } = await openTokenizer(made);
  const logits = await classify(answersOf(run).map(({ text }) => encode(text)));
  const good = logits.map((row) => softmax(row)[1]);
  assert.ok(furthest(run, good) < CLOSE);
});

test("of pieces that are characters transformers.js makes our ids of any text, and the folder says so", async () => {
  const made = join(folder, "characters"),
    own = join(made, "tokenizer_config.json");
  copyTokenizer(join(folder, "bert-source"), made);
  writeFileSync(own, JSON.stringify({ ...readObject(own), subword_tokenizer_type: "character" }));
  const options = { classes: ["悪い", "良い"], precisions: [], longest: 40 };
  assert.equal(await writeOnnxFolder(made, networkOf(modelOf("bert", "linear")), options), "texts");
  const { AutoTokenizer } = await transformers();
  const theirs = await AutoTokenizer.from_pretrained("characters", LOCAL),
    ours = await openTokenizer(made);
  for (const text of ["とても良い", "ひどく 悪い。", "ﾄﾃﾓ良い"])
    assert.deepEqual([...theirs(text).input_ids.data].map(Number), ours.encode(text).ids);
  assert.match(readFileSync(join(made, "README.md"), "utf8"), /Texts go to the tokenizer as they are/);
  assert.match(
    readFileSync(join(folder, "bert", "README.md"), "utf8"),
    /\*\*This tokenizer cuts no Japanese text/,
  );
});

test("words between spaces have our ids, those of added tokens and of long words too", async () => {
  const { AutoTokenizer } = await transformers();
  copyTokenizer(BUILTIN_MODEL, join(folder, "words"));
  const options = { classes: ["悪い", "良い"], precisions: [], longest: 40 };
  assert.equal(
    await writeOnnxFolder(join(folder, "words"), networkOf(modelOf("bert", "linear")), options),
    "words",
  );
  const theirs = await AutoTokenizer.from_pretrained("words", LOCAL),
    ours = await openTokenizer(BUILTIN_MODEL);
  const texts = readReviews(BUILTIN_REVIEWS).reviews.map(({ text }) => text);
  const different = [...texts, "[MASK]が良い", "あ".repeat(200)].filter(
    (text) => ours.encode(text).ids.join() !== [...theirs(ours.words(text).join(" ")).input_ids.data].join(),
  );
  assert.deepEqual(different, []);
});
