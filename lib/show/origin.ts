/**
 * From what an answer was made, stored with it: whoever reads it later is told whether code, data and model
 * are still the same.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { endingOf } from "../evaluate/ending";
import { projectRoot, sha256, sha256OfFileNow } from "../support/files";
import { type Change, changesSinceMade, describeChanges, type MadeWith, madeWithNow } from "../versions";
import { countEndings } from "./endings";
import type { Words } from "./style";

/** What is counted of a run; a TrialRun has all of it. */
export interface CountedRun {
  readonly changes: readonly Change[];
  readonly result: { readonly failed: boolean; readonly diverged?: string; readonly seconds: number };
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
  /** Answers from before versions were declared have none. */
  readonly madeWith?: MadeWith;
  /**
   * Of a path outside the project only the last part, since notebooks are shared; no hash: no path of this
   * machine, but a name on a hub.
   */
  readonly files: readonly { readonly name: string; readonly sha256: string | null }[];
  readonly runs: number;
  readonly seeds: number;
  readonly failed: number;
  /** Answers of before counted these as failed. */
  readonly diverged?: number;
  /** Of all runs, one after the other. Answers of before have none. */
  readonly minutes?: number;
  /** How many of the runs were made with other versions than the answer itself. */
  readonly older: number;
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
export function originOf({ files = [], runs = [] }: Sources): Required<Origin> {
  return {
    at: new Date().toISOString(),
    madeWith: madeWithNow(),
    files: files.filter(Boolean).map(fileOf),
    runs: runs.length,
    seeds: new Set(runs.map(({ trial }) => trial.settings.initSeed)).size,
    ...countEndings(runs.map(({ result }) => endingOf(result))),
    minutes: runs.reduce((sum, { result }) => sum + result.seconds, 0) / 60,
    older: runs.filter(({ changes }) => changes.length > 0).length,
  };
}

/** What is no longer as it was, or cannot be compared; empty where all is the same. */
export function changesSince({ madeWith, files, older }: Origin): readonly Words[] {
  const changes = files.flatMap(({ name, sha256 }): Words[] => {
    const path = resolve(projectRoot, name);
    if (sha256 === null || !existsSync(path))
      return [{ en: `${name} is not here to be compared`, ja: `${name} はここにないため比較できない` }];
    return hashOf(path) === sha256
      ? []
      : [{ en: `${name} has changed since`, ja: `${name} はその後変更された` }];
  });
  return [
    ...(files.length > 0
      ? []
      : [{ en: "which data was read is not stored", ja: "読んだデータの記録がない" }]),
    ...codeChanges(changesSinceMade(madeWith)),
    ...changes,
    ...(older === 0
      ? []
      : [
          {
            en: `${older} of the runs were made with other versions`,
            ja: `うち ${older} 回は別のバージョンによる`,
          },
        ]),
  ];
}

function codeChanges(changes: readonly Change[]): readonly Words[] {
  if (changes.length === 0) return [];
  if (changes.some(({ component }) => component === "unknown"))
    return [{ en: "version of the code unknown", ja: "コードのバージョンは不明" }];
  const said = describeChanges(changes);
  return [
    {
      en: `the code's numbers have changed since: ${said}`,
      ja: `コードの計算結果がその後変わった（${said}）`,
    },
  ];
}
