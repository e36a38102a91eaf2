import assert from "node:assert/strict";
import { test } from "node:test";
import { git } from "../../lib/experiment/environment";

test("the commit is known where the project belongs to another user", (context) => {
  const commit = git("rev-parse", "HEAD");
  if (commit === null) return context.skip("not a git repository");
  process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = "1"; // git's own tests make it believe so
  assert.equal(git("rev-parse", "HEAD"), commit);
});
