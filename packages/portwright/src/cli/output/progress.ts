import type { Host } from '../host.ts';
import type { Tell } from './outcome.ts';
import { terminalOf } from './terminal.ts';
import { truncate } from './width.ts';

/** An answer that comes sooner needs no word. */
const SILENCE_MS = 400;

/**
 * What a person at a terminal sees while a command is carried out, on a line that is gone without a trace afterwards; in a
 * pipe, which nothing is gone from, the milestones.
 */
export interface Progress {
  readonly tell: Tell;
  readonly end: () => void;
}

export const NO_PROGRESS: Progress = { tell: () => undefined, end: () => undefined };

/** Tells what is awaited, if it takes long, and from the first word on what the command tells. */
export function showProgress(host: Pick<Host, 'stderr' | 'silenceMs'>, command: string): Progress {
  let isShown = false;
  let isOver = false;
  let milestone: string | undefined;
  const show = (line: string): void => {
    // Asked here and not before: the question makes the stream.
    if (isOver || host.stderr.isTTY !== true) return;
    host.stderr.write((isShown ? ERASED : '') + line);
    isShown = true;
  };
  const timer = setTimeout(() => {
    const what = command === 'discover' ? 'Searching for devices' : 'Searching for the router';
    show(`${what} ... (Ctrl-C to stop)`);
  }, host.silenceMs ?? SILENCE_MS);
  return {
    tell: (what, of) => {
      clearTimeout(timer);
      if (!isOver && host.stderr.isTTY !== true && of !== undefined && of !== milestone) host.stderr.write(`${of}\n`);
      milestone = of;
      // A line that fills the terminal would go on on the next one, and not be erased.
      show(truncate(what, terminalOf(host.stderr).width - 1));
    },
    end: () => {
      clearTimeout(timer);
      isOver = true;
      if (isShown) host.stderr.write(ERASED);
    },
  };
}

/** Back to the first column, and the line erased. */
const ERASED = '\r\u001b[K';
