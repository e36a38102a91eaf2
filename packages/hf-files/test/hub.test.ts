import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { sha256 } from "../../../lib/support/files";
import type { Progress } from "../../../lib/support/progress";
import { modelFolder as folderOf, type HubOptions } from "../hub";

const modelFolder = (model: string, more: Partial<HubOptions> = {}) =>
  folderOf(model, { needed: ["config.json", "vocab.txt"], optional: ["added_tokens.json"], ...more });

// A hub on this machine: small files as they are, weights behind a redirect to a second server, as
// huggingface.co serves them.
const weights = Buffer.alloc(300_000, "weights ");
const files: Record<string, Buffer> = {
  "owner/bert/resolve/main/config.json": Buffer.from("{}"),
  "owner/bert/resolve/main/vocab.txt": Buffer.from("[PAD]\n"),
  "owner/bert/resolve/main/pytorch_model.bin": weights,
  "owner/bert/resolve/v1.2/config.json": Buffer.from('{"of": "v1.2"}'),
  "owner/bert/resolve/v1.2/vocab.txt": Buffer.from("[UNK]\n"),
  "owner/bert/resolve/v1.2/pytorch_model.bin": weights,
  "owner/empty/resolve/main/config.json": Buffer.from("{}"),
  "owner/empty/resolve/main/vocab.txt": Buffer.from("[PAD]\n"),
  "owner/parts/resolve/main/config.json": Buffer.from("{}"),
  "owner/parts/resolve/main/vocab.txt": Buffer.from("[PAD]\n"),
  "owner/parts/resolve/main/added_tokens.json": Buffer.from("{}"),
  "owner/parts/resolve/main/model.safetensors.index.json": Buffer.from(
    JSON.stringify({
      weight_map: { a: "model-1.safetensors", b: "model-2.safetensors", c: "model-1.safetensors" },
    }),
  ),
  "owner/parts/resolve/main/model-1.safetensors": Buffer.from("one"),
  "owner/parts/resolve/main/model-2.safetensors": Buffer.from("two"),
  "owner/half/resolve/main/config.json": Buffer.from("{}"),
  "owner/half/resolve/main/vocab.txt": Buffer.from("[PAD]\n"),
  "owner/half/resolve/main/model.safetensors.index.json": Buffer.from(
    JSON.stringify({ weight_map: { a: "model-1.safetensors" } }),
  ),
};
let log: string[] = [];
let breakAfter = Infinity;
let damage = false;
/** A small file that the hub sends otherwise than it says. */
let damaged = "";
const gitHash = (body: Buffer) =>
  createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");

const store = createServer((request: IncomingMessage, response: ServerResponse): unknown => {
  const range = /bytes=(\d+)-/.exec(request.headers.range ?? "");
  const start = range ? Number(range[1]) : 0;
  log.push(`store ${request.method} ${start} ${request.headers.authorization ?? "-"}`);
  const body = damage ? Buffer.alloc(weights.length, "?") : weights;
  response.writeHead(range ? 206 : 200, { "content-length": body.length - start, etag: '"other"' });
  if (breakAfter === Infinity) return response.end(body.subarray(start));
  return response.write(body.subarray(start, start + breakAfter), () =>
    setTimeout(() => response.destroy(), 20),
  );
});
const hub = createServer((request: IncomingMessage, response: ServerResponse): unknown => {
  const path = request.url!.slice(1);
  log.push(`hub ${request.method} ${path.split("/").at(-1)} ${request.headers.authorization ?? "-"}`);
  if (path.startsWith("owner/secret/") && request.headers.authorization !== "Bearer good")
    return response.writeHead(401).end();
  if (path.startsWith("owner/renamed/"))
    return response.writeHead(307, { location: `/${path.replace("renamed", "bert")}` }).end();
  const body = files[path.replace("secret", "bert")];
  if (!body) return response.writeHead(404).end("Entry not found");
  if (body === weights) {
    const { port } = store.address() as AddressInfo;
    const linked = { "x-linked-etag": `"${sha256(weights)}"`, "x-linked-size": weights.length };
    return response.writeHead(302, { location: `http://localhost:${port}/blob`, ...linked }).end();
  }
  response.writeHead(200, { etag: `"${gitHash(body)}"`, "content-length": body.length });
  const sent = damaged && path.endsWith(damaged) ? Buffer.alloc(body.length, "?") : body;
  return response.end(request.method === "HEAD" ? undefined : sent);
});

const environment = { ...process.env };
const cache = mkdtempSync(join(tmpdir(), "hub-"));
before(async () => {
  for (const server of [hub, store]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
beforeEach(() => {
  log = [];
  breakAfter = Infinity;
  damage = false;
  damaged = "";
  process.env.HF_ENDPOINT = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
  process.env.KOMALAB_CACHE = mkdtempSync(join(cache, "test-"));
  delete process.env.HF_TOKEN;
});
after(() => {
  process.env = environment;
  hub.close();
  store.close();
  rmSync(cache, { recursive: true });
});

test("a folder is given back as it is, without a request", async () => {
  assert.equal(await modelFolder(tmpdir()), tmpdir());
  assert.equal(await modelFolder("packages/hf-files/test"), __dirname);
  assert.deepEqual(log, []);
});

test("a model is fetched once, through redirects, with progress", async () => {
  const seen: Progress[] = [];
  const folder = await modelFolder("owner/bert", { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(readdirSync(folder).sort(), ["complete", "config.json", "pytorch_model.bin", "vocab.txt"]);
  assert.ok(readFileSync(join(folder, "pytorch_model.bin")).equals(weights));
  assert.deepEqual(seen.at(-1), {
    task: "owner/bert: pytorch_model.bin",
    done: weights.length,
    total: weights.length,
  });
  const requests = log.length;
  assert.equal(await modelFolder("owner/bert"), folder);
  assert.equal(log.length, requests);
});

test("a model in parts comes whole, with every file that decides its tokens", async () => {
  const folder = await modelFolder("owner/parts");
  assert.deepEqual(readdirSync(folder).sort(), [
    "added_tokens.json",
    "complete",
    "config.json",
    "model-1.safetensors",
    "model-2.safetensors",
    "model.safetensors.index.json",
    "vocab.txt",
  ]);
  assert.equal(readFileSync(join(folder, "model-2.safetensors"), "utf8"), "two");
  await assert.rejects(
    modelFolder("owner/half"),
    /has no model-1\.safetensors, which its model\.safetensors\.index\.json names/,
  );
});

test("what an older komalab fetched is completed", async () => {
  const folder = await modelFolder("owner/parts");
  rmSync(join(folder, "added_tokens.json"));
  writeFileSync(join(folder, "complete"), "owner/parts main\n");
  await modelFolder("owner/parts");
  assert.ok(existsSync(join(folder, "added_tokens.json")));
});

test("a broken transfer leaves nothing under the file's name and goes on where it stopped", async () => {
  breakAfter = 100_000;
  await assert.rejects(
    modelFolder("owner/bert"),
    /pytorch_model\.bin: broken off after \d+ of 300000 bytes .*run again, it goes on from there/,
  );
  const folder = join(process.env.KOMALAB_CACHE!, "hub/owner/bert/main");
  assert.ok(!existsSync(join(folder, "pytorch_model.bin")));
  breakAfter = Infinity;
  log = [];
  await modelFolder("owner/bert");
  assert.ok(readFileSync(join(folder, "pytorch_model.bin")).equals(weights));
  assert.match(log.find((line) => line.startsWith("store GET"))!, /^store GET [1-9]\d* /);
});

test("bytes that do not have the announced hash are refused", async () => {
  damage = true;
  await assert.rejects(modelFolder("owner/bert"), /is not what the hub announced/);
});

test("small files are checked by git's hash of them", async () => {
  damaged = "vocab.txt";
  await assert.rejects(
    modelFolder("owner/bert"),
    /main\/vocab\.txt: what came .* is not what the hub announced/,
  );
  damaged = "";
  assert.equal(readFileSync(join(await modelFolder("owner/bert"), "vocab.txt"), "utf8"), "[PAD]\n");
});

test("a model can be pinned to a revision, and lies beside the others", async () => {
  const [pinned, main] = [await modelFolder("owner/bert@v1.2"), await modelFolder("owner/bert")];
  assert.equal(readFileSync(join(pinned, "vocab.txt"), "utf8"), "[UNK]\n");
  assert.equal(readFileSync(join(main, "vocab.txt"), "utf8"), "[PAD]\n");
  await assert.rejects(modelFolder("owner/bert@gone"), /resolve\/gone\/config\.json is not there/);
  for (const name of ["owner/bert@..", "owner/.hidden", ".owner/bert", "owner/bert@a/b"])
    await assert.rejects(modelFolder(name), /is no folder on this machine and no hub name/);
});

test("a renamed model is followed", async () => {
  assert.ok(existsSync(join(await modelFolder("owner/renamed"), "pytorch_model.bin")));
});

test("two calls at once fetch it once", async () => {
  const [a, b] = await Promise.all([modelFolder("owner/bert"), modelFolder("owner/bert")]);
  assert.equal(a, b);
  assert.equal(log.filter((line) => line.startsWith("store GET")).length, 1);
});

test("the token goes to the hub and not to the store behind it", async () => {
  await assert.rejects(
    modelFolder("owner/secret"),
    /the hub answers 401: the name is wrong, or the model is private; then set HF_TOKEN/,
  );
  process.env.HF_TOKEN = "good";
  log = [];
  await modelFolder("owner/secret");
  assert.ok(log.filter((line) => line.startsWith("hub")).every((line) => line.endsWith("Bearer good")));
  assert.ok(log.filter((line) => line.startsWith("store")).every((line) => line.endsWith(" -")));
});

for (const [name, remedy] of [
  ["data/modell", "did you mean data/model?"],
  ["dta/model", "did you mean data/model?"],
  ["data/other", "a hub name is owner/name"],
  ["data/model/config.json", "it is a file; give its folder"],
  ["bert-base-japanese", "a hub name is owner/name, such as cl-tohoku/bert-base-japanese"],
] as const)
  test(`${name} is not asked for on the hub: ${remedy}`, async () => {
    await assert.rejects(modelFolder(name), ({ message }: Error) =>
      message.startsWith(`"${name}" is no folder on this machine and no hub name: ${remedy}`),
    );
    assert.deepEqual(log, []);
  });

test("a wrong name, a model without weights, no name at all and no network are told apart", async () => {
  await assert.rejects(
    modelFolder("owner/none"),
    /resolve\/main\/config\.json is not there: check the name "owner\/none"/,
  );
  await assert.rejects(modelFolder("owner/empty"), /has neither model\.safetensors nor .*pytorch_model\.bin/);
  await assert.rejects(
    modelFolder("./no/such/folder"),
    /"\.\/no\/such\/folder" is no folder on this machine and no hub name/,
  );
  process.env.HF_ENDPOINT = "http://127.0.0.1:9";
  await assert.rejects(modelFolder("owner/bert"), /cannot be reached .*set the model to a folder/);
});
