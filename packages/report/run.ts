/** One notebook of a report: executed, or, while its inputs are what they were, re-used. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, writeBeside } from "../../lib/support/files";
import {
  execute,
  type Failure,
  inject,
  type Notebook,
  type Request,
  type Resolved,
  readNotebook,
} from "../notebook";
import type { Committed } from "../weekly";
import { noneAnew, trainAnew } from "./anew";
import { findExecuted, keepExecuted, shownBy, withOutputs } from "./executed";
import { formatMinutes } from "./index-page";
import { inputsOf } from "./inputs";

interface Execution extends Request {
  readonly settings: readonly Resolved[];
  /** In which the notebook stands. */
  readonly folder: string;
  /** In which executed notebooks are kept. */
  readonly kept: string;
  readonly signal: AbortSignal;
  /** Executes although nothing has changed. */
  readonly fresh: boolean;
  /** Words such as "cell 3 of 12 · 15 s". */
  readonly onProgress: (words: string) => void;
}

export interface Done {
  /** With its outputs, as far as it came. */
  readonly notebook: Notebook;
  readonly failure: Failure | undefined;
  /** When it was executed, and how long that took. */
  readonly at: Date;
  readonly minutes: number;
  readonly reused: boolean;
  /** Where it is shown as it is committed: what was trained anew beside it, in words too. */
  readonly anew?: string;
  readonly committed?: Committed;
}

/**
 * Executes a notebook with its settings, unless an execution without a failure and with the same inputs is
 * kept.
 */
export async function run({
  name,
  notebook,
  settings,
  folder,
  kept,
  signal,
  fresh,
  onProgress,
}: Execution): Promise<Done> {
  // The setting `fresh` says how a result comes about, not which: what it makes serves the next report.
  const again = settings.some((one) => one.name === "fresh" && one.value === "true");
  const plain = inject(
    notebook,
    settings.filter((one) => one.name !== "fresh"),
  );
  const inputs = await inputsOf(plain, folder);
  const always = notebook.metadata.komalab?.always ?? false;
  const found = fresh || again ? "fresh" : always ? "always executed" : findExecuted(kept, name, inputs);
  if (typeof found !== "string") {
    return {
      notebook: withOutputs(plain, found.cells),
      failure: undefined,
      at: new Date(found.at),
      minutes: found.minutes,
      reused: true,
    };
  }

  const at = new Date(),
    start = performance.now();
  const minutes = (): number => (performance.now() - start) / 60_000;
  const file = join(kept, `${name}.${process.pid}.ipynb`); // not in the report, which may be a private one
  const prepared = inject(notebook, settings);
  writeBeside(file, JSON.stringify(withOutputs(prepared)));
  try {
    const failure = await execute(file, {
      folder,
      signal,
      onCell: ({ cell, cells, note }) => {
        const place = cell === 0 ? `starting (${found})` : `cell ${cell} of ${cells}`;
        onProgress([place, formatMinutes(minutes()), ...(note ? [note] : [])].join(" · "));
      },
    });
    const cells = shownBy(readNotebook(file));
    const same = async () => canonicalJson(inputs) === canonicalJson(await inputsOf(plain, folder)); // nobody changed a file meanwhile
    if (!failure && !signal.aborted && !always && (await same()))
      keepExecuted(kept, name, { inputs, at: at.toISOString(), minutes: minutes(), cells });
    return { notebook: withOutputs(prepared, cells), failure, at, minutes: minutes(), reused: false };
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * A notebook as it is committed, with what is trained anew beside it at its end; `ownModel` leaves out what
 * it says of doc2vec, which would be trained for that alone.
 */
export async function beside(
  { name, notebook, onProgress, ...rest }: Omit<Execution, "kept" | "fresh"> & { readonly ownModel: boolean },
  at: Date,
): Promise<Done> {
  const start = performance.now();
  const { words, cells, committed } = await trainAnew({
    ...{ name, notebook, ...rest },
    onProgress: (said) => onProgress(`${said} · ${formatMinutes((performance.now() - start) / 60_000)}`),
  }).catch((error: Error) => {
    rest.signal.throwIfAborted();
    return noneAnew(`none of its runs could be trained anew: ${error.message}`);
  });
  return {
    notebook: { ...notebook, cells: [...notebook.cells, ...cells] },
    failure: undefined,
    at,
    minutes: (performance.now() - start) / 60_000,
    reused: false,
    anew: words,
    committed,
  };
}
