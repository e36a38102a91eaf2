/**
 * pandoc, which writes DOCX, PPTX and LaTeX: 155 MB that most never need, and so fetched when it is first
 * asked for, from the Python package that holds it, by hash.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, projectRoot, withLock } from "../../lib/support/files";

const PACKAGE = "pypandoc_binary";
const RELEASE = "1.17";
/** Of the wheel of each machine, as the Python package index publishes them. */
const HASHES: Readonly<Record<string, string>> = {
  "linux-x64": "d6b620b21c9374e3e48aabd518492bf0776b148442ee28816f6aaf52da3d4387",
  "linux-arm64": "9ada156cb980cd54fd6534231788e668c00dbb591cbd24f0be0bd86812eb8788",
  "darwin-arm64": "fcfd28f347ed998dda28823fc6bc24f9310e7fdf3ddceaf925bf0563a100ab5b",
};

const UNPACK = `
import os, sys, zipfile
wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as package:
    with open(f"{folder}/pandoc", "wb") as target: target.write(package.read("pypandoc/files/pandoc"))
os.chmod(f"{folder}/pandoc", 0o755)
`;

const run = promisify(execFile);
const TIMEOUT_MS = 600_000;

async function fetchInto(folder: string, hash: string): Promise<void> {
  const made = `${folder}.${process.pid}.tmp`,
    download = join(made, "download");
  const venv = join(projectRoot, ".venv", "bin", "python"),
    python = existsSync(venv) ? venv : "python3";
  try {
    mkdirSync(download, { recursive: true });
    const requirements = join(download, "requirements.txt");
    writeFileSync(requirements, `${PACKAGE}==${RELEASE} --hash=sha256:${hash}\n`);
    const quietly = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--retries", "2"];
    const exactly = [
      "--no-deps",
      "--only-binary",
      ":all:",
      "--require-hashes",
      "-d",
      download,
      "-r",
      requirements,
    ];
    await run(python, ["-m", "pip", "download", ...quietly, ...exactly], { timeout: TIMEOUT_MS });
    const wheel = readdirSync(download).find((name) => name.endsWith(".whl"))!;
    await run(python, ["-c", UNPACK, join(download, wheel), made], { timeout: TIMEOUT_MS });
    rmSync(download, { recursive: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/**
 * The program: KOMALAB_PANDOC, or the one in the cache folder, fetched at the first call.
 * @param fetch false: undefined where it has not been fetched
 * @throws Error with the remedy if it cannot be fetched, or there is none for this machine
 */
export async function pandocPath(): Promise<string>;
export async function pandocPath(options: { readonly fetch: boolean }): Promise<string | undefined>;
export async function pandocPath({ fetch = true } = {}): Promise<string | undefined> {
  const own = process.env.KOMALAB_PANDOC;
  if (own !== undefined) return own;
  const folder = join(cacheFolder(), `pandoc-${RELEASE}`),
    program = join(folder, "pandoc");
  if (existsSync(program)) return program;
  if (!fetch) return undefined;
  const remedy = "install pandoc 3 and name it in KOMALAB_PANDOC";
  const machine = `${platform()}-${arch()}`,
    hash = HASHES[machine];
  if (hash === undefined) throw new Error(`there is no pandoc to fetch for ${machine}: ${remedy}`);
  try {
    await withLock(`${folder}.lock`, async () => {
      if (!existsSync(program)) await fetchInto(folder, hash);
    });
  } catch (error) {
    throw new Error(
      `pandoc (34 MB) could not be fetched from the Python package index: ${(error as Error).message.split("\n").slice(0, 3).join(" ")}. Check the network and run again, or ${remedy}`,
    );
  }
  return program;
}

/** Runs it in a folder. @throws Error with what it says */
export async function pandoc(args: readonly string[], folder: string): Promise<void> {
  const program = await pandocPath();
  await run(program, [...args], { cwd: folder, timeout: TIMEOUT_MS, maxBuffer: 1 << 26 }).catch(
    ({ message, stderr }: Error & { readonly stderr?: string }) => {
      throw new Error(`pandoc: ${stderr?.trim() || message}`);
    },
  );
}
