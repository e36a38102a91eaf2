import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort } from "../../../test/port";
import { RunLog } from "../../run-log";
import { crc32c } from "../events";

test("the checksum is that of RFC 3720", () => {
  assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
});

const found = spawnSync("tensorboard", ["--version"], { encoding: "utf8" }).status === 0;

describe("real TensorBoard, asked through its server", {
  skip: found ? false : "tensorboard is not in PATH (pip install tensorboard)",
}, () => {
  const root = mkdtempSync(join(tmpdir(), "tensorboard-"));
  let server: ChildProcess,
    address = "";

  // biome-ignore lint/suspicious/noExplicitAny: what another program answers
  const get = async (path: string, init?: RequestInit): Promise<any> =>
    (await fetch(`${address}/data/plugin/${path}`, init)).json();
  const post = (path: string, body: object) =>
    get(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });

  before(
    async () => {
      const folder = join(root, "学習", "abc");
      mkdirSync(folder, { recursive: true });
      const settings = { freeze: "last", rate: 5e-5, pretrained: true, classes: ["喜楽以外", "喜楽"] };
      const write = (from: number, to: number, scale: number, state: "stopped" | "done") => {
        const log = new RunLog(folder, settings);
        for (let step = from; step <= to; step++)
          log.metrics({ step, steps: 20, epoch: 1, values: { "train/loss": scale / step } });
        if (state === "done") log.last({ "test/accuracy": 0.75 });
        log.close(state);
      };
      write(1, 12, 1, "stopped");
      write(9, 20, 2, "done"); // goes on from a checkpoint after step 8

      const port = await freePort();
      address = `http://127.0.0.1:${port}`;
      // Its own reader of files, since the faster one may drop what an earlier attempt wrote without being
      // told.
      server = spawn(
        "tensorboard",
        [
          "--logdir",
          root,
          "--port",
          String(port),
          "--host",
          "127.0.0.1",
          "--load_fast=false",
          "--reload_interval=1",
        ],
        { stdio: "ignore" },
      );
      for (let tries = 0; ; tries++) {
        const tags = await get("scalars/tags").catch(() => ({}));
        if (tags["学習/abc"]?.["test/accuracy"]) return;
        if (tries > 240) throw new Error(`TensorBoard shows no run: ${JSON.stringify(tags)}`);
        await new Promise((wake) => setTimeout(wake, 250));
      }
    },
    { timeout: 90_000 },
  );
  after(() => {
    server.kill();
    rmSync(root, { recursive: true });
  });

  test("every step is there once, with the numbers of the last attempt", async () => {
    const rows = (await get(`scalars/scalars?run=${encodeURIComponent("学習/abc")}&tag=train/loss`)) as [
      number,
      number,
      number,
    ][];
    assert.deepEqual(
      rows.map(([, step]) => step),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    const expected = (step: number) => Math.fround(Number(((step < 9 ? 1 : 2) / step).toPrecision(7)));
    assert.deepEqual(
      rows.map(([, , value]) => value),
      rows.map(([, step]) => expected(step)),
    );
  });

  test("the settings are hyper-parameters, beside them the metrics and how the run ended", async () => {
    const { hparamInfos } = await post("hparams/experiment", {});
    assert.deepEqual(hparamInfos.map(({ name }: { name: string }) => name).sort(), [
      "classes",
      "freeze",
      "pretrained",
      "rate",
    ]);
    const { sessionGroups } = await post("hparams/session_groups", {
      startIndex: 0,
      sliceSize: 10,
      allowedStatuses: ["STATUS_SUCCESS"],
      colParams: [{ metric: { group: "", tag: "test/accuracy" } }],
    });
    assert.equal(sessionGroups.length, 1);
    assert.deepEqual(sessionGroups[0].hparams, {
      classes: '["喜楽以外","喜楽"]',
      freeze: "last",
      pretrained: true,
      rate: 5e-5,
    });
    assert.deepEqual(sessionGroups[0].sessions[0].status, "STATUS_SUCCESS");
  });
});
