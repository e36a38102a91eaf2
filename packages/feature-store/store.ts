/** Features of texts by key: in memory those that fit, in files all of them. */
import { existsSync, utimesSync } from "node:fs";
import { remark } from "../../lib/support/printable";
import { featuresLimit, makeRoom } from "../../setup/features.cjs";
import { numbersAt, OpenFiles, PACK_BYTES, type Place, packsOf, writePack } from "./packs";

interface StoreLimits {
  /** Bytes in memory; the features of other texts are read when a batch wants them. */
  readonly memory: number;
  /** Bytes that are written at once. */
  readonly pack: number;
}

const STORE_LIMITS: StoreLimits = { memory: 2 ** 29, pack: PACK_BYTES };

export class FeatureStore {
  private readonly inMemory = new Map<string, Float32Array>();
  private readonly inFiles = new Map<string, Place>();
  private readonly files = new OpenFiles();
  private readonly limits: StoreLimits;
  /** What is in no file yet. */
  private waiting = new Map<string, Float32Array>();
  private waitingBytes = 0;
  private memoryBytes = 0;
  private passed = false;

  /**
   * What is in `folder` is known at once, damaged packs aside. With "" nothing is written, and all of it is
   * in memory.
   */
  constructor(
    private readonly folder: string,
    limits: Partial<StoreLimits> = {},
  ) {
    this.limits = { ...STORE_LIMITS, ...limits, ...(folder === "" && { memory: Infinity }) };
    if (folder === "" || !existsSync(folder)) return;
    const now = new Date();
    utimesSync(folder, now, now); // setup/features.cjs goes by it
    for (const { places, bytes } of packsOf(folder))
      for (const [key, place] of places) {
        this.inFiles.set(key, place);
        if (this.fits(place.length)) this.remember(key, numbersAt(bytes, place.start, place.length));
      }
  }

  /** How many texts have features. */
  get size(): number {
    return new Set([...this.inMemory.keys(), ...this.inFiles.keys(), ...this.waiting.keys()]).size;
  }

  has(key: string): boolean {
    return this.inMemory.has(key) || this.inFiles.has(key) || this.waiting.has(key);
  }

  /** @throws if they were not added, or their file is gone */
  get(key: string): Float32Array {
    const known = this.inMemory.get(key) ?? this.waiting.get(key),
      place = this.inFiles.get(key);
    if (known) return known;
    if (!place) throw new Error("no features of this text were computed");
    return this.files.read(place);
  }

  /** Keeps the features of a text; flush() writes the last ones. */
  add(key: string, features: Float32Array): void {
    if (this.fits(features.length)) this.remember(key, features);
    if (this.folder === "") return;
    this.waiting.set(key, features);
    this.waitingBytes += features.byteLength;
    if (this.waitingBytes >= this.limits.pack) this.flush();
  }

  /** Writes what is in no file yet. */
  flush(): void {
    if (this.waiting.size === 0) return;
    const over = makeRoom(this.folder, this.waitingBytes);
    if (over > 0 && !this.passed)
      remark(
        `cached features take more than the ${featuresLimit() / 1e9} GB of KOMALAB_FEATURES_GB, as all were used today: npm run doctor -- --prune-features deletes them`,
      );
    this.passed ||= over > 0;
    for (const [key, place] of writePack(this.folder, [...this.waiting])) this.inFiles.set(key, place);
    this.waiting = new Map();
    this.waitingBytes = 0;
  }

  /** Gives the open files back; they are opened again when asked for. */
  close(): void {
    this.files.close();
  }

  private fits(length: number): boolean {
    return this.memoryBytes + 4 * length <= this.limits.memory;
  }

  private remember(key: string, features: Float32Array): void {
    if (this.inMemory.has(key)) return;
    this.inMemory.set(key, features);
    this.memoryBytes += features.byteLength;
  }
}
