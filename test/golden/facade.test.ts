/** docs/facade.md says what the docstrings say. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/files";
import { facadePage } from "../study/facade";

test("docs/facade.md is what the docstrings say: anew by npm test -- --golden", () => {
  const path = join(projectRoot, "docs", "facade.md");
  if (process.env.KOMALAB_GOLDEN === "write") writeFileSync(path, facadePage());
  assert.equal(readFileSync(path, "utf8"), facadePage());
});
