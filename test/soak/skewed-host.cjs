"use strict";
/** Makes a process another host with a wrong clock: SOAK_HOST is its name, SOAK_SKEW_S its clock's error. */
const os = require("node:os");
const { SOAK_HOST, SOAK_SKEW_S } = process.env;

if (SOAK_HOST) {
  os.hostname = () => SOAK_HOST;
  const { now } = Date;
  const skewed = () => now() + 1000 * Number(SOAK_SKEW_S);
  globalThis.Date = class extends Date {
    constructor(...parts) {
      super(...(parts.length === 0 ? [skewed()] : parts));
    }
    static now() {
      return skewed();
    }
  };
}
