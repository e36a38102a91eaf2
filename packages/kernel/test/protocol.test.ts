import assert from "node:assert/strict";
import { test } from "node:test";

/** What is used of tslab's server, and of our own on top of it. */
declare class Server {
  iopub: object;
  bindSocket(socket: object, port: number): Promise<void>;
  handleShellMessage(socket: object, ...frames: readonly Buffer[]): Promise<void>;
}

const { serverClass } = require("../protocol.cjs") as {
  serverClass(Base: unknown, cells: object, output: object, exit: () => void): new () => Server;
};

test("a request that comes while a socket is still being bound waits for it", async () => {
  const said: string[] = [];
  let done = () => {};
  class Base {
    iopub = {};
    bindSocket(socket: object): Promise<void> {
      if (socket !== this.iopub) return Promise.resolve();
      return new Promise((resolve) => {
        done = () => {
          said.push("bound");
          resolve();
        };
      });
    }
    async handleShellMessage(): Promise<void> {
      said.push("answered");
    }
  }
  const server = new (serverClass(Base, {}, {}, () => {}))(),
    shell = {};
  void server.bindSocket(server.iopub, 1);
  void server.bindSocket(shell, 2);
  const frames = ["<IDS|MSG>", "", '{"msg_type":"kernel_info_request"}'].map((one) => Buffer.from(one));
  const answer = server.handleShellMessage(shell, ...frames);
  await new Promise((resolve) => setImmediate(resolve));
  done();
  await answer;
  assert.deepEqual(said, ["bound", "answered"]);
});
