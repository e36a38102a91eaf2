/** Stored models: what is damaged is refused with its file, and a whole one infers as before. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDoc2vec, resolveDoc2vec, trainDoc2vec, writeDoc2vec } from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-doc2vec-"));
after(() => rmSync(folder, { recursive: true }));
const card = join(folder, "doc2vec.json");

async function written() {
  const options = resolveDoc2vec({ dimensions: 4, minCount: 1, epochs: 2 });
  const model = await trainDoc2vec(
    [
      ["a", "b", "a"],
      ["b", "c"],
    ],
    options,
  );
  writeDoc2vec(folder, model.weights, options);
  return model;
}

test("a stored model infers as the trained one", async () => {
  const model = await written();
  assert.deepEqual(openDoc2vec(folder).infer(["a", "c"]), model.infer(["a", "c"]));
});

const DAMAGE: readonly (readonly [string, (json: Record<string, unknown>) => unknown, RegExp])[] = [
  ["null", () => null, /doc2vec\.json: holds no JSON object/],
  ["no settings", ({ options: _, ...rest }) => rest, /doc2vec\.json: options are no settings/],
  [
    "no number of dimensions",
    (json) => ({ ...json, options: { dimensions: -1 } }),
    /doc2vec\.json: .*dimensions/,
  ],
  [
    "other dimensions",
    (json) => ({ ...json, options: { ...(json.options as object), dimensions: 8 } }),
    /safetensors: it has no numbers words of shape 3 × 8/,
  ],
  [
    "a word that is none",
    (json) => ({ ...json, vocabulary: ["a", 1, "c"] }),
    /vocabulary is no list of words/,
  ],
  ["a word twice", (json) => ({ ...json, vocabulary: ["a", "a", "c"] }), /vocabulary names a word twice/],
  ["too few counts", (json) => ({ ...json, counts: [1] }), /counts are not the 3 counts/],
];
for (const [name, damage, told] of DAMAGE)
  test(`a doc2vec.json with ${name} is refused with file and field`, async () => {
    await written();
    writeFileSync(card, JSON.stringify(damage(JSON.parse(readFileSync(card, "utf8")))));
    assert.throws(() => openDoc2vec(folder), told);
  });
