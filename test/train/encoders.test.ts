/**
 * Random networks of every other encoder give PyTorch's logits and gradients, also with PEFT's adapters, and
 * its losses over 50 steps in all freeze modes. Numbers: test/reference/make_encoders.py.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readEncoder } from "../../lib/models/encoders";
import { classifier } from "../../lib/models/heads";
import { type LoraOptions, withAdapters } from "../../lib/models/lora";
import { applyLayers } from "../../lib/models/model";
import { projectRoot } from "../../lib/support/files";
import { Random } from "../../lib/support/random";
import { type Examples, tokenInputs } from "../../lib/train/batches";
import { type FreezeMode, freezeMode } from "../../lib/train/freeze";
import { openEngine, openForBatches, ready, type StepContext, shapesOf } from "../../packages/tfjs-graph";
import { onNative } from "../../packages/tfjs-graph/test/native";
import type { TokenIds } from "../../packages/tokenizer";
import { hashed } from "../reference/hashed";
import {
  checkGradients,
  checkLogits,
  type First,
  firstBatch,
  type Run,
  type Schedule,
  testSteps,
  withHashedWeights,
} from "./steps";

interface Size {
  readonly tokens: number;
  readonly batch: number;
}

interface Case extends First {
  readonly config: Readonly<Record<string, unknown>>;
  readonly lora: LoraOptions;
  readonly newPooler: boolean;
  readonly adapted: First;
  readonly runs: Readonly<Record<FreezeMode, Run>>;
}

interface Reference extends Schedule {
  readonly batches: number;
  readonly classes: number;
  /** Of the vocabulary, those that are in texts. */
  readonly words: number;
  readonly long: Size;
  readonly short: Size;
  readonly cases: Readonly<Record<string, Case>>;
}

const reference = JSON.parse(
  readFileSync(join(projectRoot, "test/reference/encoders.json"), "utf8"),
) as Reference;
const folder = mkdtempSync(join(tmpdir(), "encoders-"));
after(() => rmSync(folder, { recursive: true }));

/** Texts and labels, batch after batch, as `batches` of make_encoders.py makes them. */
function textsOf({ tokens, batch }: Size): Examples {
  const texts: TokenIds[] = [];
  const labels: number[] = [];
  for (let i = 0; i < reference.batches; i++) {
    const [lengths, ids, segments] = (["length", "id", "segment"] as const).map((name) =>
      hashed(`${name} ${i}`, batch * tokens),
    );
    for (let row = 0; row < batch; row++) {
      const length = 3 + Math.floor(lengths[row] * (tokens - 2));
      const second = Math.floor(segments[row] * tokens);
      texts.push({
        ids: Array.from({ length }, (_, t) => 4 + Math.floor(ids[row * tokens + t] * (reference.words - 4))),
        segmentIds: Array.from({ length }, (_, t) => Number(t >= second)),
      });
    }
    labels.push(...Array.from(hashed(`label ${i}`, batch), (x) => Math.floor(x * reference.classes)));
  }
  return { texts, labels };
}

for (const [name, { config, lora, newPooler, adapted, runs, ...first }] of Object.entries(reference.cases)) {
  describe(`a random ${name} equals PyTorch's`, async () => {
    await ready();
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(config));
    const { encoder } = readEncoder(path);
    const plain = classifier(encoder, { head: "linear", classes: reference.classes }, new Random(1));
    const model = withHashedWeights(plain),
      withLora = withHashedWeights(withAdapters(plain, lora, new Random(1)));
    const [long, short] = [reference.long, reference.short].map(textsOf);

    for (const [what, network, expected] of [
      ["all weights", model, first],
      ["adapters", withLora, adapted],
    ] as const) {
      const found = firstBatch(network, long, reference.long);
      test(`${what}: logits of ${reference.long.tokens} tokens within 1e-5 of the largest`, () =>
        checkLogits(found.logits, expected.logits.flat()));
      test(`${what}: every gradient within 1e-4 of its largest element`, () => {
        const mode = what === "adapters" ? "lora" : "all";
        const trained = Object.keys(network.weights).filter(freezeMode(mode, network, { newPooler }));
        assert.deepEqual(trained.sort(), Object.keys(expected.gradients).sort());
        checkGradients(found.gradients, expected.gradients, reference.samples);
      });
    }

    test("one graph computes batches of any rows and tokens", onNative, () => {
      const { layers, weights } = model,
        outputs = (context: StepContext) => applyLayers(layers, null, context);
      const inputs = tokenInputs(short.texts.slice(0, 3), 3, reference.short.tokens);
      const own = openEngine({ weights, outputs, outputShapes: [shapesOf(inputs)] }),
        any = openForBatches({ weights, outputs }, tokenInputs(long.texts, long.texts.length, 300), []);
      checkLogits(any.outputs(inputs).data, [...own.outputs(inputs).data]);
      for (const engine of [own, any]) engine.dispose();
    });

    for (const [mode, run] of Object.entries(runs)) {
      const options = { ...reference, ...reference.short, mode: mode as FreezeMode, newPooler };
      testSteps(mode === "lora" ? withLora : model, short, options, run);
    }
  });
}
