/** `npm run doctor -- --model NAME [--python PATH]`: a model here beside the same in Python. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { classifier } from "../../lib/models/heads";
import { applyLayers, type Layer, type Model } from "../../lib/models/model";
import { fill, headOf, loadPretrained, pretrainedFolder } from "../../lib/models/pretrained";
import { complain, printable } from "../../lib/support/printable";
import { Random } from "../../lib/support/random";
import { tokenInputs } from "../../lib/train/batches";
import { ready, tf } from "../tfjs-graph";
import { openTokenizer, type TokenIds } from "../tokenizer";
import { compare, LIMIT, type Made } from "./compare";

/** Of words and of what tokenizers take apart in different ways. */
const LINES = [
  "今日はとてもいい天気だ。",
  "えっ、本当に！？",
  "やったー！！ついに勝ったぞ！",
  "……もう、帰ってもいいですか",
  "ｶﾞｯｶﾘだよ、ﾏｼﾞで",
  "髙﨑さんと﨑山さんは吉野家の𠮷を書いた",
  "１２３円と456円で、計579円",
  "〜と～とーと―",
  "①㌔㈱㍿Ⅳ",
  "全角　空白 と半角 空白",
  "Hello, World! naïve café",
  "https://example.com/?q=雨&n=1",
  "😀🎉👨‍👩‍👧",
  "か゛き゜がギ",
  "[MASK]と<mask>と[SEP]",
  "ｱｲｳｴｵ",
  "すもももももももものうち",
  "この映画は最後まで退屈だったが、音楽だけは良かった。",
  "",
  "あ",
];

/** What some of a model's layers give for one text, without dropout. */
function outputOf(model: Model, layers: readonly Layer[], text: TokenIds): number[] {
  return tf.tidy(() => {
    const host = tokenInputs([text], 1, text.ids.length);
    const tensors = (arrays: typeof host) =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
      );
    const read = new Set(layers.flatMap(({ parameters }) => parameters));
    const weights = Object.fromEntries(Object.entries(model.weights).filter(([name]) => read.has(name)));
    const context = { parameters: tensors(weights), inputs: tensors(host), dropout: <T>(x: T) => x };
    return [...applyLayers(layers, null, context).dataSync()];
  });
}

interface Answer {
  readonly version: string;
  /** Why its tokenizer cannot be opened. */
  readonly fault: string | null;
  readonly answers: readonly Made[];
}

/** @throws if there is no such Python or it fails, with what it says and the remedy */
function askPython(python: string, input: object): Answer {
  const { error, status, stdout, stderr } = spawnSync(python, [join(__dirname, "ask.py")], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, HF_HUB_OFFLINE: "1" },
  });
  if (error || status !== 0)
    throw new Error(
      `${python}: ${error?.message ?? stderr.trim().split("\n").slice(-3).join("\n")}\n` +
        "Python's transformers are needed, in a place of your own: python3 -m venv ~/transformers && " +
        "~/transformers/bin/pip install torch transformers fugashi ipadic unidic-lite; then --python ~/transformers/bin/python",
    );
  return JSON.parse(stdout) as Answer;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { model: { type: "string" }, python: { type: "string", default: "python3" } },
  });
  if (!values.model) throw new Error("--model takes a folder, or a name on the hub");
  await ready();
  const folder = await pretrainedFolder(values.model),
    pretrained = loadPretrained(folder),
    tokenizer = await openTokenizer(folder);
  const head = headOf(pretrained),
    classes = head?.classes ?? 2;
  const opened = (pooling?: "cls") =>
    fill(classifier(pretrained.encoder, { head: "linear", classes, pooling }, new Random(1)), pretrained)
      .model;
  const [whole, plain] = [opened(), opened("cls")];
  const first = plain.layers.slice(
    0,
    plain.layers.findIndex(({ name }) => name === "pooler"),
  );
  const encoded = LINES.map((line) => tokenizer.encode(line));
  const here = encoded.map(
    (text): Made => ({
      ids: text.ids,
      vector: outputOf(plain, first, text),
      logits: head ? outputOf(whole, whole.layers, text) : null,
    }),
  );
  const texts = encoded.map(({ ids, segmentIds }, i) => ({ text: LINES[i], ids, segments: segmentIds }));
  const { version, fault, answers } = askPython(values.python, { folder, head: head !== undefined, texts });
  const found = compare(LINES, here, answers, (id) => tokenizer.vocabulary.pieces[id] ?? "?");
  const shares = (share: number) => `${share.toExponential(1)} of the largest number, at most ${LIMIT}`;
  const { title } = pretrained.encoder.names;
  console.log(`${title} of ${folder}, beside transformers ${version}, on ${LINES.length} lines`);
  console.log(
    fault ? `ids:     not compared, ${fault}` : `ids:     equal in ${found.alike} of ${found.read} lines`,
  );
  console.log(`vectors: differ by up to ${shares(found.vector)}`);
  if (found.logits !== undefined) console.log(`logits:  differ by up to ${shares(found.logits)}`);
  else console.log("logits:  none, the model brings no head");
  for (const difference of found.differences) console.log(printable(`  ${difference}`));
  const verdict =
    found.differences.length > 0
      ? "komalab and transformers differ"
      : "komalab reads it as transformers does";
  console.log(
    fault && found.differences.length === 0 ? "the network is equal; tokens were not compared" : verdict,
  );
  if (found.differences.length > 0) process.exitCode = 1;
}

main().catch((error: Error) => {
  complain(error.message);
  process.exitCode = 1;
});
