/** A short run of npm run fuzz: the same inputs each time. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fuzz, prepareSamples, READERS } from "./fuzz";

const INPUTS = 60;
const folder = mkdtempSync(join(tmpdir(), "komalab-fuzz-"));
before(() => prepareSamples(folder));
after(() => rmSync(folder, { recursive: true }));

for (const reader of READERS)
  test(`${reader.name}: damaged files are refused with their place, or read, and most get past the first check`, async () => {
    const { counts, faults } = await fuzz(reader, { from: 0, count: INPUTS, folder: join(folder, "inputs") });
    assert.deepEqual(faults, []);
    assert.ok(counts.accepted + counts.later >= 0.3 * INPUTS, JSON.stringify(counts));
  });
