/**
 * A fine-tuned run as a page: tokenizer and embedding are cut to the data, the network is written in int8,
 * and what that costs is measured with the engine that the page has.
 */
import { join } from "node:path";
import * as onnxruntime from "onnxruntime-web";
import { loadDataset } from "../../lib/experiment/dataset";
import { prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import { readEncoder } from "../../lib/models/encoders";
import { applyLayers, type Model } from "../../lib/models/model";
import { BatchLoader } from "../../lib/train/batches";
import { logitsOf } from "../../lib/train/predict";
import { trainedModel } from "../export";
import { type Translate, translator } from "../japanese";
import { cutDictionary } from "../mecab";
import { onnxModel } from "../onnx";
import type { Language } from "../page";
import { openEngine, ready } from "../tfjs-graph";
import { normalise, readParts, type TokenIds, type TokenizerParts, tokenizerOfParts } from "../tokenizer";
import { type CutModel, cutTokenizer, cutVocabulary, keptIds } from "../vocabulary-cut";
import { validationOf } from "./choose";
import { type Bytes, fromPage, toPage } from "./contents";
import { examplesOf, OWN_EXAMPLES } from "./examples";
import { answerOf } from "./marks";
import { type Ort, openNetwork } from "./network";
import { type Distance, demoPage } from "./page";
import type { Read } from "./reading";

/** Bytes of the table of words in int8: 7,812 pieces of the built-in model, whose width is 256. */
const TABLE_BYTES = 2e6;
/**
 * Words beside those of the lines, some 25 bytes each in the file. Of 3,000 sentences of jrte-corpus 11 had
 * other words than with all of IPADIC, where the lines were the built-in reviews; with 100,000 words 151 had
 * (bench/demo-words.ts).
 */
const OTHER_WORDS = 200_000;
const AT_ONCE = 16;

export interface DemoOptions {
  /** Of the notebook, in both languages. */
  readonly title: string;
  /** What the notebook says of all its numbers. */
  readonly remark?: string;
  /** Words that only this notebook says, such as names of its classes, in Japanese. */
  readonly japanese?: Readonly<Record<string, string>>;
  /** Leaves out what tells of the data: examples are komalab's own, dictionary and vocabulary are whole. */
  readonly isPrivate?: boolean;
  /** In which the page opens. */
  readonly language?: Language;
  readonly onProgress?: (words: string) => void;
}

export interface Demo {
  readonly html: string;
  readonly distance: Distance;
}

/** The logits of texts by TensorFlow. */
async function byTensorFlow({ weights, layers, maxTokens }: Model, texts: readonly TokenIds[]) {
  await ready();
  const loader = new BatchLoader(texts, { batchSize: AT_ONCE, longest: maxTokens });
  const engine = openEngine({
    weights,
    outputs: (context) => applyLayers(layers, null, context),
    outputShapes: [loader.shapes(false)],
  });
  try {
    return logitsOf(loader, engine);
  } finally {
    engine.dispose();
  }
}

/** The logits of texts by the engine of the page. */
async function byPage(model: Uint8Array, texts: readonly TokenIds[]): Promise<Float32Array[]> {
  const network = await openNetwork(onnxruntime as unknown as Ort, model),
    rows: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += AT_ONCE)
    rows.push(...(await network(texts.slice(at, at + AT_ONCE))));
  return rows;
}

/** How far logits are from others. */
export function distanceOf(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): Distance {
  const differences = actual.flatMap((row, i) =>
    Array.from(row, (value, c) => Math.abs(value - expected[i][c])),
  );
  return {
    largest: differences.reduce((most, one) => Math.max(most, one), 0),
    mean: differences.reduce((sum, one) => sum + one, 0) / differences.length,
    same: actual.filter((row, i) => answerOf(row).label === answerOf(expected[i]).label).length,
    lines: actual.length,
  };
}

/** Bytes with buffers of their own, as a page unpacks them. */
const copied = (bytes: Bytes): Bytes =>
  Object.fromEntries(
    Object.entries(bytes).map(([name, one]) => [name, Uint8Array.from(one)]),
  ) as unknown as Bytes;

/** @throws if a line has other tokens in the page than with the whole dictionary and vocabulary */
function checkLines(
  lines: readonly string[],
  whole: readonly TokenIds[],
  { renumbered, read }: { readonly renumbered: CutModel<TokenizerParts>["renumbered"]; readonly read: Read },
): void {
  const { json, bytes } = toPage(read);
  const { tokenizer, kept } = fromPage(JSON.parse(JSON.stringify(json)), copied(bytes));
  const { encode } = tokenizerOfParts(kept ? cutTokenizer(tokenizer, kept) : tokenizer);
  const wrong = lines.findIndex((line, i) => encode(line).ids.join() !== renumbered(whole[i]).ids.join());
  if (wrong >= 0)
    throw new Error(
      `line ${wrong + 1} of the data set has other tokens with the dictionary and vocabulary of the page: a fault of komalab's`,
    );
}

/** The tokenizer with the dictionary of a page, and how many of its words that has. */
function withCutDictionary(
  tokenizer: TokenizerParts,
  lines: readonly string[],
  others: number,
): {
  readonly tokenizer: TokenizerParts;
  readonly leftOut?: Read["leftOut"];
  readonly words?: readonly [number, number];
} {
  if (tokenizer.kind === "unigram") return { tokenizer };
  const { dictionary, words, of, leftOut } = cutDictionary(
    tokenizer.dictionary,
    lines.map(normalise),
    others,
  );
  return {
    tokenizer: { ...tokenizer, dictionary },
    words: [words, of],
    ...(words < of && { leftOut }),
  };
}

const count = (number: number) => number.toLocaleString("en");

/** How much of something is in the page, of how much. */
type Part = readonly [inside: number, of: number];

/** What the page says of its dictionary and vocabulary. */
function cutInWords({
  lines,
  words,
  pieces,
}: {
  readonly lines: number;
  readonly words?: Part;
  readonly pieces: Part;
}) {
  const parts = [
    ...(words
      ? [
          {
            part: words,
            en: [
              "words of the dictionary",
              "all that stand anywhere in the data's lines, and those that MeCab takes the most readily",
            ],
            ja: ["辞書の", "語", "データの文のどこかに現れる語すべてと、MeCab が選びやすい語"],
          },
        ]
      : []),
    {
      part: pieces,
      en: ["pieces of the vocabulary", "those of the lines, single characters, then the first"],
      ja: ["語彙の", "件", "データの文に現れるもの、一文字のもの、番号の若いもの"],
    },
  ].map(({ part: [inside, of], en, ja }) => ({
    cut: inside < of,
    en:
      inside < of ? `${count(inside)} of the ${count(of)} ${en[0]} (${en[1]})` : `all ${count(of)} ${en[0]}`,
    ja:
      inside < of
        ? `${ja[0]} ${count(of)} ${ja[1]}のうち ${count(inside)} ${ja[1]}（${ja[2]}）`
        : `${ja[0]}全 ${count(of)} ${ja[1]}`,
  }));
  const inside = {
    en: `Inside are ${parts.map(({ en }) => en).join(" and ")}.`,
    ja: `${parts.map(({ ja }) => ja).join("と、")}が入っている。`,
  };
  if (!parts.some(({ cut }) => cut)) return inside;
  return {
    en: `${inside.en} All ${count(lines)} lines of the data have the same tokens as with the whole of both, which was checked. Where a line that is typed in has a word that only the whole dictionary has, or other pieces than with the whole vocabulary, the page says so below the answer, of a few it cannot tell: the run may read it otherwise.`,
    ja: `${inside.ja}データの全 ${count(lines)} 文で、全体を使ったときと同じトークンになることを確かめた。入力した文に辞書全体にしかない語があるときや、語彙全体とは違うサブワードになるときは、答えの下にそう表示する（元の実行とは読み方が違うことがある。まれに見分けられない場合もある）。`,
  };
}

/** What the page says of its model. */
function modelInWords(run: TrialRun, distance: Distance, translate: Translate) {
  const { trial, result } = run,
    { settings, classes } = trial,
    { accuracy, macroF1, f1: ofPositive } = result.test;
  const share = ((100 * distance.same) / distance.lines).toFixed(1),
    [chosen, tested, f1] = [validationOf(run), accuracy, macroF1].map((score) => score.toFixed(3)),
    [largest, mean] = [distance.largest, distance.mean].map((one) => String(Number(one.toPrecision(2))));
  const names = classes.map((name) => ({ en: name, ja: translate(name) ?? name })),
    own = ofPositive?.toFixed(3),
    positive =
      own === undefined
        ? { en: "", ja: "" }
        : { en: `, F1 of ${names[1].en} ${own}`, ja: `、${names[1].ja}の F1 は ${own}` };
  return [
    {
      en: `Its classes: ${names.map(({ en }) => en).join(", ")}.`,
      ja: `クラス：${names.map(({ ja }) => ja).join("、")}。`,
    },
    {
      en: `The model: ${trial.system}, tested on ${trial.testSet}, seed ${settings.initSeed}, freeze mode ${settings.freeze}, head ${settings.head}; validation accuracy ${chosen}, test accuracy ${tested}, macro F1 ${f1}${positive.en} on ${count(distance.lines)} lines. Of the stored runs the one with the best validation accuracy is taken.`,
      ja: `モデル：${trial.system}（テスト集合 ${trial.testSet}、シード ${settings.initSeed}、凍結方法 ${settings.freeze}、分類ヘッド ${settings.head}）。検証正解率は ${chosen}、テスト ${count(distance.lines)} 件での正解率は ${tested}、マクロ F1 は ${f1}${positive.ja}。保存されている実行のうち検証正解率が最も高いものを使う。`,
    },
    {
      en: `Its weights are rounded to 8 bits. On the ${count(distance.lines)} test lines its logits differ from those of the run by ${mean} on average and ${largest} at most, and ${share} % of the answers are the same (${count(distance.same)}).`,
      ja: `重みは 8 ビットに丸めてある。テスト ${count(distance.lines)} 件で、元の実行とのロジットの差は平均 ${mean}、最大 ${largest}、同じ答えになる割合は ${share} %（${count(distance.same)} 件）。`,
    },
  ];
}

/**
 * Makes the page of a run, with the weights of its best epoch.
 * @throws if the run came without its weights or its tokenizer has pieces of SentencePiece; if it is private
 *   and has a user's own words; on wasm
 */
export async function demoOf(
  run: TrialRun,
  { title, remark, japanese, isPrivate = false, language, onProgress = () => {} }: DemoOptions,
): Promise<Demo> {
  const { trial } = run,
    { folder } = trial.model,
    translate = translator(japanese);
  onProgress("cutting dictionary and vocabulary");
  const parts = await readParts(folder),
    examples = loadDataset(trial.dataset),
    lines = examples.map(({ text }) => text);
  if (isPrivate && parts.kind === "words" && parts.dictionary.userWords)
    throw new Error(
      "a private demo would hold the words of the user dictionary: make it without KOMALAB_USER_DICTIONARY, or without --private",
    );
  const { encoder } = readEncoder(join(folder, "config.json")),
    { config, names } = encoder;
  const whole = tokenizerOfParts(parts),
    encoded = lines.map((line) => whole.encode(line));
  const { tokenizer, leftOut, words } = withCutDictionary(parts, lines, isPrivate ? Infinity : OTHER_WORDS);
  const most = isPrivate ? Infinity : Math.floor(TABLE_BYTES / config.hiddenSize);
  const model = await trainedModel(run),
    kept = keptIds(parts, isPrivate ? [] : encoded, most),
    cut = cutVocabulary({ weights: model.weights, tables: [names.wordEmbeddings], tokenizer }, kept),
    ofPieces = whole.vocabulary.pieces.length;
  const read: Read = {
    tokenizer,
    longest: Math.min(trial.settings.maxLength, config.maxPositions),
    ...(leftOut && { leftOut }),
    ...(kept.length < ofPieces && { kept }),
  };
  checkLines(lines, encoded, { ...cut, read });

  onProgress("writing the model in 8 bits");
  const bytes = Buffer.concat(
    onnxModel(
      { weights: cut.weights, outputs: (context) => applyLayers(model.layers, null, context) },
      "int8",
    ),
  );
  onProgress("comparing its logits with the run's");
  const tested = (await prepare(trial)).data.test.texts;
  const distance = distanceOf(
    await byPage(bytes, tested.map(cut.renumbered)),
    await byTensorFlow(model, tested),
  );

  onProgress("writing the page");
  const { json, bytes: arrays } = toPage(read);
  const html = await demoPage({
    title,
    remark,
    contents: { ...json, classes: trial.classes.map((en) => ({ en, ja: translate(en) ?? en })) },
    bytes: { model: bytes, ...arrays },
    examples: isPrivate ? OWN_EXAMPLES : examplesOf(run, new Map(examples.map(({ id, text }) => [id, text]))),
    isPrivate,
    about: [
      ...modelInWords(run, distance, translate),
      cutInWords({ lines: lines.length, words, pieces: [kept.length, ofPieces] }),
    ],
    language,
  });
  return { html, distance };
}
