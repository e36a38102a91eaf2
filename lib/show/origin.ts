/**
 * From what an answer was made, stored with it: whoever reads it later is told whether code, data and model
 * are still the same.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { projectRoot, sha256, sha256OfFileNow } from "../files";
import { codeVersion } from "../runs/run";

/** What is counted of a run; a TrialRun has all of it. */
export interface CountedRun {
  readonly olderCode: boolean;
  readonly result: { readonly failed: boolean };
  readonly trial: { readonly settings: { readonly initSeed: number } };
}

export interface Sources {
  /** Data files and the model, as the settings name them. */
  readonly files?: readonly string[];
  readonly runs?: readonly CountedRun[];
}

export interface Origin {
  /** ISO 8601. */
  readonly at: string;
  /** Hash of the code that decides results and of the one that judges them. */
  readonly code: string;
  /**
   * Of a path outside the project only the last part, since notebooks are shared; no hash: no path of this
   * machine, but a name on a hub.
   */
  readonly files: readonly { readonly name: string; readonly sha256: string | null }[];
  readonly runs: number;
  readonly seeds: number;
  readonly failed: number;
  /** How many of the runs were made by older code. */
  readonly older: number;
}

/** Words in English and Japanese. */
export interface Words {
  readonly en: string;
  readonly ja: string;
}

function codeNow(): string {
  const folder = join(projectRoot, "lib", "evaluate");
  const judging = readdirSync(folder)
    .sort()
    .map((name) => sha256(readFileSync(join(folder, name))));
  return sha256([codeVersion(), ...judging].join()).slice(0, 12);
}

/** Of a file, or of the files in a folder but those of words. */
function hashOf(path: string): string {
  if (!statSync(path).isDirectory()) return sha256OfFileNow(path);
  const files = readdirSync(path, { withFileTypes: true }).filter(
    (entry) => !entry.isDirectory() && !entry.name.endsWith(".md"),
  );
  return sha256(
    files
      .map(({ name }) => `${name} ${sha256OfFileNow(join(path, name))}`)
      .sort()
      .join("\n"),
  );
}

function fileOf(named: string): Origin["files"][number] {
  const path = resolve(named),
    name = relative(projectRoot, path);
  if (!existsSync(path)) return { name: named, sha256: null };
  return { name: name.startsWith("..") ? basename(path) : name, sha256: hashOf(path) };
}

/** Looks at the sources as they are now. */
export function originOf({ files = [], runs = [] }: Sources): Origin {
  return {
    at: new Date().toISOString(),
    code: codeNow(),
    files: files.filter(Boolean).map(fileOf),
    runs: runs.length,
    seeds: new Set(runs.map(({ trial }) => trial.settings.initSeed)).size,
    failed: runs.filter(({ result }) => result.failed).length,
    older: runs.filter(({ olderCode }) => olderCode).length,
  };
}

/** What is no longer as it was, or cannot be compared; empty where all is the same. */
export function changesSince({ code, files, older }: Origin): readonly Words[] {
  const changes = files.flatMap(({ name, sha256 }): Words[] => {
    const path = resolve(projectRoot, name);
    if (sha256 === null || !existsSync(path))
      return [{ en: `${name} is not here to be compared`, ja: `${name} はここになく比較できない` }];
    return hashOf(path) === sha256
      ? []
      : [{ en: `${name} has changed since`, ja: `${name} はその後変更された` }];
  });
  return [
    ...(files.length > 0
      ? []
      : [{ en: "which data was read is not stored", ja: "読んだデータの記録がない" }]),
    ...(code === codeNow() ? [] : [{ en: "the code has changed since", ja: "コードはその後変更された" }]),
    ...changes,
    ...(older === 0
      ? []
      : [{ en: `${older} of the runs were made by older code`, ja: `うち ${older} 回は以前のコードによる` }]),
  ];
}
