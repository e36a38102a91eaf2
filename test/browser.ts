/** The browser of packages/print, with fonts that are the same on every machine. */
import type { Browser } from "playwright-core";
import { openBrowser as open } from "../packages/print";

/** Starts it, with a Japanese font besides a Latin one if asked. @returns it, or why it cannot start here */
export const openBrowser = async (options: Parameters<typeof open>[0] = {}): Promise<Browser | string> =>
  open(options).catch((error: Error) => error.message);
