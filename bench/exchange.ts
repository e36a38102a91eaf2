/**
 * Models between komalab and Python's transformers, 5 and 4, and adapters between it and PEFT, both ways,
 * with the largest difference of an output relative to the largest output: `tsx bench/exchange.ts`. What goes
 * to Python reads single texts, pairs and texts in context there. Exit code 1 if a difference is above 1e-5,
 * or a tensor, an id or a segment is another one.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bertEncoder } from "../lib/models/bert";
import type { Encoder } from "../lib/models/encoder";
import { readEncoder } from "../lib/models/encoders";
import { classifier } from "../lib/models/heads";
import { withAdapters } from "../lib/models/lora";
import { applyLayers, type Model } from "../lib/models/model";
import { fill, loadPretrained, savePretrained, withAdapter } from "../lib/models/pretrained";
import { projectRoot } from "../lib/support/files";
import type { Weights } from "../lib/support/host-array";
import { Random } from "../lib/support/random";
import { tokenInputs } from "../lib/train/batches";
import { train } from "../lib/train/fit";
import { freezeMode } from "../lib/train/freeze";
import { mergeAdapter, writeAdapter } from "../packages/peft";
import { ready, tf } from "../packages/tfjs-graph";
import { openTokenizer, type TokenIds } from "../packages/tokenizer";
import { BERT_BASE, configOf, randomExamples, randomModel, type StepOptions } from "./model";
import { peerPython, transformers4 } from "./peers";

type Rows = readonly (readonly number[])[];

interface Line {
  readonly model: string;
  readonly difference: number;
  /** Texts with the same ids and segments, of all. */
  readonly texts?: string;
  readonly missing: string;
  readonly leftOver: string;
}

const LIMIT = 1e-5;
const CLASSES = ["不評", "好評"];
const LORA = { rank: 4, alpha: 12, targets: ["query", "value", "output.dense"] };
const TINY: StepOptions = {
  ...BERT_BASE,
  layers: 3,
  hidden: 48,
  heads: 4,
  vocabulary: 9001,
  batch: 8,
  tokens: 12,
};

/** What the first layers of a model give for texts, without dropout. */
function outputOf(model: Model, texts: readonly TokenIds[], layers = model.layers): number[] {
  const host = tokenInputs(texts, texts.length, Math.max(...texts.map(({ ids }) => ids.length)));
  const tensors = (arrays: typeof host) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
  return [
    ...applyLayers(layers, null, {
      parameters: tensors(model.weights),
      inputs: tensors(host),
      dropout: (x) => x,
    }).dataSync(),
  ];
}

const difference = (actual: readonly number[], expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(actual[i] - value))) / Math.max(...expected.map(Math.abs));

/** Checkpoints that transformers stored, opened here. */
function fromPython(folder: string, version: string): Line[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { ids, types, lengths, output } = JSON.parse(
        readFileSync(join(folder, name, "expected.json"), "utf8"),
      ) as {
        readonly ids: Rows;
        readonly types: Rows;
        readonly lengths: readonly number[];
        readonly output: Rows;
      };
      const stored = loadPretrained(join(folder, name)),
        adapter = join(folder, name, "adapter");
      const pretrained = existsSync(adapter) ? withAdapter(stored, adapter) : stored;
      const { model, missing, leftOver } = fill(
        classifier(pretrained.encoder, { head: "linear", classes: 3 }, new Random(1)),
        pretrained,
      );
      const texts = lengths.map((length, i) => ({
        ids: ids[i].slice(0, length),
        segmentIds: types[i].slice(0, length),
      }));
      // classifiers give logits, BERT's bare class the pooler's vector, those of others the first token's
      const behind = name.includes("ForSequence") ? 0 : name.startsWith("Bert") ? 1 : 2;
      const network = classifier(
        pretrained.encoder,
        { head: "linear", classes: 3, pooling: "cls" },
        new Random(1),
      );
      const layers = behind === 0 ? model.layers : network.layers.slice(0, -behind);
      return {
        model: `${name} of ${version} → komalab`,
        difference: difference(outputOf(model, texts, layers), output.flat()),
        missing: missing.join(" "),
        leftOver: leftOver.join(" "),
      };
    });
}

/** The built-in model's tokenizer, with a token for the speaker. */
const TOKENIZER = join(projectRoot, "data/model");
const SPEAKER = { content: "[話者]", lstrip: true, rstrip: false, normalized: false, single_word: false };
const LINES = [
  "今日は雨ですね。",
  "[話者]えっ、本当！？",
  "傘を忘れちゃった……",
  "駅で [話者]と待っててくれる？",
  "ｶﾞｯｶﾘだよ",
];

interface Text {
  readonly text: string;
  readonly pair?: string;
  readonly context?: readonly string[];
}
const TEXTS: readonly Text[] = [
  ...LINES.map((text) => ({ text })),
  ...LINES.slice(1).map((pair, i) => ({ text: LINES[i], pair })),
  ...LINES.slice(2).map((text, i) => ({ text, context: LINES.slice(i, i + 2) })),
];
/** As a Python user gives it to a tokenizer: what comes before a text is its pair's first part. */
const asPython = ({ text, pair, context }: Text) =>
  context ? [context.join("[SEP]"), text] : pair === undefined ? [text] : [text, pair];

type Given = Readonly<
  Record<
    string,
    {
      readonly texts: readonly TokenIds[];
      readonly logits: readonly number[];
      /** Python is given ids, no texts. */
      readonly idsAlone?: true;
    }
  >
>;

/**
 * A classifier fine-tuned here, saved as f32 and f16, with an adapter, and with it merged.
 * @returns what komalab reads and gives from each folder
 */
async function save(folder: string): Promise<Given> {
  const data = randomExamples(TINY);
  const { model } = await train({
    model: randomModel(TINY),
    freeze: () => true,
    data: { train: data, validation: data },
    settings: { epochs: 2, learningRate: 1e-3 },
    cache: "memory",
  });
  const tokenizerFrom = join(folder, "..", "tokenizer");
  cpSync(TOKENIZER, tokenizerFrom, { recursive: true });
  const path = join(tokenizerFrom, "tokenizer_config.json");
  const { model_input_names, ...config } = JSON.parse(readFileSync(path, "utf8"));
  const added = { added_tokens_decoder: { 9000: SPEAKER }, extra_special_tokens: [SPEAKER.content] };
  writeFileSync(path, JSON.stringify({ ...config, ...added })); // as transformers 5 saves it
  const given: Record<string, Given[string]> = {};
  const put = async (name: string, weights: Weights, type: "f32" | "f16", known?: Model) => {
    const out = join(folder, name);
    savePretrained(out, {
      encoder: bertEncoder(configOf({ ...TINY, tokens: 64 })),
      weights,
      type,
      tokenizerFrom,
      labels: CLASSES,
    });
    writeFileSync(join(out, "texts.json"), JSON.stringify(TEXTS.map(asPython)));
    const { encode, encodeInContext } = await openTokenizer(out);
    const texts = TEXTS.map(({ text, pair, context }) =>
      context ? encodeInContext(text, context) : encode(text, { pair }),
    );
    const read = known ?? fill(randomModel(TINY, 9), loadPretrained(out)).model;
    given[name] = { texts, logits: outputOf(read, texts) };
  };
  for (const type of ["f32", "f16"] as const) await put(`fine-tuned-${type}`, model.weights, type);
  const adapted = withAdapters(model, LORA, new Random(3));
  const freeze = freezeMode("lora", adapted, { newPooler: false });
  const tuned = await train({
    model: adapted,
    freeze,
    data: { train: data, validation: data },
    settings: { epochs: 2, learningRate: 1e-2 },
    cache: "memory",
  });
  const weights = Object.fromEntries(tuned.trainable.map((name) => [name, tuned.model.weights[name]]));
  await put("adapted", model.weights, "f32", tuned.model);
  writeAdapter(join(folder, "adapted", "adapter"), { ...LORA, weights, base: "fine-tuned-f32" });
  const scaling = LORA.alpha / LORA.rank;
  await put("adapted-merged", mergeAdapter(model.weights, { scaling, weights }), "f32", tuned.model);
  for (const [kind, config] of Object.entries(OTHERS)) {
    const file = join(folder, "..", `${kind}.json`);
    writeFileSync(file, JSON.stringify({ model_type: kind, ...config }));
    Object.assign(given, saveOther(folder, kind, readEncoder(file).encoder, tokenizerFrom));
  }
  return given;
}

const FAMILY = {
  vocab_size: 9001,
  hidden_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 3,
  intermediate_size: 50,
  initializer_range: 0.2,
};
const OTHERS = {
  modernbert: {
    ...FAMILY,
    num_hidden_layers: 4,
    local_attention: 8,
    classifier_pooling: "mean",
    pad_token_id: 0,
    bos_token_id: 2,
    eos_token_id: 3,
    cls_token_id: 2,
    sep_token_id: 3,
  },
  distilbert: { vocab_size: 9001, dim: 24, n_layers: 2, n_heads: 3, hidden_dim: 50, initializer_range: 0.2 },
  roberta: { ...FAMILY, pad_token_id: 0, type_vocab_size: 1 },
  electra: { ...FAMILY, embedding_size: 12 },
};

/** A random classifier of another encoder, by itself and with an adapter, both given ids. */
function saveOther(folder: string, kind: string, encoder: Encoder, tokenizerFrom: string): Given {
  const random = new Random(4),
    { adapted: targets } = encoder.names;
  const plain = classifier(encoder, { head: "linear", classes: 2 }, random);
  const lora = withAdapters(plain, { ...LORA, targets }, random);
  const trained = freezeMode("lora", lora, { newPooler: true });
  const changed = Object.entries(lora.weights).map(([name, { shape, data }]) => {
    const moved = Float32Array.from(data, (x) => x + 0.1 * random.normal());
    return [name, trained(name) ? { shape, data: moved } : { shape, data }] as const;
  });
  const adapted = { ...lora, weights: Object.fromEntries(changed) };
  const texts = [7, 30, 3].map((length): TokenIds => {
    const ids = Array.from({ length }, () => 5 + random.integer(8990));
    return { ids, segmentIds: ids.map((_, i) => Number(i > length / 2)) };
  });
  for (const name of [kind, `${kind}-adapted`]) {
    savePretrained(join(folder, name), { encoder, weights: plain.weights, tokenizerFrom, labels: CLASSES });
    writeFileSync(join(folder, name, "texts.json"), JSON.stringify(texts));
  }
  const weights = Object.fromEntries(changed.filter(([name]) => trained(name)));
  writeAdapter(join(folder, `${kind}-adapted`, "adapter"), { ...LORA, targets, weights, base: kind });
  return {
    [kind]: { texts, logits: texts.flatMap((text) => outputOf(plain, [text])), idsAlone: true },
    [`${kind}-adapted`]: {
      texts,
      logits: texts.flatMap((text) => outputOf(adapted, [text])),
      idsAlone: true,
    },
  };
}

/** What transformers made of the saved folders, a line of JSON each. */
function toPython(lines: readonly string[], given: Given, version: string): Line[] {
  return lines.map((line) => {
    const answer = JSON.parse(line) as {
      readonly folder: string;
      readonly texts: readonly Readonly<Record<"ids" | "types" | "logits", readonly number[]>>[];
      readonly labels: readonly string[];
      readonly missing: readonly string[];
      readonly leftOver: readonly string[];
    };
    if (answer.labels.join() !== CLASSES.join())
      throw new Error(`${answer.folder}: transformers reads the classes ${answer.labels.join()}`);
    const { texts, logits, idsAlone } = given[answer.folder];
    const alike = texts.filter(
      ({ ids, segmentIds }, i) =>
        `${ids}` === `${answer.texts[i].ids}` && `${segmentIds}` === `${answer.texts[i].types}`,
    );
    return {
      model: `${answer.folder} → transformers ${version}`,
      difference: difference(
        logits,
        answer.texts.flatMap((text) => text.logits),
      ),
      ...(!idsAlone && { texts: `${alike.length} of ${texts.length}` }),
      missing: answer.missing.join(" "),
      leftOver: answer.leftOver.join(" "),
    };
  });
}

async function main(): Promise<void> {
  await ready();
  const python = await peerPython();
  const folder = mkdtempSync(join(tmpdir(), "komalab-exchange-"));
  const ask = (PYTHONPATH: string, ...args: readonly string[]) => {
    const done = spawnSync(python, args, {
      encoding: "utf8",
      env: { ...process.env, HF_HUB_OFFLINE: "1", PYTHONPATH },
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  try {
    const ours = join(folder, "ours");
    mkdirSync(ours);
    const given = await save(ours);
    const lines: Line[] = [];
    for (const path of ["", await transformers4()]) {
      const version = ask(path, "-c", "import transformers; print(transformers.__version__)").trim();
      const theirs = join(folder, version);
      mkdirSync(theirs);
      const script = join(__dirname, "exchange.py");
      ask(path, script, "make", theirs);
      const answers = ask(path, script, "read", ours).split("\n");
      lines.push(
        ...fromPython(theirs, version),
        ...toPython(
          answers.filter((line) => line.startsWith("{")),
          given,
          version,
        ),
      );
    }
    console.table(
      lines.map((line) => ({
        ...line,
        difference: line.difference.toExponential(1),
        leftOver: line.leftOver.split(" ").filter(Boolean).length,
      })),
    );
    const all = `${TEXTS.length} of ${TEXTS.length}`;
    if (lines.some(({ difference: far, texts = all }) => !(far <= LIMIT) || texts !== all))
      process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
