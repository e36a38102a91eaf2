// @ts-check
"use strict";
/**
 * What user code writes and shows, sent to the cell that ran last. Small writes are joined, nothing is lost.
 */
const { StringDecoder } = require("node:string_decoder");

const JOIN_MS = 200; // as ipykernel: clients give up some seconds after the reply, with thousands of messages unread
const JOIN_CHARACTERS = 1 << 16;

/** @typedef {(type: string, content: object) => void} Send */

/** Takes over JavaScript's writes to the terminal, and sends them and what is shown as messages of a cell. */
function createOutput() {
  /** @type {Send | undefined} */
  let send;
  /** @type {Map<string, string>} text by stream, the stream written to first comes first */
  const texts = new Map();
  /** @type {Map<string, object>} the last update of what is shown, by display_id */
  const updates = new Map();
  let sent = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (texts.size + updates.size === 0) return;
    const [written, shown] = [[...texts], [...updates.values()]];
    texts.clear();
    updates.clear();
    sent = Date.now();
    for (const [name, text] of written) send?.("stream", { name, text });
    for (const content of shown) send?.("update_display_data", content);
  }

  /** Sends what waits, now or soon. */
  function settle(characters) {
    if (Date.now() - sent > JOIN_MS || characters > JOIN_CHARACTERS) flush();
    else timer ??= setTimeout(flush, JOIN_MS).unref();
  }

  function write(name, text) {
    const joined = (texts.get(name) ?? "") + text;
    texts.set(name, joined);
    settle(joined.length);
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
      const whole = { metadata: {}, transient: {}, ...content };
      const id = /** @type {{display_id?: string}} */ (whole.transient).display_id;
      if (update && id !== undefined) {
        updates.set(id, whole);
        return settle(0);
      }
      flush();
      send(update ? "update_display_data" : "display_data", whole);
    },
    /** Takes away what the cell has shown; with `wait` only when something new is shown. */
    clear(wait = false) {
      flush();
      send?.("clear_output", { wait });
    },
  };
}

module.exports = { createOutput };
