/**
 * One line that tells how far the work is, replaced in place: below a cell of a notebook, in a terminal, or
 * sparsely in a log.
 */
import { escapeHtml } from "../support/html";
import { printable } from "../support/printable";
import type { OnProgress, Progress } from "../support/progress";
import { columnsOf } from "../support/width";
import { inNotebook, place } from "./display";
import { duration, namedValues } from "./numbers";
import type { Bundle } from "./style";

/** Where lines go, and how often at most. */
export interface Surface {
  /** Shows a line in place of the one before; `last` says that its task is finished. */
  readonly put: (line: string, progress: Progress, last: boolean) => void;
  /** Milliseconds between two lines of one task. */
  readonly pause: number;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Below the cell: a bar and the line; what is left when a task is finished is its line alone, the same in
 * every run.
 */
export function notebookSurface(put: (bundle: Bundle) => void): Surface {
  return {
    pause: 250,
    put: (line, { done, total }, last) =>
      put(
        last
          ? { "text/plain": line }
          : {
              "text/html": `<progress value="${done}" max="${total}" style="width: 12em"></progress> ${escapeHtml(line)}`,
              "text/plain": line,
            },
      ),
  };
}

/**
 * In a terminal the line is overwritten and cut to its width; in a log a line is written every 10 seconds.
 */
export function terminalSurface(stream: Terminal): Surface {
  if (!stream.isTTY) return { pause: 10_000, put: (line) => stream.write(`${printable(line)}\n`) };
  return {
    pause: 250,
    put: (line, _, last) =>
      stream.write(`\r\x1b[2K${cut(printable(line), (stream.columns ?? 80) - 1)}${last ? "\n" : ""}`),
  };
}

function cut(line: string, columns: number): string {
  const letters = [...line];
  while (columnsOf(letters.join("")) > columns) letters.pop();
  return letters.join("");
}

/** "last + 3MLP, ギャグ, seed 2: 3/10, epoch 3, loss 0.412, validation 0.780" */
const lineOf = ({ task, done, total, values = {} }: Progress) =>
  [`${task}: ${done}/${total}`, ...namedValues(values)].join(", ");

export interface ProgressOptions {
  /**
   * Adds the time taken to the line that stays; off, because committed notebooks should not differ from run
   * to run.
   */
  readonly times?: boolean;
  readonly surface?: Surface;
  /** Milliseconds of some clock. */
  readonly now?: () => number;
}

/**
 * Shows progress until `done` reaches `total`, task after task; a task is timed from the end of the one
 * before. Notes are warnings of their own.
 * @example train(…, showProgress())
 */
export function showProgress({
  times = false,
  surface,
  now = () => performance.now(),
}: ProgressOptions = {}): OnProgress {
  const { put, pause } =
    surface ?? (inNotebook() ? notebookSurface(place()) : terminalSurface(process.stderr));
  let seen = now(),
    shown = -Infinity;
  let task: string | undefined,
    start = { at: seen, done: 0 };
  return (progress) => {
    const time = now(),
      { done, total, note } = progress,
      last = done >= total;
    if (note) console.warn(printable(note));
    // A run that goes on from a checkpoint begins with many steps done, in no time.
    if (progress.task !== task || done < start.done)
      start = done <= 1 ? { at: seen, done: 0 } : { at: time, done };
    task = progress.task;
    seen = time;
    if (!last && time - shown < pause) return;
    shown = time;
    const elapsed = time - start.at,
      steps = done - start.done;
    const left = steps > 0 ? `, ${duration((elapsed / steps) * (total - done))} left` : "";
    put(
      lineOf(progress) + (last ? (times ? `, ${duration(elapsed)}` : "") : `, ${duration(elapsed)}${left}`),
      progress,
      last,
    );
  };
}
