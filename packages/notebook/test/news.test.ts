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

test("the last line of what is shown or printed is news, unless it is a table's last row", () => {
  const printed = { msg_type: "stream", content: { text: "one\ntwo\n" } };
  const table = "| a |\n|---|\n| 1 |";
  assert.deepEqual(notesOf([shown(`${table}\n1 of 2 runs done`), shown(table), printed]), [
    "1 of 2 runs done",
    "two",
  ]);
});
