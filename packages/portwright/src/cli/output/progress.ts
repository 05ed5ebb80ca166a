import type { Host } from '../host.ts';
import type { ShowProgress } from './outcome.ts';
import { terminalOf } from './terminal.ts';
import { truncate } from './width.ts';

/** A faster answer needs no progress line. */
const SILENCE_MS = 400;

/** The progress of a command: on a terminal a line that is erased at the end, in a pipe the milestones. */
export interface Progress {
  readonly show: ShowProgress;
  readonly end: () => void;
}

export const NO_PROGRESS: Progress = { show: () => undefined, end: () => undefined };

/** Shows what is awaited if it takes long, and then what the command itself shows. */
export function startProgress(host: Pick<Host, 'stderr' | 'silenceMs'>, command: string): Progress {
  let isShown = false;
  let isOver = false;
  let milestone: string | undefined;
  const show = (line: string): void => {
    // Not earlier: reading `isTTY` creates the stream, which takes milliseconds.
    if (isOver || host.stderr.isTTY !== true) return;
    host.stderr.write((isShown ? ERASED : '') + line);
    isShown = true;
  };
  const timer = setTimeout(() => {
    const what = command === 'discover' ? 'Searching for devices' : 'Searching for the router';
    show(`${what} ... (Ctrl-C to stop)`);
  }, host.silenceMs ?? SILENCE_MS);
  return {
    show: (what, of) => {
      clearTimeout(timer);
      if (!isOver && host.stderr.isTTY !== true && of !== undefined && of !== milestone) host.stderr.write(`${of}\n`);
      milestone = of;
      // A full line would wrap, and its first part could not be erased.
      show(truncate(what, terminalOf(host.stderr).width - 1));
    },
    end: () => {
      clearTimeout(timer);
      isOver = true;
      if (isShown) host.stderr.write(ERASED);
    },
  };
}

/** Back to the first column; erases the line. */
const ERASED = '\r\u001b[K';
