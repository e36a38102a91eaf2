/** The table of docs/settings.md against the code: values, and that none is missing. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CLASSIFICATION_DEFAULTS } from "../../../lib/experiment/spec";
import { projectRoot } from "../../../lib/support/files";
import { readNotebook, resolveSettings } from "../../notebook";
import { settingOrigins } from "..";

const origins = settingOrigins();
const folder = join(projectRoot, "notebooks");

/** Values as they stand in the table: "01 learningRateAll" → "2e-4". */
const inCode = new Map<string, string>(
  Object.entries(CLASSIFICATION_DEFAULTS).map(([name, value]) => [`default ${name}`, JSON.stringify(value)]),
);
const numbers = new Set(origins.flatMap(({ where }) => where.split(", ")));
for (const file of readdirSync(folder).filter((name) => numbers.has(name.slice(0, 2)))) {
  const request = { name: file.replace(".ipynb", ""), notebook: readNotebook(join(folder, file)) };
  const [settings] = resolveSettings([request], { quick: false, set: [] });
  for (const { name, own } of settings) inCode.set(`${file.slice(0, 2)} ${name}`, own);
}
const listed = origins.flatMap(({ where, setting, value }) =>
  where.split(", ").map((place) => [`${place} ${setting}`, value] as const),
);

test("every value in the table is that of the code", () =>
  assert.deepEqual(
    listed.filter(([name, value]) => inCode.get(name)?.replace(/\s/g, "") !== value.replace(/\s/g, "")),
    [],
  ));

/** What decides how something is trained; the others name data, rows and repetitions. */
const TRAINING =
  /^(epochs|learningRate|batchSize|pooling|classWeights|optimizer|clipNorm|labelSmoothing|focal|dropoutSamples|layerDecay|emaDecay|swaEpochs|steps|hidden|embedding|dimensions|doc2vec|decays|l2Decays|warmupRatios|biasCorrections|maxLength)/;

test("every default is in the table, and every setting of training of the notebooks that it names", () => {
  const known = new Set<string>(listed.map(([name]) => name));
  assert.deepEqual(
    [...inCode.keys()].filter(
      (name) => !known.has(name) && (name.startsWith("default ") || TRAINING.test(name.slice(3))),
    ),
    [],
  );
});

test("nothing is in the table twice", () =>
  assert.equal(new Set(listed.map(([name]) => name)).size, listed.length));
