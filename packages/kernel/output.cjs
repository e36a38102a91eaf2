// @ts-check
"use strict";
/**
 * What user code writes and shows, sent to the cell that ran last. Small writes are joined, nothing is lost.
 */
const { StringDecoder } = require("node:string_decoder");

const JOIN_MS = 50;
const JOIN_CHARACTERS = 1 << 16;

/** @typedef {(type: string, content: object) => void} Send */

/** Takes over JavaScript's writes to the terminal, and sends them and what is shown as messages of a cell. */
function createOutput() {
  /** @type {Send | undefined} */
  let send;
  let pending = { name: "stdout", text: "" };
  let sent = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (!pending.text) return;
    const { name, text } = pending;
    pending = { name, text: "" };
    sent = Date.now();
    send?.("stream", { name, text });
  }

  function write(name, text) {
    if (name !== pending.name) flush();
    pending = { name, text: pending.text + text };
    if (Date.now() - sent > JOIN_MS || pending.text.length > JOIN_CHARACTERS) flush();
    else timer ??= setTimeout(flush, JOIN_MS).unref();
  }

  function capture(name) {
    const decoder = new StringDecoder("utf8");
    const terminal = process[name].write.bind(process[name]);
    process[name].write = /** @type {any} */ (
      (data, ...rest) => {
        if (!send) return terminal(data, ...rest);
        write(name, typeof data === "string" ? data : decoder.write(Buffer.from(data)));
        const done = rest.at(-1);
        if (typeof done === "function") process.nextTick(done);
        return true;
      }
    );
  }

  return {
    /** Sends what has been written so far. */
    flush,
    /**
     * From now on JavaScript's writes belong to a cell. Native code writes to the descriptors, which stay the
     * terminal's.
     */
    start() {
      capture("stdout");
      capture("stderr");
    },
    /** @param {Send} to sends messages of the cell that runs from now on */
    attach(to) {
      flush();
      send = to;
    },
    /**
     * Shows `content` (data by MIME type, any number of them; metadata; transient.display_id) or replaces
     * what has the same display_id.
     * @param {{data: object, metadata?: object, transient?: object}} content @param {boolean} [update]
     */
    display(content, update = false) {
      if (!send) throw new Error("nothing can be shown before the first cell runs");
      flush();
      send(update ? "update_display_data" : "display_data", { metadata: {}, transient: {}, ...content });
    },
  };
}

module.exports = { createOutput };
