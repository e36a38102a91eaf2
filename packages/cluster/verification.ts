/** What notebooks tell of the last `npm run runs -- verify`. */
import { join } from "node:path";
import { runsFolder } from "../../lib/experiment/run";
import { readJson, writeBeside } from "../../lib/support/files";

const path = () => join(runsFolder(), "verified.json");

/** How many runs trained again gave their numbers, when, where and with which code. */
interface Verification extends Readonly<Record<"equal" | "close" | "differs" | "skipped", number>> {
  readonly at: string;
  readonly commit: string | null;
  readonly processor: string;
}

/** The last verification here; undefined if there was none. */
export const lastVerification = () => readJson<Verification>(path());

/** Notes a verification, as the last one here. */
export const noteVerification = (made: Verification): void =>
  writeBeside(path(), `${JSON.stringify(made, null, 2)}\n`);
