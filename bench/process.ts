/** A side of a row (side.ts) as whoever asks it sees it. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Measured } from "./side";

/** A side's process: made ready by start(), asked by measure(). */
export class SideProcess {
  private readonly answers: AsyncIterator<string>;
  private errors = "";

  constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    child.stderr!.on("data", (text: Buffer) => (this.errors = (this.errors + text.toString()).slice(-3000)));
    child.stdin!.on("error", () => {}); // the process is gone: its answer says so
  }

  /** @throws with the end of its error output if the process ends instead of answering */
  async answer<T>(): Promise<T> {
    for (;;) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`${this.name} ended without an answer\n${this.errors.trim()}`);
      if (value.startsWith("{")) return JSON.parse(value) as T;
    }
  }

  async measure(): Promise<number> {
    return (await this.measured()).value;
  }

  measured(): Promise<Measured> {
    this.child.stdin!.write("measure\n");
    return this.answer<Measured>();
  }

  async close(): Promise<void> {
    const ended =
      this.child.exitCode === null && this.child.signalCode === null
        ? new Promise((done) => this.child.once("close", done))
        : null;
    this.child.kill("SIGKILL");
    await ended;
  }
}
