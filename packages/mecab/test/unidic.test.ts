import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { unidicFolder } from "../unidic";

test("without a network the error names the package and what to do, and nothing half-fetched is left", async () => {
  const cache = mkdtempSync(join(tmpdir(), "komalab-unidic-"));
  const before = { ...process.env };
  Object.assign(process.env, {
    KOMALAB_CACHE: cache,
    PIP_INDEX_URL: "http://127.0.0.1:9/simple",
    PIP_NO_INDEX: "1",
  });
  try {
    await assert.rejects(
      unidicFolder(),
      /unidic-lite 1\.0\.8 \(47 MB\)[\s\S]*Python registry, or use a model with IPADIC words/,
    );
    assert.deepEqual(readdirSync(cache), []);
  } finally {
    process.env = before;
    rmSync(cache, { recursive: true });
  }
});
