/**
 * UniDic 2.1.2 as the Python package unidic-lite holds it, which the second and third models of Tohoku
 * University use: fetched by pip when it is first needed (47 MB), checked by its hash, kept in the cache
 * folder (102 MB).
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, projectRoot, withLock } from "../../lib/support/files";
import type { OnProgress } from "../../lib/support/progress";

const PACKAGE = "unidic-lite";
const RELEASE = "1.0.8";
/** SHA-256 of the package that holds the dictionary. */
export const UNIDIC_HASH = "db9d4572d9fdd4d00a97949d4b0741ec480ee05a7e7e2e32f547500dae27b245";
const TIMEOUT_MS = 600_000;

/** Of sys.dic only what comes before the features, 30 of 188 MB, is kept. */
const UNPACK = `
import struct, sys, tarfile
archive, folder = sys.argv[1:]
with tarfile.open(archive) as package:
    for member in package:
        name = member.name.rsplit("/", 1)[-1]
        if name not in ("sys.dic", "unk.dic", "char.bin", "matrix.bin", "LICENSE.unidic"): continue
        source = package.extractfile(member)
        content = source.read(72)
        if name == "sys.dic": content += source.read(sum(struct.unpack_from("<2I", content, 24)))
        else: content += source.read()
        with open(f"{folder}/{name}", "wb") as target: target.write(content)
`;

const run = promisify(execFile);

async function fetchInto(folder: string): Promise<void> {
  const made = `${folder}.${process.pid}.tmp`;
  const download = join(made, "download");
  const venv = join(projectRoot, ".venv", "bin", "python");
  const python = existsSync(venv) ? venv : "python3";
  try {
    mkdirSync(download, { recursive: true });
    const requirements = join(download, "requirements.txt");
    writeFileSync(requirements, `${PACKAGE}==${RELEASE} --hash=sha256:${UNIDIC_HASH}\n`);
    const quietly = [
      "--quiet",
      "--disable-pip-version-check",
      "--no-cache-dir",
      "--retries",
      "2",
      "--timeout",
      "30",
    ];
    const exactly = [
      "--no-deps",
      "--no-binary",
      ":all:",
      "--require-hashes",
      "-d",
      download,
      "-r",
      requirements,
    ];
    await run(python, ["-m", "pip", "download", ...quietly, ...exactly], { timeout: TIMEOUT_MS });
    await run(python, ["-c", UNPACK, join(download, `${PACKAGE}-${RELEASE}.tar.gz`), made], {
      timeout: TIMEOUT_MS,
    });
    rmSync(download, { recursive: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/**
 * The folder of the dictionary; fetches it on the first call.
 * @throws if it is neither there nor can be fetched
 */
export async function unidicFolder(onProgress: OnProgress = () => {}): Promise<string> {
  const folder = join(cacheFolder(), `${PACKAGE}-${RELEASE}`);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    onProgress({ task: `fetching UniDic (${PACKAGE} ${RELEASE}, 47 MB)`, done: 0, total: 1 });
    await fetchInto(folder).catch((error: Error & { readonly stderr?: string }) => {
      const why = (error.stderr?.trim() || error.message).split("\n").slice(-3).join("\n  ");
      throw new Error(
        `The words of this model are UniDic's, from the Python package ${PACKAGE} ${RELEASE} (47 MB), ` +
          `and pip did not bring it into ${folder}:\n  ${why}\n` +
          "Try again with a connection to the Python registry, or use a model with IPADIC words: it needs no download.",
      );
    });
  });
  return folder;
}
