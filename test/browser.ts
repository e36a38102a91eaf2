/** A headless Chromium that comes with an npm package, so that it starts on a bare machine. */
import chromium from "@sparticuz/chromium";
import type { Browser } from "playwright-core";
import { chromium as playwright } from "playwright-core";

/** Starts it. @returns the browser, or in words why it cannot start on this machine */
export async function openBrowser(): Promise<Browser | string> {
  try {
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    });
  } catch (error) {
    return `Chromium does not start here: ${(error as Error).message.split("\n")[0]}`;
  }
}
