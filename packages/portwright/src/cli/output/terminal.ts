import { styleText } from 'node:util';
import type { Output } from '../host.ts';

type Style = Parameters<typeof styleText>[0];

/** How to write to an output: a person's terminal, or a pipe, where everything is plain and nothing is cut off. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Columns to fit into; 80 at most, since long lines are hard to read, and Infinity in a pipe. */
  readonly width: number;
  readonly style: (style: Style, text: string) => string;
  /** Marks that something was done: a tick, in a pipe `ok`. */
  readonly done: string;
  readonly failed: string;
}

export function terminalOf(output: Output): Terminal {
  const isTTY = output.isTTY === true;
  // Decided here: styleText by itself would ask whether process.stdout has colours, whatever it writes to.
  const colours = isTTY && output.hasColors?.() === true;
  return {
    isTTY,
    width: isTTY ? Math.min(output.columns || 80, 80) : Infinity,
    style: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    done: isTTY ? '✓' : 'ok',
    failed: isTTY ? '✗' : 'failed',
  };
}
