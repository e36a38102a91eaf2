/**
 * A headless Chromium that comes with an npm package, so that it starts on a bare machine; its fonts come
 * with packages too, so that a page is the same on every machine.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { cacheFolder, projectRoot, readJson, withLock, writeBeside } from "../../lib/support/files";
import { html } from "../page";

export interface BrowserOptions {
  /**
   * Whether there is a Japanese font besides a Latin one: under its own name, or as Debian's, as a reader's
   * machine may have it.
   */
  readonly japaneseFont?: boolean | "own name";
}

/**
 * The package unpacks itself into the folder of temporary files, where a second process starts what the first
 * has half written, and where on a shared machine the files are another user's. Here they lie in the cache
 * folder, whole or not at all.
 */
async function unpacked(): Promise<string> {
  const { default: chromium } = await import("@sparticuz/chromium");
  const about = join(projectRoot, "node_modules", "@sparticuz", "chromium", "package.json");
  const folder = join(cacheFolder(), `chromium-${readJson<{ readonly version: string }>(about)?.version}`);
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const made = `${folder}.tmp`,
      { TMPDIR } = process.env;
    rmSync(made, { recursive: true, force: true });
    mkdirSync(made);
    process.env.TMPDIR = made;
    await chromium.executablePath().finally(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });
    renameSync(made, folder);
  });
  return folder;
}

/** Open Sans, which Chromium's package brings, and BIZ UDPGothic if asked. */
function fontsConfig(folder: string, { japaneseFont = false }: BrowserOptions): string {
  const name = japaneseFont === "own name" ? "print" : japaneseFont ? "japanese" : "latin",
    path = join(folder, `${name}.conf`);
  const japanese = html`<dir>${join(projectRoot, "node_modules", "@expo-google-fonts", "biz-udpgothic")}</dir>
${
  japaneseFont === true &&
  html`<match target="scan">
  <test name="family"><string>BIZ UDPGothic</string></test>
  <edit name="family" mode="assign_replace"><string>Noto Sans CJK JP</string></edit>
</match>`
}`;
  const config = html`<fontconfig>
<dir>${join(folder, "fonts", "fonts")}</dir>
${japaneseFont !== false && japanese}
<cachedir>${join(folder, "fontconfig")}</cachedir>
</fontconfig>
`;
  writeBeside(path, config.text);
  return path;
}

/**
 * Starts it: the one of the package, or the one that KOMALAB_CHROMIUM names.
 * @throws Error with the remedy if it does not start on this machine
 */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const own = process.env.KOMALAB_CHROMIUM;
  try {
    const { chromium: playwright } = await import("playwright-core");
    if (own !== undefined) return await playwright.launch({ executablePath: own, headless: true });
    const { default: chromium } = await import("@sparticuz/chromium");
    const folder = await unpacked();
    return await playwright.launch({
      executablePath: join(folder, "chromium"),
      args: chromium.args,
      headless: true,
      env: { ...process.env, FONTCONFIG_FILE: fontsConfig(folder, options) },
    });
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new Error(
      `Chromium does not start here (${reason}): name a Chrome or Chromium in KOMALAB_CHROMIUM, or print the HTML with your own browser`,
    );
  }
}
