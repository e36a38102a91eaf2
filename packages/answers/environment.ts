/**
 * What this machine and this folder hold: the rows of `npm run doctor`, for notebook 00, and whether stored
 * runs were verified.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot, withoutFolders } from "../../lib/support/files";
import { lastVerification } from "../cluster";

/** A part of the environment; meaning, matters and remedy are empty where nothing is missing. */
export interface Finding {
  readonly part: string;
  readonly found: string;
  /** "absent": komalab works without it, or makes it by itself; "fault": something must be done. */
  readonly state: "ok" | "absent" | "fault";
  readonly meaning: string;
  readonly matters: string;
  readonly remedy: string;
}

/**
 * Looks at the machine; takes some 2 s, as TensorFlow is tried in a process of its own.
 * @throws if the doctor itself fails, with what it wrote
 */
export function environment(): readonly Finding[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectRoot, "setup", "run.mjs"), "doctor", "--json"],
    {
      encoding: "utf8",
    },
  );
  if (!stdout.startsWith("[")) throw new Error(`npm run doctor failed: ${stderr || stdout}`);
  // A notebook is shared: it names no folder of this machine.
  return [...(JSON.parse(withoutFolders(stdout)) as readonly Finding[]), ...verification()];
}

/** When stored runs were last trained again, and with what outcome; none before the first time. */
export function verification(): readonly Finding[] {
  const last = lastVerification();
  if (!last) return [];
  const { at, commit, equal, close, differs } = last;
  const found = `verified on ${at.slice(0, 10)} at ${commit?.slice(0, 7) ?? "no commit"}: ${equal} equal, ${close} close, ${differs} different`;
  const row = { part: "stored runs", found };
  return differs === 0
    ? [{ ...row, state: "ok", meaning: "", matters: "", remedy: "" }]
    : [
        {
          ...row,
          state: "fault",
          meaning: "The code of now gives other numbers than runs that it takes for its own.",
          matters: "Yes: results of before and after do not belong together.",
          remedy:
            "npm run runs -- verify says which; raise the version of what has changed (lib/versions.ts).",
        },
      ];
}

/** What is missing and what to do about it, the rows that deserve attention. */
export function missing(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ state }) => state !== "ok");
}
