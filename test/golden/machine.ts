/** What decides the last bits of a number, for golden files. */
import { processor } from "../../lib/support/processor";

/**
 * This machine; `tensorflow` is the release that computes, if one does. Node.js is left out: 20 and 22 give
 * equal bits.
 */
export const machine = (tensorflow = "none"): Record<string, string> => ({
  processor: processor(),
  tensorflow,
});
