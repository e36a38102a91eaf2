import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { majority } from "../../lib/evaluate/confusion";
import type { Weights } from "../../lib/support/host-array";
import type { Progress } from "../../lib/support/progress";
import { softmax } from "../../lib/support/softmax";
import { forgetFeatures } from "../../lib/train/features";
import { DivergedError, train } from "../../lib/train/fit";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { WEIGHT_NORM } from "../../lib/train/norms";
import { lossAndAccuracy, predict } from "../../lib/train/predict";
import type { TrainRequest } from "../../lib/train/request";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { type Probe, smallExamples, smallModel } from "./small";

const cache = mkdtempSync(join(tmpdir(), "komalab-features-"));
process.env.KOMALAB_CACHE = cache;
after(() => rmSync(cache, { recursive: true }));

const data = { train: smallExamples(50, 1), validation: smallExamples(21, 2) };
const settings = { epochs: 3, batchSize: 8, learningRate: 0.02 } as const;
const mode = (freeze: FreezeMode) => freezeMode(freeze, smallModel(), { newPooler: false });

function run(
  freeze: FreezeMode,
  more: Partial<TrainRequest["settings"]> = {},
  probe?: Probe,
  rest: Partial<TrainRequest> = {},
) {
  return train({
    model: smallModel(probe),
    freeze: mode(freeze),
    data,
    settings: { ...settings, ...more },
    cache: "memory",
    ...rest,
  });
}
const numbers = (history: readonly object[]) => history.map((record) => ({ ...record, seconds: 0 }));

test("training learns, and the best epoch's weights are kept", onNative, async () => {
  const { history, bestEpoch, model, failed, engine } = await run("all", { epochs: 12, learningRate: 0.05 });
  assert.equal(engine.reason, "");
  assert.ok(history[11].trainLoss < history[0].trainLoss);
  const best = Math.max(...history.map((record) => record.validationAccuracy));
  assert.equal(history.findIndex((record) => record.validationAccuracy === best) + 1, bestEpoch);
  assert.ok(!failed && best > majority(data.validation.labels).share);
  const found = await predict(model, data.validation.texts, { cache: "memory" });
  assert.equal(found.filter(({ label }, i) => label === data.validation.labels[i]).length / 21, best);
});

test("equal seeds give equal runs, other seeds other ones", onNative, async () => {
  const [first, again, other] = [await run("all"), await run("all"), await run("all", { orderSeed: 2 })];
  assert.deepEqual(numbers(first.history), numbers(again.history));
  assert.deepEqual(first.model.weights, again.model.weights);
  assert.notDeepEqual(numbers(first.history), numbers(other.history));
});

test(
  "a batch in parts, the last ones without a text, trains as a whole one without dropout",
  onNative,
  async () => {
    const [whole, parts] = [
      await run("all", {}, { dropout: 0 }),
      await run("all", { accumulate: 4 }, { dropout: 0 }),
    ];
    parts.history.forEach(({ trainLoss, validationLoss }, i) => {
      assert.ok(Math.abs(trainLoss - whole.history[i].trainLoss) < 1e-6);
      assert.ok(Math.abs(validationLoss - whole.history[i].validationLoss) < 1e-6);
    });
  },
);

test(
  "batches with other lengths and rows that fill up give the same losses as one batch of all",
  onNative,
  async () => {
    const exact = { epochs: 1, batchSize: 25, learningRate: 0 };
    const one = await run("all", exact, { dropout: 0 });
    for (const other of [{}, { groupByLength: false as const }]) {
      const many = await run("all", { ...exact, ...other, batchSize: 9 }, { dropout: 0 });
      for (const key of ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy"] as const) {
        assert.ok(
          Math.abs(one.history[0][key] - many.history[0][key]) < 1e-6,
          `${key}: ${one.history[0][key]} and ${many.history[0][key]}`,
        );
      }
    }
  },
);

test("without groups by length a run learns from other batches", onNative, async () => {
  const settings = { epochs: 1, batchSize: 9 };
  const [grouped, drawn] = [
    await run("all", settings, { dropout: 0 }),
    await run("all", { ...settings, groupByLength: false }, { dropout: 0 }),
  ];
  assert.notDeepEqual(numbers(grouped.history), numbers(drawn.history));
});

for (const freeze of ["last", "fixed"] as const) {
  test(`${freeze}: frozen weights stay, and frozen layers run once for all epochs`, onNative, async () => {
    forgetFeatures();
    const layers: string[] = [];
    const { model, trainable } = await run(freeze, {}, { onLayer: (name) => layers.push(name) });
    const frozen = Object.keys(model.weights).filter((name) => !trainable.includes(name));
    const start = smallModel().weights;
    for (const name of frozen) assert.deepEqual(model.weights[name], start[name]);
    assert.ok(trainable.every((name) => model.weights[name] !== start[name]));
    const count = (of: readonly string[]) => of.filter((name) => name === "embeddings").length;
    forgetFeatures();
    const once: string[] = [];
    await run(freeze, { epochs: 1 }, { onLayer: (name) => once.push(name) });
    assert.equal(count(layers), count(once), "when graphs are traced, none for epochs");
  });

  test(
    `${freeze}: kept features give the losses of the whole network without dropout`,
    onNative,
    async () => {
      const whole = smallModel({ dropout: 0 });
      const [first, ...others] = whole.layers;
      const uncuttable = { ...first, parameters: [...first.parameters, "classifier.bias"] }; // as if training began here
      const still = { epochs: 1, learningRate: 0 };
      const uncut = await train({
        model: { ...whole, layers: [uncuttable, ...others] },
        freeze: mode(freeze),
        data,
        settings: { ...settings, ...still },
        cache: "memory",
      });
      const cut = await run(freeze, still, { dropout: 0 });
      for (const key of ["trainLoss", "validationLoss"] as const)
        assert.ok(Math.abs(cut.history[0][key] - uncut.history[0][key]) < 1e-6);
    },
  );
}

test("a frozen layer has no dropout, even behind a trained one", onNative, async () => {
  const freeze = (name: string) => name.startsWith("layer.0.") || name.startsWith("classifier.");
  const dropped = new Set<string>();
  const { layers, ...model } = smallModel();
  const spied = layers.map((layer): typeof layer => ({
    ...layer,
    apply: (x, context) => {
      const dropout: typeof context.dropout = (y, probability) => {
        const after = context.dropout(y, probability);
        if (after !== y) dropped.add(layer.name);
        return after;
      };
      return layer.apply(x, { ...context, dropout });
    },
  }));
  const once = { ...settings, epochs: 1 };
  await train({ model: { ...model, layers: spied }, freeze, data, settings: once, cache: "memory" });
  assert.deepEqual([...dropped], ["layer.0"]);
});

test("features kept on disk serve the next process, damaged ones are computed again", onNative, async () => {
  const packs = join(cache, "features");
  const losses = async () => {
    forgetFeatures();
    const layers: string[] = [];
    const { history } = await run(
      "fixed",
      { epochs: 1 },
      { onLayer: (name) => layers.push(name) },
      { cache: "disk" },
    );
    return { history: numbers(history), computed: layers.includes("embeddings") };
  };
  const first = await losses();
  const second = await losses();
  assert.deepEqual([first.computed, second.computed], [true, false]);
  assert.deepEqual(first.history, second.history);
  const [key] = readdirSync(packs);
  const [pack] = readdirSync(join(packs, key));
  const bytes = readFileSync(join(packs, key, pack));
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(join(packs, key, pack), bytes);
  const third = await losses();
  assert.deepEqual([third.computed, third.history], [true, first.history]);
});

test(
  "norms of trained weights are logged from the beginning to the end, and change nothing",
  onNative,
  async () => {
    const looks: (readonly [step: number, norms: readonly string[], sum: number])[] = [];
    const watched = await run("last", { weightNorms: 4 }, undefined, {
      onMetrics: ({ step, values }) => {
        const norms = Object.keys(values).filter((key) => key.startsWith(WEIGHT_NORM));
        const sum = norms.reduce((total, name) => total + values[name] ** 2, 0);
        if (norms.length > 0) looks.push([step, norms.map((name) => name.slice(WEIGHT_NORM.length)), sum]);
      },
    });
    const squares = (weights: Weights) =>
      watched.trainable
        .flatMap((name) => [...weights[name].data])
        .reduce((total, value) => total + value * value, 0);
    assert.deepEqual(
      looks.map(([step]) => step),
      [0, 7, 14, 21], // three epochs of 50 texts, 8 a batch
    );
    for (const [, names] of looks) assert.deepEqual(names, watched.trainable);
    assert.ok(Math.abs(looks[0][2] - squares(smallModel().weights)) < 1e-4);
    assert.ok(looks[3][2] !== looks[0][2]);
    const plain = await run("last");
    assert.deepEqual(watched.model.weights, plain.model.weights);
    assert.deepEqual(numbers(watched.history), numbers(plain.history));
  },
);

test("class weights change the loss", onNative, async () => {
  const [plain, weighted] = [
    await run("fixed", { epochs: 1 }),
    await run("fixed", { epochs: 1 }, {}, { classWeights: [1, 5] }),
  ];
  assert.notEqual(plain.history[0].trainLoss, weighted.history[0].trainLoss);
});

test("a loss that is no number stops the run with the step, the items and the rate", onNative, async () => {
  await assert.rejects(run("all", { learningRate: 1e38, warmupRatio: 0 }), (error: Error) => {
    assert.ok(error instanceof DivergedError);
    assert.match(
      error.message,
      /at step \d+ of 21 \(epoch 1\), learning rate \S+e\+3\d, training items [\d, ]+: lower the learning rate/,
    );
    return true;
  });
});

test("a signal stops the run and leaves the best epoch so far", onNative, async () => {
  const controller = new AbortController();
  const onProgress = ({ done, values }: Progress) => values?.epoch === 2 && done >= 10 && controller.abort();
  const { aborted, history, bestEpoch } = await run("all", {}, {}, { signal: controller.signal, onProgress });
  assert.deepEqual([aborted, history.length, bestEpoch], [true, 1, 1]);
});

test("progress counts the steps of all epochs and shows the last validation accuracy", onNative, async () => {
  const seen: Progress[] = [];
  const { history } = await run(
    "all",
    { epochs: 2 },
    {},
    { onProgress: (progress) => seen.push(progress), task: "small" },
  );
  const last = seen[seen.length - 1];
  assert.deepEqual([last.task, last.done, last.total, last.values?.epoch], ["small", 14, 14, 2]);
  assert.equal(last.values?.validation, history[1].validationAccuracy);
});

for (const [share, zeros] of [
  ["most", 14],
  ["few", 7],
] as const) {
  test(
    `a run that gives training's majority class has failed, be it of ${share} validation items`,
    onNative,
    async () => {
      const train0 = { ...data.train, labels: data.train.labels.map(() => 0) };
      const validation = {
        ...data.validation,
        labels: data.validation.labels.map((_, i) => (i < zeros ? 0 : 1)),
      };
      const { failed, history } = await train({
        model: smallModel(),
        freeze: mode("all"),
        data: { train: train0, validation },
        settings,
        cache: "memory",
      });
      assert.deepEqual([failed, history.at(-1)?.validationAccuracy], [true, zeros / 21]);
    },
  );
}

test("a label that is no class is named", onNative, async () => {
  const labels = [...data.train.labels.slice(0, -1), -1];
  await assert.rejects(
    train({ model: smallModel(), freeze: mode("all"), data: { ...data, train: { ...data.train, labels } } }),
    /item 49 of the training set has the label -1/,
  );
});

test("probabilities are a softmax, and the loss is the mean negative log of the true ones", () => {
  const rows = [
    [1, 3],
    [2, -1],
  ];
  const expected = -(Math.log(softmax(rows[0])[0]) + Math.log(softmax(rows[1])[0])) / 2;
  const { loss, accuracy } = lossAndAccuracy(rows, [0, 0]);
  assert.ok(Math.abs(loss - expected) < 1e-12);
  assert.equal(accuracy, 0.5);
});

test("with products in bfloat16 the loss after 200 steps is within 1 % of float32's", onNative, async () => {
  const exactly = { dropout: 0 };
  const long = { epochs: 29, learningRate: 0.005 };
  const [exact, low] = [
    await run("all", long, exactly),
    await run("all", { ...long, precision: "bfloat16" }, exactly),
  ];
  const last = (history: readonly { readonly trainLoss: number }[]) => history[28].trainLoss;
  assert.notEqual(last(low.history), last(exact.history));
  assert.ok(
    Math.abs(last(low.history) / last(exact.history) - 1) < 0.01,
    `${last(low.history)}, float32 ${last(exact.history)}`,
  );
});
