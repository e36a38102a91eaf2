/**
 * pandoc, which writes DOCX, PPTX and LaTeX: 155 MB that most never need, and so fetched when it is first
 * asked for, from the Python package that holds it.
 */
import { execFile } from "node:child_process";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFolder } from "../python-package";

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

const REMEDY = "install pandoc 3 and name it in KOMALAB_PANDOC";

/**
 * The program: KOMALAB_PANDOC, or the one in the cache folder, fetched at the first call.
 * @throws Error with the remedy if it cannot be fetched, or there is none for this machine
 */
export async function pandocPath(): Promise<string> {
  const own = process.env.KOMALAB_PANDOC;
  if (own !== undefined) return own;
  const machine = `${platform()}-${arch()}`,
    sha256 = HASHES[machine];
  if (sha256 === undefined) throw new Error(`there is no pandoc to fetch for ${machine}: ${REMEDY}`);
  const wheel = { name: "pypandoc_binary", release: "1.17", sha256, form: "wheel", unpack: UNPACK } as const;
  const folder = await packageFolder(wheel).catch(({ message }: Error) => {
    const why = message.replace(/\s*\n\s*/g, " ");
    throw new Error(`pandoc (34 MB): ${why}. Check the network and run again, or ${REMEDY}`);
  });
  return join(folder, "pandoc");
}

const run = promisify(execFile);

/** Runs it in a folder. @throws Error with what it says */
export async function pandoc(args: readonly string[], folder: string): Promise<void> {
  const program = await pandocPath();
  await run(program, [...args], { cwd: folder, timeout: 600_000, maxBuffer: 1 << 26 }).catch(
    ({ message, stderr }: Error & { readonly stderr?: string }) => {
      throw new Error(`pandoc: ${stderr?.trim() || message}`);
    },
  );
}
