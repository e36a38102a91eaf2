/** Files of a test's own, and what readers say on the console. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock } from "node:test";

/** Writes files into a folder that is gone when the tests end. */
export function ownFiles(): (name: string, content: string | Uint8Array) => string {
  const folder = mkdtempSync(join(tmpdir(), "data-"));
  after(() => rmSync(folder, { recursive: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}

/** What a function says, a line a call of console.log. */
export function said(does: () => unknown): string[] {
  const log = mock.method(console, "log", () => {});
  try {
    does();
    return log.mock.calls.map(({ arguments: words }) => words.join(" "));
  } finally {
    log.mock.restore();
  }
}
