/** What a report's line tells of a cell while it runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";

/** The notes that execute.py says of these messages of a kernel. */
function notesOf(messages: readonly object[]): string[] {
  const program = `
import json, sys
import nbclient
nbclient.NotebookClient.process_message = lambda *_: None
import execute
client = object.__new__(execute.Client)
for message in json.load(sys.stdin):
    client.process_message(message, None, 0)
`;
  const { stdout, stderr } = spawnSync(join(projectRoot, ".venv", "bin", "python"), ["-c", program], {
    env: { ...process.env, PYTHONPATH: join(projectRoot, "packages/notebook"), PYTHONDONTWRITEBYTECODE: "1" },
    input: JSON.stringify(messages),
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).note);
}

const shown = (text: string) => ({
  msg_type: "display_data",
  content: { data: { "text/plain": text } },
});

test("a line that is shown and the last one that is printed are news, a table is none", () => {
  const printed = { msg_type: "stream", content: { text: "one\ntwo\n" } };
  assert.deepEqual(notesOf([shown("1 of 2 runs done"), shown("| a |\n|---|\n| 1 |"), printed]), [
    "1 of 2 runs done",
    "two",
  ]);
});
