/** A notebook shown as it is committed, and one run of each freeze mode beside it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trial } from "../../../lib/experiment/spec";
import { originOf } from "../../../lib/show/origin";
import { ANSWER_MIME, cellsHash, type Notebook, type Output } from "../../notebook";
import { oneOfEach } from "../anew";
import { committedAs } from "../committed";

const trial = (freeze: string, train: number, initSeed = 1, epochs = 1, model = "m") =>
  ({
    system: `BERT ${freeze}`,
    testSet: "test",
    settings: { freeze, initSeed, epochs, batchSize: 1, pretrained: true },
    split: { train: Array.from({ length: train }, (_, i) => i) },
    model: { sha256: model },
  }) as unknown as Trial;

test("of each freeze mode the run of the fewest steps is trained anew, of seed 1", () => {
  const [long, short, seed2, fixed] = [
    trial("all", 30),
    trial("all", 20),
    trial("all", 10, 2),
    trial("fixed", 20),
  ];
  assert.deepEqual(oneOfEach([long, short, seed2, fixed]), [short, fixed]);
});

test("what takes too many steps inside the encoder is left out, and so are heads over another model", () => {
  assert.deepEqual(
    oneOfEach([trial("last", 10, 1, 100), trial("last", 6, 1, 100), trial("fixed", 2, 1, 1, "d2v")]),
    [],
  );
});

const display = (data: Record<string, unknown>): Output => ({ output_type: "display_data", data });
const notebookOf = (outputs: readonly Output[], komalab: object = {}): Notebook => ({
  cells: [{ cell_type: "code", source: "1 + 1", metadata: {}, outputs, execution_count: 1 }],
  metadata: { komalab },
  nbformat: 4,
  nbformat_minor: 5,
});
const answer = display({
  [ANSWER_MIME]: { en: "a", ja: "a", short: null, origin: originOf({ files: ["data/reviews.tsv"] }) },
});
const executed = cellsHash(notebookOf([answer]));

test("a notebook is shown as committed where cells, data and versions are those of its execution", () => {
  assert.ok(committedAs(notebookOf([answer], { executed })) instanceof Date);
});

for (const [reason, notebook] of Object.entries({
  "without an answer": notebookOf([], { executed }),
  "cells have changed": notebookOf([answer], { executed: "other" }),
  "has not been executed by a report yet": notebookOf([answer]),
  "with an error": notebookOf([answer, { output_type: "error", ename: "E", evalue: "" }], { executed }),
}))
  test(`it is not: ${reason}`, () => assert.match(String(committedAs(notebook)), new RegExp(reason)));
