import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/support/random";
import { onNative } from "../../tfjs-graph/test/native";
import { vocabularyOf } from "../../tokenizer";
import { type CourseOptions, courses } from "..";

const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ..."あいうえおかきくけこ", "never"];
const random = new Random(5);
const texts = Array.from({ length: 80 }, () => {
  const ids = [
    2,
    ...Array.from({ length: 20 }, () => (random.uniform() < 2 / 3 ? 5 : 5 + random.integer(10))),
    3,
  ];
  return { ids, segmentIds: ids.map(() => 0) };
});
const options: CourseOptions = {
  ...{ texts, vocabulary: vocabularyOf(pieces), steps: 20, learningRate: 0.02, seeds: 2, looks: 3 },
  ...{ hiddenSize: 8, layers: 1, batch: 8, length: 16 },
  systems: {
    none: { weightDecay: 0 },
    matrices: { weightDecay: 5 },
    all: { weightDecay: 5, weightDecayOn: "all" },
    "no decay, L2": { weightDecay: 0, optimizer: "adam" },
  },
};

test(
  "a vocabulary of other special tokens, as unigram models have, is trained as BERT's",
  onNative,
  async () => {
    const { ids, ...vocabulary } = options.vocabulary;
    const names = ["<pad>", "<unk>", "<cls>", "<sep>", "<mask>", ...pieces.slice(5)];
    const other = { ...vocabulary, pieces: names, ids: new Map(names.map((name, id) => [name, id])) };
    const systems = { none: { weightDecay: 0 } };
    assert.deepEqual(
      await courses({ ...options, systems, vocabulary: other }),
      await courses({ ...options, systems, vocabulary: { ids, ...vocabulary } }),
    );
  },
);

test(
  "decay shrinks the groups that it is for, and no decay is the same however it is done",
  onNative,
  async () => {
    const made = await courses(options);
    const end = (system: string) => made.find((one) => one.system === system)!.norms[2];
    assert.ok(end("matrices").matrices < 0.7 * end("none").matrices);
    assert.ok(end("matrices").spared > 0.9 * end("none").spared);
    assert.ok(end("all").spared < 0.8 * end("none").spared);
    assert.deepEqual(end("no decay, L2"), end("none"));
    assert.deepEqual(
      made[0].norms.map(({ step }) => step),
      [0, 10, 20],
    );
  },
);

test("seeds are judged by the same held-out words, and differ", onNative, async () => {
  const [one, other] = await courses({ ...options, systems: { none: { weightDecay: 0 } } });
  assert.equal(one.answers.items!.length, other.answers.items!.length);
  assert.ok(one.answers.items!.length > 20 && one.loss !== other.loss);
});

test("text that is too short is refused", () =>
  assert.rejects(
    courses({ ...options, texts: texts.slice(0, 9) }),
    /too few for a batch of 8: use more text/,
  ));
