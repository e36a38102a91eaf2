/**
 * A headless Chromium that comes with an npm package, so that it starts on a bare machine; its fonts come
 * with packages too, so that a test sees the same on every machine.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import type { Browser } from "playwright-core";
import { chromium as playwright } from "playwright-core";
import { cacheFolder, projectRoot, readJson, withLock, writeBeside } from "../lib/support/files";
import { html } from "../packages/page";

export interface BrowserOptions {
  /** Whether the machine seems to have a Japanese font besides a Latin one. */
  readonly japaneseFont?: boolean;
}

/**
 * The package unpacks itself into the folder of temporary files, where a second process starts what the first
 * has half written, and where on a shared machine the files are another user's. Here they lie in the cache
 * folder, whole or not at all.
 */
async function unpacked(): Promise<string> {
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

/**
 * Open Sans, which Chromium's package brings, and the font of charts under the name of Debian's Japanese one.
 */
function fontsConfig(folder: string, { japaneseFont = false }: BrowserOptions): string {
  const path = join(folder, japaneseFont ? "japanese.conf" : "latin.conf");
  const japanese = html`<dir>${join(projectRoot, "node_modules", "@expo-google-fonts", "biz-udpgothic")}</dir>
<match target="scan">
  <test name="family"><string>BIZ UDPGothic</string></test>
  <edit name="family" mode="assign_replace"><string>Noto Sans CJK JP</string></edit>
</match>`;
  const config = html`<fontconfig>
<dir>${join(folder, "fonts", "fonts")}</dir>
${japaneseFont && japanese}
<cachedir>${join(folder, "fontconfig")}</cachedir>
</fontconfig>
`;
  writeBeside(path, config.text);
  return path;
}

/** Starts it. @returns the browser, or in words why it cannot start on this machine */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser | string> {
  try {
    const folder = await unpacked();
    return await playwright.launch({
      executablePath: join(folder, "chromium"),
      args: chromium.args,
      headless: true,
      env: { ...process.env, FONTCONFIG_FILE: fontsConfig(folder, options) },
    });
  } catch (error) {
    return `Chromium does not start here: ${(error as Error).message.split("\n")[0]}`;
  }
}
