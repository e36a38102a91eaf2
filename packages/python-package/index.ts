/**
 * Files that a Python package holds, fetched by pip when they are first needed, checked by the package's hash
 * and kept in the cache folder: for what is too large to come with every set-up.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, projectRoot, withLock } from "../../lib/support/files";

export interface PythonPackage {
  /** As the index spells it, "unidic-lite". */
  readonly name: string;
  readonly release: string;
  /** SHA-256 of the file that is fetched, as the index publishes it. */
  readonly sha256: string;
  /** Which of its files that is. */
  readonly form: "wheel" | "source";
  /** A Python program that takes what is needed out of the file argv[1] into the folder argv[2]. */
  readonly unpack: string;
}

const run = promisify(execFile);
const TIMEOUT_MS = 600_000;

const folderOf = ({ name, release }: PythonPackage): string => join(cacheFolder(), `${name}-${release}`);

/** The Python of the project, before it is made the machine's. */
export function pythonProgram(): string {
  const venv = join(projectRoot, ".venv", "bin", "python");
  return existsSync(venv) ? venv : "python3";
}

async function fetchInto(folder: string, { name, release, sha256, form, unpack }: PythonPackage) {
  const made = `${folder}.${process.pid}.tmp`,
    download = join(made, "download"),
    python = pythonProgram();
  try {
    mkdirSync(download, { recursive: true });
    const requirements = join(made, "requirements.txt");
    writeFileSync(requirements, `${name}==${release} --hash=sha256:${sha256}\n`);
    const quietly = "--quiet --disable-pip-version-check --no-cache-dir --retries 2 --timeout 30".split(" ");
    const exactly = ["--no-deps", form === "wheel" ? "--only-binary" : "--no-binary", ":all:"];
    const what = ["--require-hashes", "-r", requirements, "-d", download];
    await run(python, ["-m", "pip", "download", ...quietly, ...exactly, ...what], { timeout: TIMEOUT_MS });
    const [file] = readdirSync(download);
    await run(python, ["-c", unpack, join(download, file!), made], { timeout: TIMEOUT_MS });
    rmSync(download, { recursive: true });
    rmSync(requirements);
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/**
 * The folder of what a package holds; fetches it on the first call. Of several processes one fetches and the
 * others wait; nothing half-fetched is left.
 * @param onFetch called with 0 before it is fetched, and with 1 when it is there
 * @throws Error with the last words of pip if it is neither there nor can be fetched
 */
export async function packageFolder(
  wanted: PythonPackage,
  onFetch: (done: 0 | 1) => void = () => {},
): Promise<string> {
  const folder = folderOf(wanted);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    onFetch(0);
    await fetchInto(folder, wanted).catch((error: Error & { readonly stderr?: string }) => {
      const why = (error.stderr?.trim() || error.message).split("\n").slice(-3).join("\n  ");
      throw new Error(`pip did not bring ${wanted.name} ${wanted.release} into ${folder}:\n  ${why}`);
    });
    onFetch(1);
  });
  return folder;
}
