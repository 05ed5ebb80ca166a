import { styleText } from 'node:util';
import type { Output } from '../host.ts';

type Style = Parameters<typeof styleText>[0];

/** How to write to a terminal, or to a pipe, where texts are plain and never cut. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Columns: at most 80, since long lines are hard to read; Infinity in a pipe. */
  readonly width: number;
  readonly style: (style: Style, text: string) => string;
  /** The mark of success: a tick, in a pipe `ok`. */
  readonly done: string;
  readonly failed: string;
}

export function terminalOf(output: Output): Terminal {
  const isTTY = output.isTTY === true;
  // styleText itself would check process.stdout, whichever stream the text is for.
  const colours = isTTY && output.hasColors?.() === true;
  return {
    isTTY,
    width: isTTY ? Math.min(output.columns || 80, 80) : Infinity,
    style: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    done: isTTY ? '✓' : 'ok',
    failed: isTTY ? '✗' : 'failed',
  };
}
