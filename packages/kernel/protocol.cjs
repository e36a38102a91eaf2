// @ts-check
"use strict";
/** Jupyter's messages: what tslab's server leaves out or gets wrong, over its sockets and message format. */
const traces = require("./traces.cjs");

const KEPT_CELLS = 1000; // texts in the history
const DRAIN_MS = 20; // requests that were sent before a cell failed arrive within this time
const IGNORED = new Set(["interrupt_request", "debug_request", "comm_open", "comm_msg", "comm_close"]);

/**
 * Half a surrogate pair is text for JavaScript, and nothing that Jupyter can write into a file: the whole
 * notebook could not be saved.
 * @param {any} value @returns {any}
 */
function wellFormed(value) {
  if (typeof value === "string") return /** @type {any} */ (value).toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== "object" || typeof value.toJSON === "function") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [wellFormed(key), wellFormed(inner)]),
  );
}

/**
 * The kernel's server, on top of tslab's: cells run one after the other, and each reply goes to its request.
 * @param {any} Base tslab's ZmqServer
 * @param {ReturnType<import("./cells.cjs").createCells>} cells
 * @param {ReturnType<import("./output.cjs").createOutput>} output
 * @param {(code: number) => void} exit ends the process
 */
function serverClass(Base, cells, output, exit) {
  return class Server extends Base {
    count = 0;
    arrived = 0;
    abortedUpTo = 0;
    last = Promise.resolve();
    /** @type {Promise<void>[]} */
    binding = [];
    /** @type {any} tslab's class of messages, known after the first one */
    Message;
    /** @type {[session: number, line: number, code: string][]} */
    history = [];

    /**
     * Two unlimited settings: zeromq otherwise makes a send asynchronous after 512 and throws at the next.
     */
    bindSocket(socket, port) {
      if (socket === this.iopub) Object.assign(socket, { sendTimeout: 0, sendHighWaterMark: 0 });
      const bound = super.bindSocket(socket, port);
      this.binding.push(bound);
      return bound;
    }

    /** @param {any} message @param {string} type @param {object} content @param {any} [socket] */
    send(message, type, content, socket = this.iopub) {
      const reply = message.createReply();
      reply.header.msg_type = type;
      reply.content = wellFormed(content);
      reply.signAndSend(this.connInfo.key, socket);
    }

    async handleShellMessage(socket, ...frames) {
      // a socket that is still being bound sends nothing, and a client may ask as soon as the first one is;
      // besides, no frame of tslab's receiving loop is on the stack when user code is terminated
      await Promise.all(this.binding);
      const header = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>") + 2;
      const { msg_type } = JSON.parse(frames[header].toString());
      if (IGNORED.has(msg_type)) return;
      if (msg_type === "history_request")
        return this.handleHistory(socket, this.Message?.fromRaw(this.connInfo.key, frames));
      await super.handleShellMessage(socket, ...frames);
    }

    /** A waiting cell is not busy yet. */
    publishStatus(status, message) {
      this.Message = message.constructor; // tslab does not export it
      if (message.header.msg_type !== "execute_request") super.publishStatus(status, message);
    }

    async handleExecute(socket, message) {
      const turn = ++this.arrived;
      const before = this.last;
      let done = () => {};
      this.last = new Promise((resolve) => (done = resolve));
      await before;
      super.publishStatus("busy", message);
      const isAborted = turn <= this.abortedUpTo;
      const content = isAborted
        ? { status: "aborted", execution_count: this.count }
        : await this.execute(message);
      this.send(message, "execute_reply", content, socket);
      super.publishStatus("idle", message);
      done();
    }

    async execute(message) {
      const { code, silent, stop_on_error, store_history, user_expressions } = message.content;
      const isStored = !silent && store_history !== false;
      const execution_count = isStored ? ++this.count : this.count;
      if (isStored) this.history.push([0, execution_count, code]);
      if (this.history.length > KEPT_CELLS) this.history.shift();
      output.attach((type, content) => this.send(message, type, content));
      if (!silent) this.send(message, "execute_input", { code, execution_count });
      try {
        const text = await cells.run(code, execution_count);
        output.flush();
        if (text !== undefined && !silent) {
          this.send(message, "execute_result", {
            data: { "text/plain": text },
            metadata: {},
            execution_count,
          });
        }
        const answers = await this.expressions(user_expressions ?? {}, execution_count);
        return { status: "ok", execution_count, user_expressions: answers, payload: [] };
      } catch (thrown) {
        const error = traces.describe(thrown);
        output.flush();
        this.send(message, "error", error);
        if (stop_on_error !== false) {
          await new Promise((drained) => setTimeout(drained, DRAIN_MS));
          this.abortedUpTo = this.arrived;
        }
        return { status: "error", execution_count, ...error };
      }
    }

    /** @param {Record<string, string>} wanted expressions by name @param {number} count */
    async expressions(wanted, count) {
      /** @type {Record<string, object>} */
      const answers = {};
      for (const [name, code] of Object.entries(wanted)) {
        try {
          const text = (await cells.run(code, `${count}, ${name}`)) ?? "undefined";
          answers[name] = { status: "ok", data: { "text/plain": text }, metadata: {} };
        } catch (error) {
          answers[name] = { status: "error", ...traces.describe(error) };
        }
      }
      return answers;
    }

    /** The newest cells of this kernel: the last n, a range of counts, or those that match a pattern with * and ?. */
    handleHistory(socket, message) {
      if (!message) return;
      super.publishStatus("busy", message);
      const {
        hist_access_type,
        n,
        start = 0,
        stop,
        pattern = "*",
        output: withOutput,
        unique,
      } = message.content;
      const glob = pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", "[^]*")
        .replaceAll("?", "[^]");
      const tests = {
        range: ([, line]) => line >= start && line < (stop ?? Infinity),
        search: ([, , code]) => new RegExp(`^${glob}$`).test(code),
      };
      let found = this.history.filter(tests[hist_access_type] ?? (() => true));
      if (unique) found = [...new Map(found.map((entry) => [entry[2], entry])).values()];
      if (hist_access_type !== "range" && n) found = found.slice(-n);
      const history = withOutput
        ? found.map(([session, line, code]) => [session, line, [code, null]])
        : found;
      this.send(message, "history_reply", { status: "ok", history }, socket);
      super.publishStatus("idle", message);
    }

    handleIsComplete(socket, message) {
      this.answer(socket, message, "is_complete_reply", () => {
        const known = this.handler.handleIsComplete(message.content);
        return known.status === "complete" ? { status: cells.completeness(message.content.code) } : known;
      });
    }

    handleKernelInfo(socket, message) {
      const info = this.handler.handleKernel();
      const language_info = { ...info.language_info, version: "5.0.4", pygments_lexer: "typescript" };
      this.send(message, "kernel_info_reply", { ...info, status: "ok", language_info }, socket);
    }

    handleComplete(socket, message) {
      const { code, cursor_pos } = message.content;
      const at = utf16(code, cursor_pos);
      this.answer(socket, message, "complete_reply", () => {
        const { start, end, candidates } = cells.complete(code, at);
        return {
          matches: candidates,
          cursor_start: codePoints(code, start),
          cursor_end: codePoints(code, end),
          metadata: {},
        };
      });
    }

    handleInspect(socket, message) {
      const { code, cursor_pos } = message.content;
      this.answer(socket, message, "inspect_reply", () =>
        this.handler.handleInspect({ code, cursor_pos: utf16(code, cursor_pos) }),
      );
    }

    handleCommInfoRequest(socket, message) {
      this.send(message, "comm_info_reply", { status: "ok", comms: {} }, socket);
    }

    answer(socket, message, type, work) {
      /** @type {object} */
      let content;
      try {
        content = { status: "ok", ...work() };
      } catch (error) {
        content = { status: "error", ...traces.describe(error) };
      }
      this.send(message, type, content, socket);
    }

    async handleShutdown(socket, message) {
      this.isClean = cells.finish();
      await this.isClean;
      this.send(message, "shutdown_reply", { status: "ok", restart: message.content.restart }, socket);
    }

    async close() {
      const clean = await this.isClean;
      cells.close();
      setTimeout(() => exit(clean ? 0 : 1), 50); // time for the last messages
    }
  };
}

/** Jupyter counts characters (code points), JavaScript UTF-16 units. */
const utf16 = (code, at) => [...code].slice(0, at).join("").length;
const codePoints = (code, at) => [...code.slice(0, at)].length;

module.exports = { serverClass };
