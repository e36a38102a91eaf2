/**
 * Where a training stands, in files, so that it goes on bit-identically however it ended. Each snapshot is
 * one safetensors file: the tensors, and as metadata the state and what training it is of. Its name ends with
 * its own hash, so that a damaged one is known; it is written beside, flushed and renamed, and the one before
 * is kept.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile, sha256OfPieces, writeBeside } from "../../lib/support/files";
import type { Weights } from "../../lib/support/host-array";
import { readMetadata, readSafetensors, safetensorsPieces } from "../hf-files";
import type { Engine } from "../tfjs-graph";

export interface SnapshotSettings {
  /** Nothing else may be in it. */
  readonly folder: string;
  /** What the training is, in words: a snapshot of anything else is removed. */
  readonly of: string;
  /** Seconds between two snapshots within an epoch. */
  readonly everySeconds?: number;
  /**
   * Of the time, at most so much is spent on writing: where a snapshot takes long, the next one waits
   * longer.
   */
  readonly share?: number;
  /**
   * Called before each is written: what is kept elsewhere about the steps before it must be stored by then.
   */
  readonly onSave?: () => void;
}

const DEFAULTS = { everySeconds: 60, share: 0.05 } as const;

const KEPT = 2;

interface TrainingSnapshot<S> {
  /** JSON. */
  readonly state: S;
  readonly tensors: Weights;
}

export class TrainingSnapshots<S> {
  private readonly everySeconds: number;
  private readonly share: number;
  private written = performance.now();
  /** Milliseconds that the last one took. */
  private cost = 0;

  constructor(private readonly settings: SnapshotSettings) {
    const { everySeconds, share } = settings;
    this.everySeconds = everySeconds ?? DEFAULTS.everySeconds;
    this.share = share ?? DEFAULTS.share;
  }

  /** The newest that is whole; `problems` says what was wrong with newer ones. */
  async load(): Promise<{ readonly snapshot?: TrainingSnapshot<S>; readonly problems: readonly string[] }> {
    const { folder, of } = this.settings;
    const problems: string[] = [],
      names = this.names();
    for (const left of existsSync(folder) ? readdirSync(folder) : [])
      if (!names.includes(left)) rmSync(join(folder, left)); // half written
    for (const name of names.reverse()) {
      const path = join(folder, name);
      const whole = name.endsWith(ending(await sha256OfFile(path)));
      const metadata = whole ? readMetadata(path) : {};
      if (whole && metadata.of === of)
        return {
          snapshot: { state: JSON.parse(metadata.state) as S, tensors: readSafetensors(path) },
          problems,
        };
      problems.push(
        whole
          ? `snapshot ${name} is of ${metadata.of}, not of ${of}`
          : `snapshot ${name} is damaged: its checksum differs`,
      );
      rmSync(path);
    }
    return { problems };
  }

  /** Whether it is time for one. */
  due(endOfEpoch = false): boolean {
    const passed = performance.now() - this.written;
    return passed >= this.cost / this.share && (endOfEpoch || passed >= this.everySeconds * 1000);
  }

  save({ state, tensors }: TrainingSnapshot<S>): void {
    const { folder, of, onSave } = this.settings;
    const start = performance.now();
    onSave?.();
    const names = this.names();
    const pieces = safetensorsPieces(tensors, { metadata: { of, state: JSON.stringify(state) } });
    const number = names.length === 0 ? 1 : Number.parseInt(names[names.length - 1], 10) + 1;
    writeBeside(join(folder, `${String(number).padStart(8, "0")}${ending(sha256OfPieces(pieces))}`), pieces, {
      flush: true,
    });
    names.slice(0, Math.max(0, names.length + 1 - KEPT)).forEach((name) => rmSync(join(folder, name)));
    this.written = performance.now();
    this.cost = this.written - start;
  }

  /** The oldest first. */
  private names(): string[] {
    const { folder } = this.settings;
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^\d{8}-\w{16}\.safetensors$/.test(name))
          .sort()
      : [];
  }
}

const ending = (hash: string) => `-${hash.slice(0, 16)}.safetensors`;

const prefixed = (prefix: string, weights: Weights) =>
  Object.fromEntries(Object.entries(weights).map(([name, w]) => [`${prefix}/${name}`, w]));

/** The tensors of a snapshot that stand under `prefix`. */
export function withPrefix(prefix: string, tensors: Weights): Weights {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length + 1), value]));
}

/** An engine's trainable weights, its optimiser's memory and averages if it has any, and `best` weights. */
export function tensorsOf(engine: Engine, best: Weights = {}): Weights {
  const { firstMoments, secondMoments, averages = {} } = engine.optimizerState();
  return {
    ...prefixed("weight", only(Object.keys(firstMoments), engine.weights())),
    ...prefixed("first", firstMoments),
    ...prefixed("second", secondMoments),
    ...prefixed("average", averages),
    ...prefixed("best", best),
  };
}

/** Sets an engine to what tensorsOf gave after so many steps. */
export function restore(engine: Engine, tensors: Weights, steps: number): void {
  const averages = withPrefix("average", tensors);
  engine.restore(withPrefix("weight", tensors), {
    steps,
    firstMoments: withPrefix("first", tensors),
    secondMoments: withPrefix("second", tensors),
    ...(Object.keys(averages).length > 0 && { averages }),
  });
}

/** The weights with these names. */
export function only(names: readonly string[], weights: Weights): Weights {
  return Object.fromEntries(names.map((name) => [name, weights[name]]));
}
