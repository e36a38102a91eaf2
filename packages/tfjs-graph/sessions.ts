/**
 * TensorFlow's sessions. TensorFlow optimises a graph when a part of it first runs, which takes as long as
 * many steps; so the session of a closed engine is kept for the next engine with the very same graph, as
 * every seed and fold of an experiment has one.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../lib/support/files";
import { nativeBackend } from "./native";

/** A graph that runs; its variables live and die with it. */
export interface Session {
  readonly id: number;
  readonly graph: string;
  /** Memory of its variables. */
  readonly bytes: number;
}

/**
 * Memory of variables in kept sessions: that of BERT-base with biases or adapters trained, .7 to .8 GB. A
 * larger model's session is closed at once.
 */
const LARGEST_KEPT_BYTES = 768 << 20;
const MOST_KEPT = 12;

let idle: readonly Session[] = []; // the longest unused first

/** A session for a saved model; kept variables hold anything, so set all before use. */
export function openSession(savedModel: Uint8Array, bytes: number): Session {
  const graph = sha256(savedModel);
  const known = idle.find((session) => session.graph === graph);
  if (known) {
    idle = idle.filter((session) => session !== known);
    return known;
  }
  const folder = mkdtempSync(join(tmpdir(), "komalab-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel);
    return { id: nativeBackend().binding.loadSavedModel(folder, "serve"), graph, bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives a session back: it is kept if it is small, else its memory is freed. */
export function closeSession(session: Session): void {
  closeSessions(LARGEST_KEPT_BYTES - session.bytes, MOST_KEPT - 1);
  if (session.bytes <= LARGEST_KEPT_BYTES) idle = [...idle, session];
  else nativeBackend().binding.deleteSavedModel(session.id);
}

/**
 * Closes kept sessions, the longest unused first, until at most so many bytes and sessions are left; by
 * default all.
 */
export function closeSessions(bytes = 0, count = 0): void {
  while (idle.length > count || idle.reduce((sum, session) => sum + session.bytes, 0) > Math.max(0, bytes)) {
    nativeBackend().binding.deleteSavedModel(idle[0].id);
    idle = idle.slice(1);
  }
}
