import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Progress } from "../../lib/support/progress";
import { DivergedError, type TrainResult, train } from "../../lib/train/fit";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import type { TrainRequest } from "../../lib/train/request";
import { readSafetensors } from "../../packages/hf-files";
import { onNative } from "../../packages/tfjs-graph/test/native";
import { adaptedModel, smallExamples, smallModel } from "./small";

const root = mkdtempSync(join(tmpdir(), "komalab-snapshots-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const newFolder = () => join(root, String(++count));

const data = { train: smallExamples(50, 1), validation: smallExamples(21, 2) }; // 7 batches of 8
const settings = { epochs: 4, batchSize: 8, learningRate: 0.05 } as const;

function run(more: Partial<TrainRequest> = {}, freeze: FreezeMode = "all") {
  const model = freeze === "lora" ? adaptedModel() : smallModel();
  return train({
    model,
    freeze: freezeMode(freeze, model, { newPooler: false }),
    data,
    settings,
    cache: "memory",
    ...more,
  });
}

/** Every step leaves a snapshot; after `steps` steps the signal stops the run. */
function runUntil(steps: number, folder: string, freeze?: FreezeMode, more: Partial<TrainRequest> = {}) {
  const controller = new AbortController();
  const onProgress = ({ task, done }: Progress) =>
    !task.startsWith("features") && done === steps && controller.abort();
  return run(
    {
      ...{ signal: controller.signal, onProgress },
      snapshots: { folder, of: "a", everySeconds: 0, share: 1e9 },
      ...more,
    },
    freeze,
  );
}

const goOn = (folder: string, more: Partial<TrainRequest> = {}, freeze?: FreezeMode) =>
  run({ snapshots: { folder, of: "a" }, ...more }, freeze);
const outcome = ({ history, bestEpoch, model }: TrainResult) => ({
  history: history.map((record) => ({ ...record, seconds: 0 })),
  bestEpoch,
  weights: model.weights,
});

let whole: ReturnType<typeof outcome>;
before(async () => (whole = outcome(await run())));

for (const steps of [3, 7, 20]) {
  test(`stopped after ${steps} of 28 steps, a run goes on to the same bits`, onNative, async () => {
    const folder = newFolder();
    assert.equal((await runUntil(steps, folder)).aborted, true);
    const { notes, ...result } = await goOn(folder);
    assert.deepEqual(notes, [`went on after step ${steps} of 28`]);
    assert.deepEqual(outcome({ notes, ...result }), whole);
  });
}

for (const freeze of ["last", "bias", "lora"] as const)
  test(`with what the freeze mode ${freeze} leaves frozen as well`, onNative, async () => {
    const folder = newFolder();
    await runUntil(16, folder, freeze);
    assert.deepEqual(outcome(await goOn(folder, {}, freeze)), outcome(await run({}, freeze)));
  });

for (const more of [{ emaDecay: 0.9 }, { swaEpochs: 3 }, { unfreezing: "gradual" }] as const)
  test(
    `with averages of the weights and layers that join as well: ${JSON.stringify(more)}`,
    onNative,
    async () => {
      const own = { settings: { ...settings, ...more } },
        straight = outcome(await run(own));
      for (const steps of [3, 14, 20]) {
        const folder = newFolder();
        await runUntil(steps, folder, "all", own);
        assert.deepEqual(outcome(await goOn(folder, own)), straight);
      }
    },
  );

test("no moments of a frozen weight are kept", onNative, async () => {
  for (const freeze of ["bias", "lora"] as const) {
    const folder = newFolder();
    await runUntil(8, folder, freeze);
    const kept = Object.keys(readSafetensors(join(folder, readdirSync(folder)[0])));
    const { trainable } = await run({ settings: { ...settings, epochs: 1 } }, freeze);
    for (const moment of ["weight", "first", "second"])
      assert.deepEqual(
        kept.filter((name) => name.startsWith(`${moment}/`)).sort(),
        trainable.map((name) => `${moment}/${name}`).sort(),
      );
  }
});

function damage(folder: string, name: string) {
  const bytes = readFileSync(join(folder, name));
  bytes[bytes.length - 5] ^= 1;
  writeFileSync(join(folder, name), bytes);
}

test(
  "two snapshots are kept; the newest being damaged, the one before is used, and this is said",
  onNative,
  async () => {
    const folder = newFolder(),
      told: string[] = [];
    await runUntil(11, folder);
    const names = readdirSync(folder).sort();
    assert.equal(names.length, 2);
    damage(folder, names[1]);
    writeFileSync(join(folder, "1.tmp"), "half"); // a process that was killed while it wrote
    const result = await goOn(folder, { onProgress: ({ note }) => note && told.push(note) });
    const said = [`snapshot ${names[1]} is damaged: its checksum differs`, "went on after step 11 of 28"];
    assert.deepEqual([result.notes, told], [said, [said.join("; ")]]);
    assert.deepEqual(outcome(result), whole);
    assert.ok(!readdirSync(folder).includes("1.tmp"));
  },
);

test("both being damaged, one of them cut off, the run starts anew and says so", onNative, async () => {
  const folder = newFolder();
  await runUntil(11, folder);
  const [first, second] = readdirSync(folder).sort();
  damage(folder, first);
  writeFileSync(join(folder, second), readFileSync(join(folder, second)).subarray(0, 3000));
  const result = await goOn(folder);
  assert.equal(result.notes.filter((note) => /is damaged: its checksum differs$/.test(note)).length, 2);
  assert.equal(result.notes.at(-1), "started anew");
  assert.deepEqual(outcome(result), whole);
});

test("a snapshot of anything else is not used", onNative, async () => {
  const folder = newFolder();
  await runUntil(3, folder);
  const { notes } = await goOn(folder, { snapshots: { folder, of: "b" } });
  assert.match(notes.join("\n"), /^(snapshot \S+ is of a, not of b\n){2}started anew$/);
});

test("a run that has ended goes on to its end at once", onNative, async () => {
  const folder = newFolder();
  await goOn(folder, { snapshots: { folder, of: "a", share: 1e9 } });
  assert.deepEqual(outcome(await goOn(folder, { onMetrics: () => assert.fail("a step") })), whole);
});

test(
  "a loss that explodes after a restart says where the run went on, and how long it took before",
  onNative,
  async () => {
    const folder = newFolder();
    await runUntil(9, folder);
    await assert.rejects(
      goOn(folder, { settings: { ...settings, learningRate: 300, warmupRatio: 0, schedule: "constant" } }),
      (error: Error) => {
        assert.ok(error instanceof DivergedError);
        const { history, notes, secondsBefore } = error.reached;
        assert.deepEqual([notes, secondsBefore > history[0].seconds], [["went on after step 9 of 28"], true]);
        return true;
      },
    );
  },
);

test("a loss that explodes stops the run with the step, the lines and the rate", onNative, async () => {
  const lines = data.train.labels.map((_, i) =>
    i === 0 ? "短い" : `とても長い台詞がここに続いています、その${i}番`,
  );
  const exploding = {
    data: { ...data, train: { ...data.train, lines } },
    settings: { ...settings, learningRate: 300, warmupRatio: 0, schedule: "constant" } as const,
  };
  await assert.rejects(run(exploding), (error: Error) => {
    assert.ok(error instanceof DivergedError);
    assert.match(
      error.message,
      /^the loss explodes \(\S+, above \d+\.\d for 10 steps\) at step \d+ of 28 \(epoch 2\), learning rate 300, training items /,
    );
    assert.match(error.message, /\d+ 「とても長い台詞がここに続いています、その…」/);
    return true;
  });
});
