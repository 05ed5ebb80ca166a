import type { Terminal } from './terminal.ts';
import { wrap } from './width.ts';

/** `15:04:05  the text`, in local time. */
export function logLine(terminal: Terminal, at: Date, text: string): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${terminal.style('dim', time.join(':'))}  ${text}\n`;
}

/** The same for a long text without colours. Further lines are indented. */
export function logText(terminal: Terminal, at: Date, text: string): string {
  return logLine(terminal, at, wrap(text, terminal.width - INDENT.length).replaceAll('\n', `\n${INDENT}`));
}

/** The width of the time. */
const INDENT = ' '.repeat('15:04:05  '.length);
