/** What of a run must be equal to the last bit, however often it was ended. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { TrialRun } from "../../lib/experiment/spec";

/** The result without times and notes, and the trained weights. */
function bitsOf({ folder, result: { history, notes, seconds, ...rest } }: TrialRun) {
  const weights = readFileSync(join(folder, "trained.safetensors")).toString("base64");
  return { ...rest, history: history.map((record) => ({ ...record, seconds: 0 })), weights };
}

/** Whether two runs of one trial have equal metrics, predictions and weights. */
export const areEqual = (one: TrialRun, other: TrialRun): boolean =>
  isDeepStrictEqual(bitsOf(one), bitsOf(other));
