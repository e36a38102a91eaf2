/**
 * A model by name: a folder on this machine as it is, or a name on the Hugging Face hub, whose files are
 * fetched once into the cache folder; owner/name@revision takes them of a branch, tag or commit. HF_ENDPOINT
 * names another hub (a mirror), HF_TOKEN a token for private models.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  cacheFolder,
  projectRoot,
  sha256OfFile,
  withLock,
  writeBeside,
  writing,
} from "../../lib/support/files";
import { nearestPath } from "../../lib/support/nearest";
import type { OnProgress } from "../../lib/support/progress";
import { shardsOf, WEIGHT_FILES } from "./shards";

export interface HubOptions {
  /** Files without which there is no such model; one kind of weights always is. */
  readonly needed: readonly string[];
  /** Files that come along where the hub has them. */
  readonly optional?: readonly string[];
  readonly onProgress?: OnProgress;
}

const NAME = /^((?!\.)[\w.-]+\/(?!\.)[\w.-]+)(?:@((?!\.)[\w.-]+))?$/;

const endpoint = () => (process.env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Asks the hub. @throws if it cannot be reached or refuses, with what to do; 404 is an answer */
async function ask(
  url: string,
  options: RequestInit & { readonly headers?: Record<string, string> },
): Promise<Response> {
  const token = process.env.HF_TOKEN;
  const headers = { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  let response: Response;
  try {
    response = await fetch(url, { ...options, headers });
  } catch (error) {
    const cause = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    throw new Error(
      `${url} cannot be reached (${cause}): without a network, set the model to a folder of this machine`,
    );
  }
  if (response.status < 400 || response.status === 404) return response;
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) {
    throw new Error(
      `${url}: the hub answers ${response.status}: the name is wrong, or the model is private; then set HF_TOKEN to a token that may read it`,
    );
  }
  throw new Error(`${url}: the hub answers ${response.status} ${response.statusText}; try again later`);
}

interface Remote {
  readonly url: string;
  /** The SHA-256 of a large file, git's hash of a small one, of other servers a mark of its version. */
  readonly mark: string;
  readonly size: number;
}

/** What the hub says of a file, as huggingface_hub asks: HEAD, up to the redirect that leaves the hub. */
async function look(url: string): Promise<Remote | undefined> {
  for (let at = url, hops = 0; hops < 5; hops++) {
    const response = await ask(at, {
      method: "HEAD",
      redirect: "manual",
      headers: { "accept-encoding": "identity" },
    });
    if (response.status === 404) return undefined;
    const next = response.headers.get("location");
    if (
      next !== null &&
      new URL(next, at).origin === new URL(url).origin &&
      !response.headers.has("x-linked-etag")
    ) {
      at = new URL(next, at).href;
      continue;
    }
    const header = (name: string) =>
      response.headers.get(`x-linked-${name}`) ??
      response.headers.get(name === "size" ? "content-length" : name);
    return {
      url: at,
      mark: (header("etag") ?? "").replace(/^W\/|"/g, ""),
      size: Number(header("size") ?? 0),
    };
  }
  throw new Error(`${url}: the hub redirects in circles`);
}

/** The hash of a file of the kind that `mark` is; `mark` itself where it is none. */
async function hashLike(mark: string, path: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(mark)) return sha256OfFile(path);
  if (!/^[0-9a-f]{40}$/.test(mark)) return mark;
  const bytes = readFileSync(path);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/**
 * Fetches one file beside its place and renames it. A part that an interruption left is continued if the file
 * is still the same.
 * @returns false if the hub does not have the file
 */
async function download(
  url: string,
  path: string,
  report: (done: number, total: number) => void,
): Promise<boolean> {
  const remote = await look(url);
  if (!remote) return false;
  const [part, markPath] = [`${path}.part`, `${path}.part-of`];
  if (!existsSync(markPath) || remote.mark === "" || readFileSync(markPath, "utf8") !== remote.mark)
    rmSync(part, { force: true });
  writeBeside(markPath, remote.mark);
  const begun = existsSync(part) ? statSync(part).size : 0;
  let done = begun;
  if (begun === 0 || begun !== remote.size) {
    const range: Record<string, string> = begun > 0 ? { range: `bytes=${begun}-` } : {};
    const response = await ask(remote.url, { headers: { "accept-encoding": "identity", ...range } });
    if (response.status === 404 || !response.body) return false;
    if (response.status !== 206) done = 0;
    const file = writing(part, () => openSync(part, done > 0 ? "a" : "w"));
    try {
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        writing(part, () => writeSync(file, piece));
        done += piece.length;
        report(done, remote.size);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === "write") throw error;
      throw new Error(
        `${url}: broken off after ${done} of ${remote.size || "?"} bytes (${(error as Error).message}); run again, it goes on from there`,
      );
    } finally {
      closeSync(file);
    }
  }
  const hash = await hashLike(remote.mark, part);
  if ((remote.size > 0 && done !== remote.size) || hash !== remote.mark) {
    rmSync(part, { force: true });
    throw new Error(
      `${url}: what came (${done} bytes, ${hash}) is not what the hub announced (${remote.size}, ${remote.mark}); run again`,
    );
  }
  renameSync(part, path);
  rmSync(markPath, { force: true });
  return true;
}

/**
 * A misspelt path is not asked for on the hub: a name there does not begin with a folder that is here, and no
 * folder has nearly that path.
 */
function checkHubName(model: string): void {
  const near = nearestPath(join(projectRoot, model)),
    isPath = [resolve(model), join(projectRoot, model)].some((path) => isFolder(dirname(path)));
  if (NAME.test(model) && near === undefined && !isPath) return;
  const remedy =
    near === undefined
      ? "a hub name is owner/name, such as cl-tohoku/bert-base-japanese, or owner/name@revision"
      : existsSync(join(projectRoot, model))
        ? "it is a file; give its folder"
        : `did you mean ${near}?`;
  throw new Error(`"${model}" is no folder on this machine and no hub name: ${remedy}`);
}

/**
 * The folder of a model: `model` itself if it is a folder (from here or from the project), else a hub name
 * such as "cl-tohoku/bert-base-japanese" or, of one revision, "owner/name@1a2b3c4", fetched on first use.
 * Two processes that ask for the same model fetch it once.
 * @throws if the name is neither, the hub does not have it or cannot be reached, or a needed file is missing
 */
export async function modelFolder(
  model: string,
  { needed, optional = [], onProgress = () => {} }: HubOptions,
): Promise<string> {
  const local = [resolve(model), join(projectRoot, model)].find(isFolder);
  if (local !== undefined) return local;
  checkHubName(model);
  const [, name, revision = "main"] = NAME.exec(model)!;
  const folder = join(cacheFolder(), "hub", ...name.split("/"), revision);
  const complete = join(folder, "complete");
  // with the names that were asked for: what an older komalab fetched may lack some
  const stamp = `${name} ${revision}: ${[...needed, ...optional].join(" ")}\n`;
  const isComplete = () => existsSync(complete) && readFileSync(complete, "utf8") === stamp;
  if (isComplete()) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (isComplete()) return folder;
    mkdirSync(folder, { recursive: true });
    const base = `${endpoint()}/${name}/resolve/${revision}`;
    const get = async (file: string) => {
      const path = join(folder, file);
      return (
        existsSync(path) ||
        download(`${base}/${file}`, path, (done, total) =>
          onProgress({ task: `${model}: ${file}`, done, total }),
        )
      );
    };
    for (const file of needed) {
      if (!(await get(file))) {
        throw new Error(
          `${base}/${file} is not there: check the name "${model}"; a model that komalab reads has ${needed.join(", ")} and its weights`,
        );
      }
    }
    for (const file of optional) await get(file);
    let found: string | undefined;
    for (const file of WEIGHT_FILES) if (found === undefined && (await get(file))) found = file;
    if (found === undefined)
      throw new Error(
        `${base} has neither ${WEIGHT_FILES.join(" nor ")}: komalab reads no other format of weights`,
      );
    for (const part of shardsOf(join(folder, found)).files)
      if (!(await get(basename(part))))
        throw new Error(
          `${base} has no ${basename(part)}, which its ${found} names: the model is not whole there`,
        );
    writeBeside(complete, stamp);
    return folder;
  });
}
